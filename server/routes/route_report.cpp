#include "server/routes/route_report.h"

#include <algorithm>
#include <ostream>
#include <utility>
#include <vector>

#include "base/json_members.h"
#include "server/mocks/mock_report.h"
#include "server/routes/service_names.h"
#include "server/settings_file.h"

namespace presso::server {
namespace {

std::string_view name_of(RouteSource source) {
  switch (source) {
    case RouteSource::RunTime: return "run time";
    case RouteSource::File: return "file";
    case RouteSource::Functions: return "functions";
    case RouteSource::Sdk: return "SDK variable";
    case RouteSource::StepFunctionsLocal: return "Step Functions Local variable";
  }
  return {};
}

Json to_json(const RouteLine& line) {
  Json json = Json::object();
  json["match"] = line.match.text;
  json["to"] = to_string(line.to);
  json["source"] = std::string{name_of(line.source)};
  json["where"] = line.where;
  return json;
}

struct RoutesArguments {
  std::vector<std::string> resources;
  std::string file;
};
std::optional<RoutesArguments> parse_arguments(std::span<const std::string> arguments,
                                               const Environment& environment) {
  RoutesArguments parsed;
  if (const auto it = environment.find("PRESSO_CONFIG"); it != environment.end()) {
    parsed.file = it->second;
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--config" && i + 1 < arguments.size()) {
      parsed.file = arguments[++i];
    } else if (arguments[i].starts_with("--config=")) {
      parsed.file = arguments[i].substr(std::string_view{"--config="}.size());
    } else if (arguments[i].starts_with('-')) {
      return std::nullopt;
    } else {
      parsed.resources.push_back(arguments[i]);
    }
  }
  return parsed;
}

Result<RouteLine> told_line(const std::string& match, const Json& told) {
  const std::string* text = as_string(told.is_object() ? find_member(told, "to") : &told);
  auto line = parse_route_line(match, text == nullptr ? "" : *text);
  if (!line || !told.is_object()) return line;
  for (const auto& [name, value] : told.items()) {
    if (name == "to") continue;
    const Result<void> set =
        set_route_limit(line->limits, name, value.is_number() ? value.get<double>() : 0);
    if (!set) return set.error();
  }
  return line;
}

void print_table(const RouteTable& routes, std::ostream& out) {
  const auto lines = routes.lines();
  if (lines.empty()) out << "There are no routes: every call outside of presso fails.\n";
  std::size_t widest_match = 0;
  std::size_t widest_to = 0;
  for (const RouteLine& line : lines) {
    widest_match = std::max(widest_match, line.match.text.size());
    widest_to = std::max(widest_to, to_string(line.to).size());
  }
  for (const RouteLine& line : lines) {
    const std::string to = to_string(line.to);
    out << line.match.text << std::string(widest_match - line.match.text.size() + 2, ' ') << to
        << std::string(widest_to - to.size() + 2, ' ') << line.where << "\n";
  }
}

void print_mocks(const Json& mocks, std::ostream& out) {
  for (const Json& listed : mocks) {
    out << "  asked before: mock '" << text_at(listed, "id") << "': " << mock_text(listed["mock"])
        << "  (" << text_at(listed, "where") << ")\n";
  }
}

void print_route(const Json& route, std::ostream& out) {
  out << text_at(route, "resource") << ": " << text_at(route, "to");
  if (const auto match = text_if(route, "match")) {
    out << "  (" << text_at(route, "where") << ": " << *match << ")";
  }
  out << "\n";
  for (const Json& line : route["otherwise"]) {
    out << "  without that line: " << text_at(line, "to") << "  (" << text_at(line, "where") << ": "
        << text_at(line, "match") << ")\n";
  }
}

}  // namespace

