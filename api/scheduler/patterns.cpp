#include "api/scheduler/patterns.h"

#include <algorithm>
#include <cstddef>

#include "api/pattern_text.h"

namespace presso::api::scheduler {
namespace {

constexpr bool is_region(char c) { return is_lower(c) || is_digit(c) || c == '-'; }

// arn:aws(-[a-z]+)?: off the front.
bool take_partition(std::string_view& text) {
  if (!take_text(text, "arn:aws")) return false;
  if (take_text(text, "-") && take(text, is_lower).empty()) return false;
  return take_text(text, ":");
}
// arn:aws(-[a-z]+)?:SERVICE:[a-z0-9\-]+:\d{12}: off the front.
bool take_arn(std::string_view& text, std::string_view service) {
  return take_partition(text) && take_text(text, service) && take_text(text, ":") &&
         !take(text, is_region).empty() && take_text(text, ":") &&
         take(text, is_digit).size() == 12 && take_text(text, ":");
}

bool is_kms_key(std::string_view text) {
  return take_arn(text, "kms") && (take_text(text, "key/") || take_text(text, "alias/")) &&
         all(text, is_word_or_dash);
}
bool is_schedule(std::string_view text) {
  return take_arn(text, "scheduler") && take_text(text, "schedule/") &&
         !take(text, is_name).empty() && take_text(text, "/") && some_and_all(text, is_name);
}
bool is_group(std::string_view text) {
  return take_arn(text, "scheduler") && take_text(text, "schedule-group/") &&
         some_and_all(text, is_name);
}
bool is_queue(std::string_view text) {
  return take_arn(text, "sqs") && some_and_all(text, is_word_or_dash);
}
bool is_role(std::string_view text) {
  return take_partition(text) && take_text(text, "iam::") && take(text, is_digit).size() == 12 &&
         take_text(text, ":role/") && some_and_all(text, [](char c) {
           return is_word(c) || std::string_view{"+=,.@/-"}.find(c) != std::string_view::npos;
         });
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
// The look-ahead asks for one such character at the front, the rest is anything on one line.
bool is_source(std::string_view text) {
  if (is_simple_path(text)) return true;
  const bool begins_well = !text.empty() && (is_name(text.front()) || text.front() == '/');
  return begins_well && !text.starts_with("aws.") &&
         text.find_first_of("\r\n") == std::string_view::npos;
}

}  // namespace

const Pattern kToken = {"^[a-zA-Z0-9-_]+$",
                        [](std::string_view text) { return some_and_all(text, is_word_or_dash); }};
const Pattern kResourceName = {"^[0-9a-zA-Z-_.]+$",
                               [](std::string_view text) { return some_and_all(text, is_name); }};
const Pattern kParameterName = {"^[A-Za-z0-9\\-_]*$",
                                [](std::string_view text) { return all(text, is_word_or_dash); }};
const Pattern kKmsKeyArn = {
    "^arn:aws(-[a-z]+)?:kms:[a-z0-9\\-]+:\\d{12}:(key|alias)\\/[0-9a-zA-Z-_]*$", is_kms_key};
const Pattern kScheduleArn = {
    "^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\\-]+:\\d{12}:schedule\\/[0-9a-zA-Z-_.]+\\/"
    "[0-9a-zA-Z-_.]+$",
    is_schedule};
const Pattern kGroupArn = {
    "^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\\-]+:\\d{12}:schedule-group\\/[0-9a-zA-Z-_.]+$",
    is_group};
const Pattern kQueueArn = {"^arn:aws(-[a-z]+)?:sqs:[a-z0-9\\-]+:\\d{12}:[a-zA-Z0-9\\-_]+$",
                           is_queue};
const Pattern kRoleArn = {"^arn:aws(-[a-z]+)?:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+$", is_role};
const Pattern kSource = {
    "^(?=[/\\.\\-_A-Za-z0-9]+)((?!aws\\.).*)|(\\$(\\.[\\w_-]+(\\[(\\d+|\\*)\\])*)*)$", is_source};

}  // namespace presso::api::scheduler
