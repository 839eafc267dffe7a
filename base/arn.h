// Amazon Resource Names: arn:partition:service:region:account:resource, where the resource may hold
// further colons. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace presso {

struct Arn {
  std::string partition = "aws";
  std::string service;
  std::string region;
  std::string account;
  std::string resource;  // "stateMachine:Orders", "rule/bus/name"

  friend bool operator==(const Arn&, const Arn&) = default;
};

// Nothing unless the text has six parts, begins with "arn", and partition, service and resource are
// not empty. Region and account may be empty, as in arn:aws:states:::dynamodb:getItem.
[[nodiscard]] std::optional<Arn> parse_arn(std::string_view text);
[[nodiscard]] std::string to_string(const Arn&);

}  // namespace presso
