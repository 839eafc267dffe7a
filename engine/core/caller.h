// Who asks: the account and region that a request was signed for. State of different ones never
// meets.
#pragma once

#include <compare>
#include <string>

namespace presso::core {

struct Caller {
  std::string account = "000000000000";
  std::string region = "us-east-1";

  friend auto operator<=>(const Caller&, const Caller&) = default;
};

}  // namespace presso::core
