#include "server/routes/route_table.h"

#include <algorithm>
#include <utility>

#include "server/routes/service_names.h"

namespace presso::server {
namespace {

bool is_before(const RouteLine& a, const RouteLine& b) {
  if (a.match.is_narrower_than(b.match)) return true;
  if (b.match.is_narrower_than(a.match)) return false;
  return a.source < b.source;
}

constexpr std::string_view kVariable = "AWS_ENDPOINT_URL";

// A variable that is set to something else than a URL is kept: the call that it is for says so.
RouteLine variable_line(RouteSource source, const std::string& name, std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return {
      .match = {}, .to = {.value = std::move(url)}, .limits = {}, .source = source, .where = name};
}

void add_variables(std::vector<RouteLine>& lines, const RouteTable::Setup& setup) {
  for (const auto& [name, value] : setup.environment) {
    if (value.empty() || !name.starts_with(kVariable)) continue;
    RouteLine line = variable_line(RouteSource::Sdk, name, value);
    line.match.text = "*";
    if (name != kVariable) {
      if (name[kVariable.size()] != '_') continue;
      line.match.kind = MatchKind::Service;
      line.match.service = service_key(name.substr(kVariable.size()));
      line.match.text = line.match.service;
      if (is_own_service(line.match.service)) continue;
    }
    lines.push_back(std::move(line));
  }
  for (const LocalVariable& variable : local_variables()) {
    const auto found = setup.environment.find(variable.name);
    if (found == setup.environment.end() || found->second.empty()) continue;
    RouteLine line = variable_line(RouteSource::StepFunctionsLocal, found->first, found->second);
    line.match.kind = MatchKind::Service;
    line.match.service = variable.service;
    line.match.text = variable.service;
    lines.push_back(std::move(line));
  }
}

}  // namespace

RouteTable::RouteTable(Setup setup) : lines_(std::move(setup.lines)) {
  for (const std::string& name : setup.functions) {
    lines_.push_back({.match = {.kind = MatchKind::Name,
                                .text = "function " + name,
                                .service = "lambda",
                                .noun = "function",
                                .pattern = name},
                      .to = {.kind = DestinationKind::Function, .value = name},
                      .limits = {},
                      .source = RouteSource::Functions,
                      .where = "functions"});
  }
  add_variables(lines_, setup);
  std::ranges::stable_sort(lines_, is_before);
}

// Names and ARNs are the narrowest, and come first.
bool RouteTable::has_names() const {
  const std::lock_guard lock{mutex_};
  return !lines_.empty() && lines_.front().match.kind >= MatchKind::Name;
}

std::vector<RouteLine> RouteTable::lines() const {
  const std::lock_guard lock{mutex_};
  return lines_;
}

std::vector<RouteLine> RouteTable::candidates(const Called& called) const {
  const std::lock_guard lock{mutex_};
  std::vector<RouteLine> found;
  std::ranges::copy_if(lines_, std::back_inserter(found),
                       [&](const RouteLine& line) { return line.match.matches(called); });
  return found;
}

std::optional<Route> RouteTable::find(const Called& called, const core::Caller& caller) const {
  for (RouteLine& line : candidates(called)) {
    if (line.to.kind == DestinationKind::Forward) continue;
    Route route{.kind = line.to.kind};
    if (route.kind == DestinationKind::Endpoint) route.endpoint = line.to.value;
    if (route.kind == DestinationKind::Aws) route.endpoint = aws_url(called.service, caller.region);
    if (route.kind == DestinationKind::Function) route.function = line.to.value;
    route.gate = gate_of(line);
    route.line = std::move(line);
    return route;
  }
  return std::nullopt;
}

std::shared_ptr<RouteGate> RouteTable::gate_of(const RouteLine& line) const {
  const std::lock_guard lock{mutex_};
  auto& gate = gates_[{line.source, line.match.text}];
  if (!gate) gate = std::make_shared<RouteGate>(line.limits.max_in_flight);
  return gate;
}

RouteGate::Counts RouteTable::counts(const RouteLine& line) const {
  return gate_of(line)->counts();
}

std::vector<RouteLine> RouteTable::set_own(OwnAddress own) {
  const std::lock_guard lock{mutex_};
  own_ = std::move(own);
  std::vector<RouteLine> taken;
  std::ranges::copy_if(lines_, std::back_inserter(taken),
                       [&](const RouteLine& line) { return leads_to(line, *own_); });
  std::erase_if(lines_, [&](const RouteLine& line) { return leads_to(line, *own_); });
  return taken;
}

bool RouteTable::is_own(const RouteLine& line) const {
  const std::lock_guard lock{mutex_};
  return own_ && leads_to(line, *own_);
}

void RouteTable::put(std::vector<RouteLine> lines) {
  for (RouteLine& line : lines) {
    line.source = RouteSource::RunTime;
    gate_of(line)->set_max_in_flight(line.limits.max_in_flight);
  }
  const std::lock_guard lock{mutex_};
  for (RouteLine& line : lines) {
    std::erase_if(lines_, [&](const RouteLine& old) {
      return old.source == RouteSource::RunTime && old.match.text == line.match.text;
    });
    lines_.push_back(std::move(line));
  }
  std::ranges::stable_sort(lines_, is_before);
}

bool RouteTable::remove(const std::optional<std::string>& match) {
  const std::lock_guard lock{mutex_};
  return std::erase_if(lines_, [&](const RouteLine& line) {
           return line.source == RouteSource::RunTime && (!match || line.match.text == *match);
         }) > 0;
}

}  // namespace presso::server
