#include "server/integrations/sdk_retry.h"

#include <doctest/doctest.h>

#include "server/integrations/outgoing_calls.h"

namespace presso::server {
namespace {

RetryReason reason_of(int status, const std::string& body, const std::string& type = "") {
  OutboundResponse response{.status = status, .headers = {}, .body = body};
  if (!type.empty()) response.headers.emplace_back("x-amzn-ErrorType", type);
  return retry_reason(response);
}

}  // namespace

TEST_CASE("what an SDK sends again") {
  CHECK(reason_of(200, R"({"__type":"ThrottlingException"})") == RetryReason::None);
  CHECK(reason_of(400, R"({"__type":"a#ValidationException"})") == RetryReason::None);
  CHECK(reason_of(400, "") == RetryReason::None);
  CHECK(reason_of(501, "") == RetryReason::None);
  for (const int status : {500, 502, 503, 504}) {
    CHECK(reason_of(status, "") == RetryReason::Transient);
  }
  CHECK(reason_of(400, "<Error><Code>RequestTimeout</Code></Error>") == RetryReason::Transient);
  CHECK(reason_of(429, "") == RetryReason::Throttled);
  CHECK(reason_of(400, R"({"__type":"a#ProvisionedThroughputExceededException"})") ==
        RetryReason::Throttled);
  CHECK(reason_of(400, "", "ThrottlingException:http://internal/") == RetryReason::Throttled);
  CHECK(reason_of(503, "<Error><Code>SlowDown</Code></Error>") == RetryReason::Throttled);
  CHECK(reason_of(400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>") ==
        RetryReason::Throttled);
  CHECK(retry_reason(NoResponse{.reason = "refused", .is_transient = true}) ==
        RetryReason::Transient);
  CHECK(retry_reason(NoResponse{.reason = "no keys"}) == RetryReason::None);
}

TEST_CASE("pauses double up to twenty seconds, and are drawn below that") {
  CHECK(retry_pause(RetryReason::Transient, 1, 0) == Duration{0});
  CHECK(retry_pause(RetryReason::Transient, 1, 0.5) == Duration{50});
  CHECK(retry_pause(RetryReason::Transient, 2, 0.5) == Duration{100});
  CHECK(retry_pause(RetryReason::Throttled, 1, 0.5) == Duration{500});
  CHECK(retry_pause(RetryReason::Throttled, 9, 0.5) == seconds(10));
}

TEST_CASE("a peer that is down uses up its quota, not that of others") {
  RetryQuota quota;
  for (int i = 0; i < 100; ++i) REQUIRE(quota.take("down"));
  CHECK(!quota.take("down"));
  CHECK(quota.take("up"));
  for (int i = 0; i < 5; ++i) {
    CHECK(!quota.take("down"));
    quota.give_back("down", 0);
  }
  CHECK(quota.take("down"));
  quota.give_back("down", 2);
  CHECK(quota.take("down"));
  CHECK(quota.take("down"));
  CHECK(!quota.take("down"));
}

TEST_CASE("AWS_MAX_ATTEMPTS is a number from one on") {
  CHECK(max_attempts_of({}) == 3);
  CHECK(max_attempts_of({{"AWS_MAX_ATTEMPTS", "5"}}) == 5);
  CHECK(max_attempts_of({{"AWS_MAX_ATTEMPTS", "0"}}) == 3);
  CHECK(max_attempts_of({{"AWS_MAX_ATTEMPTS", "many"}}) == 3);
}

}  // namespace presso::server
