#include "api/events/patterns.h"

#include <algorithm>
#include <cstddef>

#include "api/pattern_text.h"

namespace presso::api::events {
namespace {

constexpr bool is_dashed(char c) { return is_alphanumeric(c) || c == '-'; }
constexpr bool is_region(char c) { return is_lower(c) || is_digit(c) || c == '-'; }
constexpr bool is_lower_or_dash(char c) { return is_lower(c) || c == '-'; }
constexpr bool is_line(char c) { return c != '\n' && c != '\r'; }

// ^arn:aws([a-z]|\-)*:SERVICE:([a-z]|\d|\-)*:([0-9]{12})?: off the front.
bool take_arn(std::string_view& text, std::string_view service) {
  if (!take_text(text, "arn:aws")) return false;
  take(text, is_lower_or_dash);
  if (!take_text(text, ":") || !take_text(text, service) || !take_text(text, ":")) return false;
  take(text, is_region);
  if (!take_text(text, ":")) return false;
  const auto account = take(text, is_digit);
  return (account.empty() || account.size() == 12) && take_text(text, ":");
}

// TYPE/NAME/UUID
bool is_named_resource(std::string_view text, std::string_view type) {
  if (!take_arn(text, "events") || !take_text(text, type)) return false;
  return !take(text, is_name).empty() && take_text(text, "/") && some_and_all(text, is_dashed);
}

// .+/.+ on one line
bool is_archive_arn(std::string_view text) {
  if (!take_arn(text, "events") || !all(text, is_line)) return false;
  const auto slash = text.find('/', 1);
  return slash != std::string_view::npos && slash + 1 < text.size();
}
// .+/NAME
bool is_replay_arn(std::string_view text) {
  if (!take_arn(text, "events") || !all(text, is_line)) return false;
  const auto slash = text.rfind('/');
  return slash != std::string_view::npos && slash > 0 &&
         some_and_all(text.substr(slash + 1), is_name);
}
bool is_endpoint_arn(std::string_view text) {
  return take_arn(text, "events") && take_text(text, "endpoint/") &&
         some_and_all(text, [](char c) { return is_name(c) || c == '/'; });
}
bool is_secret_arn(std::string_view text) {
  return take_arn(text, "secretsmanager") && take_text(text, "secret:") &&
         some_and_all(text, [](char c) {
           return is_alphanumeric(c) ||
                  std::string_view{"/_+=.@-"}.find(c) != std::string_view::npos;
         });
}

bool is_resource_configuration(std::string_view text) {
  if (text.empty()) return true;
  if (!take_text(text, "arn:") || take(text, is_region).empty()) return false;
  if (!take_text(text, ":vpc-lattice:") || take(text, is_dashed).empty()) return false;
  if (!take_text(text, ":") || take(text, is_digit).size() != 12) return false;
  constexpr std::size_t kIdLength = 17;
  return take_text(text, ":resourceconfiguration/rcfg-") && text.size() == kIdLength &&
         all(text, [](char c) { return is_lower(c) || is_digit(c); });
}

bool is_role_arn(std::string_view text) {
  if (!take_text(text, "arn:aws")) return false;
  take(text, is_lower_or_dash);
  if (!take_text(text, ":iam::") || take(text, is_digit).size() != 12) return false;
  return take_text(text, ":role/") && some_and_all(text, [](char c) {
           return is_word(c) || std::string_view{"+=,.@/-"}.find(c) != std::string_view::npos;
         });
}

// region = [a-z]+-[a-z-]+-\d+
bool is_numbered_region(std::string_view text) {
  const auto last = text.rfind('-');
  if (last == std::string_view::npos || !some_and_all(text.substr(last + 1), is_digit))
    return false;
  text = text.substr(0, last);
  return !take(text, is_lower).empty() && take_text(text, "-") &&
         some_and_all(text, is_lower_or_dash);
}
bool is_endpoint_bus_arn(std::string_view text) {
  if (!take_text(text, "arn:aws")) return false;
  take(text, is_lower_or_dash);
  if (!take_text(text, ":events:")) return false;
  if (!is_numbered_region(take(text, [](char c) { return c != ':'; }))) return false;
  if (!take_text(text, ":") || take(text, is_digit).size() != 12) return false;
  return take_text(text, ":event-bus/") && some_and_all(text, is_name);
}
bool is_health_check_arn(std::string_view text) {
  if (!take_text(text, "arn:aws")) return false;
  take(text, is_lower_or_dash);
  return take_text(text, ":route53:::healthcheck/") && some_and_all(text, is_region);
}

bool is_url(std::string_view text) {
  if (text.empty()) return false;
  while (!text.empty()) {
    if (take_text(text, "%")) {
      const auto is_hex = [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      };
      if (text.size() < 2 || !all(text.substr(0, 2), is_hex)) return false;
      text.remove_prefix(2);
      continue;
    }
    const bool is_plain =
        is_alphanumeric(text.front()) ||
        std::string_view{"-()_.!~*';/?:@&=+$,"}.find(text.front()) != std::string_view::npos;
    if (!is_plain) return false;
    text.remove_prefix(1);
  }
  return true;
}

// The expression says, at length: one character that is neither blank, colon nor control among
// characters that are no colons, and no control but tabs.
bool is_credential(std::string_view text) {
  return all(text, [](char c) { return c != ':' && (!is_control(c) || c == '\t'); }) &&
         std::any_of(text.begin(), text.end(), [](char c) { return c != '\t'; });
}

bool is_account(std::string_view text) { return text.size() == 12 && all(text, is_digit); }

bool is_partner_prefix(std::string_view text) {
  return take_text(text, "aws.partner/") && !take(text, is_name).empty() && take_text(text, "/") &&
         all(text, [](char c) { return is_name(c) || c == '/'; });
}

}  // namespace

const Pattern kOneLine = {".*", [](std::string_view text) { return all(text, is_line); }};
const Pattern kConnectionArn = {
    "^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:connection\\/[\\.\\-_A-Za-z0-9]+\\/"
    "[\\-A-Za-z0-9]+$",
    [](std::string_view text) { return is_named_resource(text, "connection/"); }};
const Pattern kApiDestinationArn = {
    "^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:api-destination\\/"
    "[\\.\\-_A-Za-z0-9]+\\/[\\-A-Za-z0-9]+$",
    [](std::string_view text) { return is_named_resource(text, "api-destination/"); }};
const Pattern kArchiveArn = {"^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:.+\\/.+$",
                             is_archive_arn};
const Pattern kReplayArn = {
    "^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:.+\\/[\\.\\-_A-Za-z0-9]+$",
    is_replay_arn};
const Pattern kEndpointArn = {
    "^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:endpoint\\/[/\\.\\-_A-Za-z0-9]+$",
    is_endpoint_arn};
const Pattern kSecretArn = {
    "^arn:aws([a-z]|\\-)*:secretsmanager:([a-z]|\\d|\\-)*:([0-9]{12})?:secret:"
    "[\\/_+=\\.@\\-A-Za-z0-9]+$",
    is_secret_arn};
const Pattern kResourceConfiguration = {
    "^(?:^arn:[a-z0-9\\-]+:vpc-lattice:[a-zA-Z0-9\\-]+:\\d{12}:resourceconfiguration/"
    "rcfg-[0-9a-z]{17}$|^$)",
    is_resource_configuration};
const Pattern kRoleArn = {"^arn:aws[a-z-]*:iam::\\d{12}:role\\/[\\w+=,.@/-]+$", is_role_arn};
const Pattern kEndpointBusArn = {
    "^arn:aws[a-z-]*:events:[a-z]+-[a-z-]+-\\d+:\\d{12}:event-bus/[\\w.-]+$", is_endpoint_bus_arn};
const Pattern kHealthCheckArn = {"^arn:aws([a-z]|\\-)*:route53:::healthcheck/[\\-a-z0-9]+$",
                                 is_health_check_arn};
const Pattern kHttpsUrl = {
    "^((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@\\x26=+$,A-Za-z0-9])+)([).!';/?:,])?$", is_url};
const Pattern kCredential = {"^[ \\t]*[^\\x00-\\x1F:\\x7F]+([ \\t]+[^\\x00-\\x1F:\\x7F]+)*[ \\t]*$",
                             is_credential};
const Pattern kRegionName = {"^[\\-a-z0-9]+$",
                             [](std::string_view text) { return some_and_all(text, is_region); }};
const Pattern kEndpointUrl = {"^(https://)?[\\.\\-a-z0-9]+$", [](std::string_view text) {
                                take_text(text, "https://");
                                return some_and_all(
                                    text, [](char c) { return is_region(c) || c == '.'; });
                              }};
const Pattern kPermissionAction = {"events:[a-zA-Z]+", [](std::string_view text) {
                                     return take_text(text, "events:") &&
                                            some_and_all(text, is_letter);
                                   }};
const Pattern kPrincipal = {"(\\d{12}|\\*)",
                            [](std::string_view text) { return text == "*" || is_account(text); }};
const Pattern kStatementId = {"[a-zA-Z0-9-_]+", [](std::string_view text) {
                                return some_and_all(text,
                                                    [](char c) { return is_word(c) || c == '-'; });
                              }};
const Pattern kAccount = {"\\d{12}", is_account};
const Pattern kPartnerPrefix = {"aws\\.partner/[\\.\\-_A-Za-z0-9]+/[/\\.\\-_A-Za-z0-9]*",
                                is_partner_prefix};

}  // namespace presso::api::events
