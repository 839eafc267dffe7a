#include "server/mocks/call_words.h"

#include <optional>
#include <utility>

#include "base/arn.h"
#include "base/text.h"
#include "engine/asl/resource.h"
#include "engine/models/optimised.h"
#include "engine/models/service_model.h"
#include "server/integrations/delivery.h"
#include "server/routes/service_names.h"

namespace presso::server {
namespace {

constexpr std::string_view kSdkWords = "aws-sdk:";
constexpr std::string_view kHttpWords = "http";

// SERVICE ":" ACTION | SERVICE, of what routes do not know: nothing for all else.
std::optional<RouteMatch> own_words(const std::string& text) {
  if (text.find(' ') != std::string::npos || text.starts_with("arn:")) return std::nullopt;
  const auto colon = text.find(':');
  const std::string key = service_key(text.substr(0, colon));
  if (!is_own_service(key) && key != kHttpWords) return std::nullopt;
  RouteMatch match{.kind = MatchKind::Service, .text = text, .service = key};
  if (colon == std::string::npos) return match;
  match.kind = MatchKind::Action;
  match.pattern = text.substr(colon + 1);
  return match;
}

// Some optimised integrations have an action that their service does not have.
bool is_unknown(const RouteMatch& match) {
  if (match.kind != MatchKind::Action) return false;
  if (match.pattern.find('*') != std::string::npos) return false;
  std::string action = match.pattern;
  action.front() = to_lower_ascii(action).front();
  if (models::has_action(match.service, action) != models::Known::No) return false;
  return !asl::parse_resource("arn:aws:states:::" + match.text);
}

// bedrock:invokeModel is an action of Bedrock Runtime.
void follow_optimised(RouteMatch& match) {
  if (match.kind != MatchKind::Action) return;
  const std::string_view text = match.text;
  const auto* optimised = models::find_optimised(text.substr(0, text.find(':')), match.pattern);
  if (optimised != nullptr) match.service = optimised->model;
}

// arn:aws:states:::sqs:sendMessage.waitForTaskToken
bool names_integration(const Arn& arn) { return arn.service == "states" && arn.account.empty(); }

}  // namespace

Result<RouteMatch> parse_call_words(const std::string& text) {
  const auto own = own_words(text);
  auto match = own ? Result<RouteMatch>{*own} : parse_route_match(text);
  if (!match && text.starts_with("arn:")) {
    // An integration of presso's own: the ARN's resource says the same.
    const auto arn = parse_arn(text);
    if (arn && names_integration(*arn)) {
      std::string words = arn->resource.substr(0, arn->resource.find('.'));
      if (words.starts_with(kSdkWords)) words.erase(0, kSdkWords.size());
      if (const auto of_own = own_words(words)) match = *of_own;
    }
  }
  if (!match) return match;
  if (is_unknown(*match)) {
    return Error{"BadRoute",
                 "the service " + match->service + " has no action '" + match->pattern + "'"};
  }
  follow_optimised(*match);
  return match;
}

Result<core::CallMatch> call_match(const std::string& text) {
  auto match = parse_call_words(text);
  if (!match) return match.error();
  return core::CallMatch{[match = *std::move(match)](const core::MockableCall& call) {
    return match.matches(called_of(call));
  }};
}

Called called_of(const core::MockableCall& call) {
  if (call.service.empty()) {
    const std::string arn{call.arn};
    if (const auto universal = universal_action(arn)) {
      return called_by(universal->service, universal->action, std::string{call.parameters},
                       call.caller);
    }
    Called called = called_target(arn);
    if (called.service == "lambda") called.action = "invoke";
    return called;
  }
  std::string_view service = call.service;
  if (service.starts_with(kSdkWords)) {
    service.remove_prefix(kSdkWords.size());
  } else if (const auto* optimised = models::find_optimised(service, call.action)) {
    service = optimised->model;
  }
  return called_by(service, call.action, std::string{call.parameters}, call.caller);
}

}  // namespace presso::server
