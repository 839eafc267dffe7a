#include "server/integrations/sdk_retry.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "server/integrations/service_fault.h"

namespace presso::server {
namespace {

constexpr std::array<std::string_view, 3> kTransientCodes{
    "RequestTimeout", "RequestTimeoutException", "InternalError"};
constexpr std::array<std::string_view, 13> kThrottlingCodes{
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
};
constexpr std::array<int, 4> kTransientStatus{500, 502, 503, 504};
constexpr int kTooManyRequests = 429;

constexpr Duration kTransientPause{100};
constexpr Duration kThrottledPause = seconds(1);
constexpr Duration kLongestPause = seconds(20);

constexpr int kQuota = 500;
constexpr int kRetryCost = 5;

bool has(const auto& all, const auto& one) { return std::ranges::find(all, one) != all.end(); }

}  // namespace

RetryReason retry_reason(const OutboundResult& result) {
  if (const auto* none = std::get_if<NoResponse>(&result)) {
    return none->is_transient ? RetryReason::Transient : RetryReason::None;
  }
  const auto& response = std::get<OutboundResponse>(result);
  if (response.status < 400) return RetryReason::None;
  const std::string code = error_code(response);
  if (response.status == kTooManyRequests || has(kThrottlingCodes, code)) {
    return RetryReason::Throttled;
  }
  const bool is_transient = has(kTransientStatus, response.status) || has(kTransientCodes, code);
  return is_transient ? RetryReason::Transient : RetryReason::None;
}

Duration retry_pause(RetryReason reason, int retry, double fraction) {
  const Duration base = reason == RetryReason::Throttled ? kThrottledPause : kTransientPause;
  const auto longest = std::min(std::ldexp(static_cast<double>(base.count()), retry - 1),
                                static_cast<double>(kLongestPause.count()));
  return Duration{static_cast<Duration::rep>(longest * fraction)};
}

bool RetryQuota::take(const std::string& endpoint) {
  const std::lock_guard lock{mutex_};
  int& taken = taken_[endpoint];
  if (taken + kRetryCost > kQuota) return false;
  taken += kRetryCost;
  return true;
}

void RetryQuota::give_back(const std::string& endpoint, int retries) {
  const std::lock_guard lock{mutex_};
  const auto known = taken_.find(endpoint);
  if (known == taken_.end()) return;
  known->second -= retries > 0 ? retries * kRetryCost : 1;
  if (known->second <= 0) taken_.erase(known);
}

}  // namespace presso::server
