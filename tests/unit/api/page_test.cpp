#include "api/page.h"

#include <doctest/doctest.h>

#include <string>

#include "base/text.h"

namespace presso::api {
namespace {

const core::Caller kCaller;

}  // namespace

TEST_CASE("a token leads to its place, in its own list alone") {
  const PageToken token{kCaller, "ListRules", Json("prefix")};
  const std::string text = token.make(Json("rule-7"));
  CHECK(*token.read(text, invalid_token()) == Json("rule-7"));
  CHECK(token.read(std::nullopt, invalid_token())->is_null());

  const PageToken others[] = {{kCaller, "ListRules", Json("other")},
                              {kCaller, "ListEventBuses", Json("prefix")},
                              {{"111111111111", "us-east-1"}, "ListRules", Json("prefix")},
                              {{"000000000000", "eu-west-1"}, "ListRules", Json("prefix")}};
  for (const PageToken& other : others) {
    const auto refused = other.read(text, invalid_token());
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == Error{"InvalidToken", "Invalid Token: 'Invalid token'"});
  }
}

TEST_CASE("garbage is no token") {
  const PageToken token{kCaller, "ListRules", Json()};
  for (const std::string& garbage :
       {std::string{"*"}, std::string{"garbage"}, base64_encode("[]"), base64_encode("{}"),
        base64_encode(R"({"of":1,"at":2})"), base64_encode(R"({"at":2})"), std::string{}}) {
    CAPTURE(garbage);
    CHECK_FALSE(token.read(garbage, invalid_token()));
  }
}

TEST_CASE("no size and the size 0 mean the default") {
  CHECK(page_size(std::nullopt, 100) == 100);
  CHECK(page_size(0, 100) == 100);
  CHECK(page_size(7, 100) == 7);
}

}  // namespace presso::api
