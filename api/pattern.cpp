#include "api/pattern.h"

#include <algorithm>
#include <cstddef>

#include "api/pattern_text.h"
#include "base/text.h"

namespace presso::api {
namespace {

constexpr std::string_view kSecretArnText =
    "(^arn:aws([a-z]|\\-)*:secretsmanager:[a-z0-9-.]+:.*)|"
    "(\\$(\\.[\\w_-]+(\\[(\\d+|\\*)\\])*)*)";
constexpr std::string_view kBusArnText =
    "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+";
constexpr std::string_view kEntryBusText =
    "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[\\.\\-_A-Za-z0-9]+";

constexpr bool is_bus_name(char c) { return is_name(c) || c == '/'; }
constexpr bool is_printable(char c) { return c >= '\x20' && c <= '\x7E'; }

bool is_all_names(std::string_view text) { return some_and_all(text, is_name); }
bool is_all_bus_names(std::string_view text) { return some_and_all(text, is_bus_name); }

// region = [a-z]+-[a-z]+-[\w-]+
bool is_region(std::string_view text) {
  for (int part = 0; part < 2; ++part) {
    if (take(text, is_lower).empty() || !take_text(text, "-")) return false;
  }
  return some_and_all(text, is_word_or_dash);
}

// (arn:aws[\w-]*:events:region:[0-9]{12}:event-bus\/)? off the front; as it was if it is not there.
std::string_view without_bus_arn(std::string_view text) {
  std::string_view rest = text;
  if (!take_text(rest, "arn:aws")) return text;
  take(rest, is_word_or_dash);
  if (!take_text(rest, ":events:")) return text;
  if (!is_region(take(rest, [](char c) { return c != ':'; }))) return text;
  if (!take_text(rest, ":") || take(rest, is_digit).size() != 12) return text;
  if (!take_text(rest, ":event-bus/")) return text;
  return rest;
}

bool is_partner_source(std::string_view text) {
  if (!take_text(text, "aws.partner")) return false;
  int parts = 0;
  for (; take_text(text, "/"); ++parts) {
    if (take(text, is_name).empty()) return false;
  }
  return text.empty() && parts >= 2;
}

bool is_endpoint_id(std::string_view text) {
  const auto is_part = [](char c) { return is_alphanumeric(c) || c == '-'; };
  return !take(text, is_part).empty() && take_text(text, ".") && some_and_all(text, is_part);
}

bool is_not_blank(std::string_view text) {
  const auto is_space = [](char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\v' || c == '\f' || c == '\r';
  };
  const auto ends_line = [](char c) { return c == '\n' || c == '\r'; };
  return !all(text, is_space) && std::none_of(text.begin(), text.end(), ends_line);
}

// `+-.` in the expression is a range: + , - .
bool is_header_name(char c) {
  return is_alphanumeric(c) ||
         std::string_view{"!#$%&'*+,-.^_`|~"}.find(c) != std::string_view::npos;
}

// The expression says, at length: printable characters and tabs, a printable one among them.
bool is_header_value(std::string_view text) {
  return all(text, [](char c) { return is_printable(c) || c == '\t'; }) &&
         std::any_of(text.begin(), text.end(), is_printable);
}

// path = \$(\.[\w_-]+(\[(\d+|\*)\])*)*
bool is_simple_path(std::string_view text) {
  if (!take_text(text, "$")) return false;
  while (take_text(text, ".")) {
    if (take(text, is_word_or_dash).empty()) return false;
    while (take_text(text, "[")) {
      if (!take_text(text, "*") && take(text, is_digit).empty()) return false;
      if (!take_text(text, "]")) return false;
    }
  }
  return text.empty();
}
bool is_secret_arn(std::string_view text) {
  if (!take_text(text, "arn:aws")) return false;
  take(text, [](char c) { return is_lower(c) || c == '-'; });
  if (!take_text(text, ":secretsmanager:")) return false;
  const auto is_region_part = [](char c) {
    return is_lower(c) || is_digit(c) || c == '-' || c == '.';
  };
  return !take(text, is_region_part).empty() && take_text(text, ":") &&
         text.find('\n') == std::string_view::npos;
}

// Beyond ASCII every character that is no control passes: \p{L}, \p{Z} and \p{N} without tables.
bool is_run_command_key(std::string_view text) {
  return is_utf8(text) && all(text, [](char c) {
           return is_word(c) || static_cast<unsigned char>(c) >= 0x80 ||
                  std::string_view{" .:/=+-@"}.find(c) != std::string_view::npos;
         });
}

bool is_pipeline_name(std::string_view text) {
  return some_and_all(text, [](char c) { return is_alphanumeric(c) || c == '-'; }) &&
         text.front() != '-' && text.back() != '-';
}

}  // namespace

const Pattern kAscii = {"\\p{ASCII}*", [](std::string_view text) {
                          return all(text,
                                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
                        }};
const Pattern kNamePattern = {"[\\.\\-_A-Za-z0-9]+", is_all_names};
const Pattern kBusName = {"[/\\.\\-_A-Za-z0-9]+", is_all_bus_names};
const Pattern kBusNameOrArn = {
    kBusArnText, [](std::string_view text) { return is_all_bus_names(without_bus_arn(text)); }};
const Pattern kEntryBusName = {
    kEntryBusText, [](std::string_view text) { return is_all_names(without_bus_arn(text)); }};
const Pattern kPartnerSource = {"aws\\.partner(/[\\.\\-_A-Za-z0-9]+){2,}", is_partner_source};
const Pattern kKmsKey = {
    "^[a-zA-Z0-9_\\-/:]*$", [](std::string_view text) {
      return all(text, [](char c) { return is_word_or_dash(c) || c == '/' || c == ':'; });
    }};
const Pattern kEndpointId = {"^[A-Za-z0-9\\-]+[\\.][A-Za-z0-9\\-]+$", is_endpoint_id};
const Pattern kTransformerKey = {"[A-Za-z0-9\\_\\-]+", [](std::string_view text) {
                                   return some_and_all(text, is_word_or_dash);
                                 }};
const Pattern kNotBlank = {"^(?!\\s*$).+", is_not_blank};
const Pattern kHeaderName = {"^[!#$%&'*+-.^_`|~0-9a-zA-Z]+$", [](std::string_view text) {
                               return some_and_all(text, is_header_name);
                             }};
const Pattern kHeaderValue = {"^[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*$",
                              is_header_value};
const Pattern kQueryName = {"[^\\x00-\\x1F\\x7F]+", [](std::string_view text) {
                              return some_and_all(text, [](char c) { return !is_control(c); });
                            }};
const Pattern kQueryValue = {
    "[^\\x00-\\x09\\x0B\\x0C\\x0E-\\x1F\\x7F]+", [](std::string_view text) {
      return some_and_all(text, [](char c) { return !is_control(c) || c == '\n' || c == '\r'; });
    }};
const Pattern kSecretArnOrPath = {kSecretArnText, [](std::string_view text) {
                                    return is_secret_arn(text) || is_simple_path(text);
                                  }};
const Pattern kRunCommandKey = {"^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$", is_run_command_key};
const Pattern kAliasName = {
    "^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$",
    [](std::string_view text) { return some_and_all(text, is_name) && !all(text, is_digit); }};
const Pattern kPipelineName = {"^[a-zA-Z0-9](-*[a-zA-Z0-9])*$", is_pipeline_name};
const Pattern kVisible = {"[!-~]+", [](std::string_view text) {
                            return some_and_all(text, [](char c) { return '!' <= c && c <= '~'; });
                          }};

}  // namespace presso::api
