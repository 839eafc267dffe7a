// Integrations: everything presso calls outside of itself, and the operations of its own API that a
// task calls by `aws-sdk:sfn:…` and `aws-sdk:eventbridge:…`.
//
//   Integrations integrations({.io = io, .environment = environment, .own_operation = dispatch});
//   integrations.start(call, [&](auto result) { inbox.push(core::CallAnswered{task, result}); });
//
// Where a call goes is the route table's to say, with whose keys it is signed the environment's
// (credentials.h). A call without a route fails its task at once, with a message that names what to
// set. Tasks are retried as an AWS SDK does it (sdk_retry.h), but for those of Lambda and API
// Gateway; Retry is the state's, and a delivery's retries are the core's.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/ids.h"
#include "engine/core/effect.h"
#include "engine/core/input.h"
#include "engine/run/failure.h"
#include "server/http_client.h"
#include "server/integrations/sigv4.h"
#include "server/routes/route_table.h"

namespace boost::asio {
class io_context;
}

namespace presso::server {

// The result as JSON text, in the form in which the integration shows it, or the task's failure.
using CallResult = std::variant<std::string, run::Failure>;
// Called exactly once unless the call was cancelled, from any thread; returns at once.
using Done = std::function<void(CallResult)>;
// None: delivered.
using Delivered = std::function<void(std::optional<core::DeliveryFailure>)>;

// Of a target's refusal this much is kept, in bytes.
inline constexpr std::size_t kShownBytes = 1'000;

// Variables of the process, by name.
using Environment = std::map<std::string, std::string, std::less<>>;

// Functions that presso runs itself: for these, Lambda is here.
struct LocalFunctions {
  // Empty: there are none. The request of Lambda's API, its URL without a host. The answer may come
  // on any thread; none comes when presso ends.
  std::function<void(OutboundRequest, core::Caller, std::function<void(OutboundResult)>)> call = {};
};

class Integrations {
 public:
  struct Setup {
    boost::asio::io_context& io;  // where calls run; outlives this
    Environment environment;
    std::shared_ptr<const RouteTable> routes;
    // Runs an operation of our own API and answers like any other service's call.
    std::function<void(const core::TaskCall&, Done)> own_operation;
    LocalFunctions functions = {};
    std::shared_ptr<TlsTrust> trust = nullptr;  // none: the system's certificates
  };

  explicit Integrations(Setup);
  ~Integrations();
  Integrations(const Integrations&) = delete;
  Integrations& operator=(const Integrations&) = delete;

  // All may be called from any thread and return at once.
  void start(core::TaskCall, Done);
  // Best effort: the call's connection is closed, and its Done is not called any more. One that is
  // answering at this moment may still be.
  void cancel(TaskId);
  void deliver(core::DeliveryCall, Delivered);
  // To CloudWatch Logs, if there is a route to it: best effort, as AWS's. Holds no virtual time
  // back.
  void log(std::shared_ptr<const core::ExecutionLog>);
  // With whose keys calls of real AWS are signed (credentials.h).
  void find_credentials(core::Caller, std::function<void(Result<Credentials>)>);
  // Calls and deliveries whose answer is awaited: they hold virtual time back.
  [[nodiscard]] std::size_t in_flight() const;

 private:
  class Calls;
  std::shared_ptr<Calls> calls_;
};

}  // namespace presso::server
