// Functions: the Lambda functions that presso runs itself, as processes of this machine.
//
//   Functions functions({.io = io, .functions = settings, …});
//   functions.call(request, caller, [](std::optional<LambdaReply> reply) { … });
//
// Programs are started when they are first needed and stay warm; `stop` ends all of them. What a
// process may do is what presso's user may: they are the user's own programs, nothing contains
// them. Their time is real time, whatever the virtual clock says.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "server/functions/function.h"
#include "server/functions/invoke_api.h"
#include "server/functions/runtimes.h"
#include "server/log.h"

namespace boost::asio {
class io_context;
}

namespace presso::server {

class Functions {
 public:
  struct Setup {
    boost::asio::io_context& io;  // one thread runs it; outlives this
    std::vector<FunctionSettings> functions;
    FunctionWorld world;  // its url is told by `start`
    const Log& log;
    std::uint64_t seed = 1;
    FunctionLimits limits = {};
    std::function<void()> settled = {};  // nothing is in flight any more
  };

  explicit Functions(Setup);
  ~Functions();
  Functions(const Functions&) = delete;
  Functions& operator=(const Functions&) = delete;

  // Before the first call.
  void start(std::string url);

  // Nothing: presso ends, and nobody knows what would have become of it.
  using Answer = std::function<void(std::optional<LambdaReply>)>;
  // From any thread; answers on the io_context's.
  void call(HttpRequest, core::Caller, Answer);
  // Asynchronous invocations that run or wait for their turn: nobody waits for them, but they hold
  // virtual time back. Those that wait to be repeated do not.
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }

  // Ends every process. From any thread but the io_context's, while that runs.
  void stop();

 private:
  class Impl;
  std::atomic<std::size_t> in_flight_ = 0;
  boost::asio::io_context& io_;
  std::unique_ptr<Impl> impl_;
};

// As integrations call them, without HTTP.
[[nodiscard]] LocalFunctions local_functions(Functions&);

}  // namespace presso::server
