#include "server/routes/route.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/arn.h"
#include "base/json.h"
#include "base/json_members.h"
#include "base/like.h"
#include "base/text.h"
#include "engine/models/optimised.h"
#include "server/functions/invoke_api.h"
#include "server/http_client.h"
#include "server/origin.h"
#include "server/routes/service_names.h"

namespace presso::server {
namespace {

// What follows the last of these: of a URL, an ARN's resource, or a plain name.
std::string last_part(std::string_view text) {
  const auto end = text.find_last_of("/:");
  return std::string{end == std::string_view::npos ? text : text.substr(end + 1)};
}

Error unusable_route(std::string message) { return Error{"BadRoute", std::move(message)}; }

std::string arn_of(const NamedResource& resource, const std::string& name,
                   const core::Caller& caller) {
  if (resource.service == "s3") return "arn:aws:s3:::" + name;
  const std::string_view service = resource.service == "cloudwatchlogs" ? "logs" : resource.service;
  return "arn:aws:" + std::string{service} + ":" + caller.region + ":" + caller.account + ":" +
         std::string{resource.arn_part} + name;
}

const NamedResource* resource_of_kind(std::string_view kind) {
  const auto all = named_resources();
  const auto row = std::ranges::find(all, kind, &NamedResource::kind);
  return row == all.end() ? nullptr : &*row;
}

std::string kinds_text() {
  std::string text;
  for (const NamedResource& resource : named_resources()) {
    const std::string kind{resource.kind};
    if (text.find(kind + ",") == std::string::npos) text += kind + ", ";
  }
  return text.substr(0, text.size() - 2);
}

Result<std::string> checked_service(std::string_view name) {
  std::string key = service_key(name);
  if (!is_service(key)) return unusable_route("there is no service '" + std::string{name} + "'");
  if (is_own_service(key)) {
    return unusable_route("presso itself answers for " + std::string{name});
  }
  return key;
}

// arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken → sqs:sendMessage, and an optimised
// integration by the service that it calls: bedrock:invokeModel → bedrockruntime:invokeModel.
std::string integration_of(const Arn& arn) {
  std::string text = arn.resource.substr(0, arn.resource.find('.'));
  constexpr std::string_view kSdk = "aws-sdk:";
  if (text.starts_with(kSdk)) return text.substr(kSdk.size());
  const auto colon = text.find(':');
  if (colon == std::string::npos) return text;
  const auto* optimised = models::find_optimised(text.substr(0, colon), text.substr(colon + 1));
  return optimised == nullptr ? text : std::string{optimised->model} + text.substr(colon);
}

constexpr std::array<std::pair<std::string_view, DestinationKind>, 3> kWords = {{
    {"mock", DestinationKind::Mock},
    {"aws", DestinationKind::Aws},
    {"forward", DestinationKind::Forward},
}};
constexpr std::string_view kFunctionWord = "function ";

constexpr double kMostInFlight = 10'000;  // more than connections are taken
constexpr double kMostAttempts = 10;
constexpr double kMaxTimeoutSeconds = 86'400;

}  // namespace

Called called_by(std::string_view service, std::string_view action, const std::string& parameters,
                 const core::Caller& caller) {
  Called called{.service = service_key(service), .action = std::string{action}};
  const auto json = parse_json(parameters);
  if (!json || !json->is_object()) return called;
  for (const NamedResource& resource : named_resources()) {
    if (resource.service != called.service) continue;
    std::string parameter{resource.parameter};
    std::string value = text_at(*json, parameter);
    if (value.empty()) {
      parameter.front() = static_cast<char>(parameter.front() - 'A' + 'a');
      value = text_at(*json, parameter);
    }
    if (value.empty()) continue;
    if (resource.kind == "function") {
      Called function = called_function(value, caller);
      function.action = called.action;
      return function;
    }
    called.kind = resource.kind;
    called.name = last_part(value);
    called.arn = value.starts_with("arn:") ? value : arn_of(resource, called.name, caller);
    return called;
  }
  return called;
}

Called called_function(std::string_view name_or_arn, const core::Caller& caller) {
  const auto parsed = parse_function_name(name_or_arn);
  Called called{.service = "lambda", .kind = "function", .name = std::string{name_or_arn}};
  if (!parsed) return called;
  called.name = parsed->name;
  called.arn = parsed->arn(caller);
  return called;
}

Called called_at(std::string_view text) {
  const auto arn = parse_arn(text);
  if (!arn) return {};
  if (arn->service == "states" && arn->account.empty()) {
    const std::string integration = integration_of(*arn);
    const auto colon = integration.find(':');
    return {.service = service_key(integration.substr(0, colon)),
            .action = colon == std::string::npos ? "" : integration.substr(colon + 1)};
  }
  Called called{.service = service_key(arn->service), .arn = std::string{text}};
  if (called.service == "lambda") return called_function(text, {});
  for (const NamedResource& resource : named_resources()) {
    const bool is_it =
        resource.service == called.service && arn->resource.starts_with(resource.arn_part);
    if (!is_it) continue;
    called.kind = resource.kind;
    const std::string name = arn->resource.substr(resource.arn_part.size());
    called.name = name.substr(0, name.find(':'));
    break;
  }
  return called;
}

bool RouteMatch::matches(const Called& called) const {
  switch (kind) {
    case MatchKind::Everything: return true;
    case MatchKind::Service: return service == called.service;
    case MatchKind::Action:
      return service == called.service &&
             is_like(to_lower_ascii(pattern), to_lower_ascii(called.action));
    case MatchKind::Name:
      return service == called.service && noun == called.kind && is_like(pattern, called.name);
    case MatchKind::Arn: return is_like(pattern, called.arn);
  }
  return false;
}

// An exact text before one with *, then the one that says more.
bool RouteMatch::is_narrower_than(const RouteMatch& other) const {
  if (kind != other.kind) return kind > other.kind;
  const auto stars = [](const RouteMatch& match) {
    return match.pattern.find('*') != std::string::npos ? 1 : 0;
  };
  if (stars(*this) != stars(other)) return stars(*this) < stars(other);
  return pattern.size() > other.pattern.size();
}

// match = "*" | "arn:" … | KIND " " NAME | SERVICE ":" ACTION | SERVICE
Result<RouteMatch> parse_route_match(std::string_view text) {
  RouteMatch match{.text = std::string{text}};
  if (text.empty()) return unusable_route("a route's left side is not empty");
  if (text == "*") return match;
  if (text.starts_with("arn:")) {
    match.pattern = text;
    match.kind = MatchKind::Arn;
    if (const auto arn = parse_arn(text); arn && arn->service == "states" && arn->account.empty()) {
      return parse_route_match(integration_of(*arn));
    }
    return match;
  }
  if (const auto space = text.find(' '); space != std::string_view::npos) {
    const NamedResource* resource = resource_of_kind(text.substr(0, space));
    match.pattern = text.substr(text.find_last_of(' ') + 1);
    if (resource == nullptr || match.pattern.empty()) {
      return unusable_route("'" + match.text + "' is none of " + kinds_text() +
                            ", followed by its name");
    }
    match.kind = MatchKind::Name;
    match.service = resource->service;
    match.noun = resource->kind;
    return match;
  }
  const auto colon = text.find(':');
  auto service = checked_service(text.substr(0, colon));
  if (!service) return service.error();
  match.kind = MatchKind::Service;
  match.service = *std::move(service);
  if (colon == std::string_view::npos) return match;
  match.kind = MatchKind::Action;
  match.pattern = text.substr(colon + 1);
  if (match.pattern.empty()) return unusable_route("'" + match.text + "' names no action");
  return match;
}

Result<Destination> parse_destination(std::string_view text) {
  for (const auto& [word, kind] : kWords) {
    if (text == word) return Destination{.kind = kind};
  }
  if (text.starts_with(kFunctionWord)) {
    const auto name = text.substr(kFunctionWord.size());
    return Destination{.kind = DestinationKind::Function, .value = std::string{name}};
  }
  while (text.ends_with('/')) text.remove_suffix(1);
  if (!parse_url(text)) {
    return unusable_route("'" + std::string{text} +
                          "' is no URL, function NAME, mock, aws or forward");
  }
  return Destination{.kind = DestinationKind::Endpoint, .value = std::string{text}};
}

std::string to_string(const Destination& destination) {
  switch (destination.kind) {
    case DestinationKind::Endpoint: return destination.value;
    case DestinationKind::Function: return std::string{kFunctionWord} + destination.value;
    case DestinationKind::Mock: return "mock";
    case DestinationKind::Aws: return "aws";
    case DestinationKind::Forward: return "forward";
  }
  return {};
}

Result<void> set_route_limit(RouteLimits& limits, std::string_view name, double value) {
  if (name == "max_in_flight") {
    if (value < 1 || value > kMostInFlight || value != std::floor(value)) {
      return unusable_route("max_in_flight is a whole number from 1 to 10000");
    }
    limits.max_in_flight = static_cast<std::size_t>(value);
  } else if (name == "timeout") {
    if (!(value > 0 && value <= kMaxTimeoutSeconds)) {
      return unusable_route("timeout is a number of seconds, at most 86400");
    }
    limits.timeout = Duration{static_cast<std::int64_t>(std::ceil(value * 1'000))};
  } else if (name == "max_attempts") {
    if (value < 1 || value > kMostAttempts || value != std::floor(value)) {
      return unusable_route("max_attempts is a whole number from 1 to 10");
    }
    limits.max_attempts = static_cast<int>(value);
  } else {
    return unusable_route("there is no '" + std::string{name} +
                          "' of a route: it has to, max_in_flight, timeout and max_attempts");
  }
  return {};
}

bool leads_to(const RouteLine& line, const OwnAddress& own) {
  if (line.to.kind != DestinationKind::Endpoint) return false;
  const auto url = parse_url(line.to.value);
  if (!url || url->port != std::to_string(own.port)) return false;
  return is_loopback_host(url->host.find(':') == std::string::npos ? url->host
                                                                   : "[" + url->host + "]") ||
         url->host == own.host || url->host == "0.0.0.0" || url->host == "::";
}

Result<RouteLine> parse_route_line(std::string_view match, std::string_view to) {
  auto left = parse_route_match(match);
  if (!left) return left.error();
  auto right = parse_destination(to);
  if (!right) return right.error();
  if (right->kind == DestinationKind::Function) {
    const bool is_for_functions =
        left->service == "lambda" || left->pattern.starts_with("arn:aws:lambda:");
    if (!is_for_functions) return unusable_route("only a call of Lambda goes to a function");
  }
  return RouteLine{.match = *std::move(left), .to = *std::move(right), .limits = {}, .where = {}};
}

}  // namespace presso::server
