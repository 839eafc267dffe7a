// When an AWS SDK in its standard mode sends a request again: three attempts, after what may pass
// by itself, with an exponential pause that is drawn at random, for as long as a quota lasts.
// Source: "Retry behavior" of the AWS SDKs and Tools Reference Guide; the pauses are those of the
// SDK for Java, which Step Functions uses.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/entropy.h"
#include "base/time.h"
#include "server/http_client.h"

namespace presso::server {

inline constexpr int kMaxAttempts = 3;

enum class RetryReason { None, Transient, Throttled };
// No answer, 500, 502, 503 and 504, and what the service calls a time-out or throttling.
[[nodiscard]] RetryReason retry_reason(const OutboundResult&);

// `retry` from 1 on; `fraction` below 1 is drawn at random.
[[nodiscard]] Duration retry_pause(RetryReason, int retry, double fraction);

// Keeps a peer that is down from getting every request three times. From any thread.
class RetryQuota {
 public:
  // Whether there is as much left for a retry of a request to that endpoint.
  [[nodiscard]] bool take(const std::string& endpoint);
  // A request to it has been answered with success, after so many retries.
  void give_back(const std::string& endpoint, int retries);

 private:
  std::mutex mutex_;
  std::map<std::string, int> taken_;  // by endpoint, of what there is at first
};

}  // namespace presso::server