Result<Called> called_resource(const std::string& resource, const core::Caller& caller) {
  if (resource.starts_with("arn:")) {
    Called called = called_at(resource);
    if (!called.service.empty()) return called;
    return Error{"BadRoute", "'" + resource + "' is no ARN"};
  }
  const auto match = parse_route_match(resource);
  if (!match) return match.error();
  Called called{.service = match->service, .kind = match->noun};
  if (match->kind == MatchKind::Action) called.action = match->pattern;
  if (match->kind != MatchKind::Name) return called;
  if (match->noun == "function") return called_function(match->pattern, caller);
  Json parameters = Json::object();
  for (const NamedResource& known : named_resources()) {
    if (known.kind == match->noun) parameters[std::string{known.parameter}] = match->pattern;
  }
  return called_by(match->service, "", dump_json(parameters), caller);
}

Json to_json(const RouteTable& routes) {
  Json json = Json::array();
  for (const RouteLine& line : routes.lines()) {
    const RouteGate::Counts counts = routes.counts(line);
    Json one = to_json(line);
    one["max_in_flight"] = counts.max_in_flight;
    one["in_flight"] = counts.in_flight;
    one["waiting"] = counts.waiting;
    if (line.limits.timeout) {
      one["timeout"] = static_cast<double>(line.limits.timeout->count()) / 1'000;
    }
    if (line.limits.max_attempts) one["max_attempts"] = *line.limits.max_attempts;
    json.push_back(std::move(one));
  }
  return json;
}

Result<Json> explain_route(const RouteTable& routes, const std::string& resource,
                           const core::Caller& caller) {
  const auto called = called_resource(resource, caller);
  if (!called) return called.error();
  Json json = Json::object();
  json["resource"] = resource;
  if (is_own_service(called->service)) {
    json["to"] = "presso itself";
    json["otherwise"] = Json::array();
    return json;
  }
  const auto route = routes.find(*called, caller);
  auto lines = routes.candidates(*called);
  if (!route) {
    json["to"] = "nowhere: no line is for it";
  } else {
    json["to"] = route->kind == DestinationKind::Aws ? route->endpoint : to_string(route->line.to);
    json["match"] = route->line.match.text;
    json["where"] = route->line.where;
    lines.erase(std::ranges::find(lines, route->line));
  }
  json["otherwise"] = Json::array();
  for (const RouteLine& line : lines) json["otherwise"].push_back(to_json(line));
  return json;
}

Result<void> put_routes(RouteTable& routes, std::string_view body) {
  const auto json = parse_json(body);
  if (!json || !json->is_object()) {
    return Error{"BadRoute",
                 R"(The body is a JSON object, as in {"sqs": "http://localhost:9324"}.)"};
  }
  std::vector<RouteLine> lines;
  for (const auto& [match, to] : json->items()) {
    auto line = told_line(match, to);
    if (!line) return Error{"BadRoute", "route " + match + ": " + line.error().message};
    if (routes.is_own(*line)) {
      return Error{"BadRoute", "route " + match + ": it leads to presso itself"};
    }
    line->where = "/_presso/routes";
    lines.push_back(*std::move(line));
  }
  routes.put(std::move(lines));
  return {};
}

int routes_command(std::span<const std::string> arguments, const Environment& environment,
                   std::ostream& out, std::ostream& err) {
  const auto parsed = parse_arguments(arguments, environment);
  if (!parsed) {
    err << "usage: presso routes [RESOURCE...] [--config FILE]\n";
    return 2;
  }
  Settings settings;
  if (!parsed->file.empty()) {
    auto read = read_settings(parsed->file);
    if (!read) {
      err << "presso: " << read.error().message << "\n";
      return 1;
    }
    settings = *std::move(read);
  }
  RouteTable::Setup setup{.environment = environment, .lines = settings.routes};
  for (const auto& function : settings.functions) setup.functions.push_back(function.name);
  const RouteTable routes(std::move(setup));
  const Json mocks = to_json(settings.mocks);
  if (parsed->resources.empty()) print_table(routes, out);
  for (const std::string& resource : parsed->resources) {
    const auto route = explain_route(routes, resource, {});
    if (!route) {
      err << "presso: " << route.error().message << "\n";
      return 1;
    }
    print_route(*route, out);
    print_mocks(mocks_before(mocks, *called_resource(resource, {})), out);
  }
  return 0;
}

}  // namespace presso::server
