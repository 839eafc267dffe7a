// What a function that runs by process is, and what one invocation of it takes and gives. The words
// are Lambda's. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"

namespace presso::server {

// One entry of `functions:` in presso.yaml.
struct FunctionSettings {
  std::string name;
  std::vector<std::string> command;  // the program and its arguments; empty: what `runtime` has
  std::string handler;               // "app.handler"
  std::string runtime;               // "nodejs20.x", "python3.12", "provided.al2023"
  std::string code;                  // the folder that it runs in
  std::map<std::string, std::string> environment = {};
  Duration timeout = seconds(3);
  std::size_t concurrency = 10;  // processes side by side
  int memory_mb = 128;           // what the function is told; nothing holds it to that
  std::string where = {};        // it is configured: "presso.yaml:3"

  friend bool operator==(const FunctionSettings&, const FunctionSettings&) = default;
};

// ---- limits ----
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
inline constexpr std::size_t kFunctionPayloadBytes = 6 * 1024 * 1024;
inline constexpr std::size_t kFunctionResponseBytes = 6 * 1024 * 1024 + 100;
inline constexpr std::size_t kFunctionEventBytes = 1024 * 1024;
inline constexpr std::size_t kFunctionLogTailBytes = 4 * 1024;

struct FunctionLimits {
  Duration init = seconds(10);   // AWS: until the runtime asks for its first invocation
  Duration idle = seconds(600);  // AWS does not publish it; a process is ended after so long
  // An invocation that waits for a process which has answered but does not come back gets another
  // one after so long.
  Duration patience = Duration{100};
  // AWS: an asynchronous invocation that failed is repeated after a minute and after two more.
  std::array<Duration, 2> retry_after = {seconds(60), seconds(120)};
  std::size_t backlog = 10'000;  // asynchronous invocations that wait; beyond, the caller is told
};

struct Invocation {
  std::string request_id;
  std::string payload;         // JSON text
  std::string arn;             // as it was called
  std::string client_context;  // JSON text; may be empty
  std::string trace_id;
  bool wants_log_tail = false;
};

// What came of it: the function's answer, or its error as {errorMessage, errorType, …}.
struct InvocationResult {
  bool is_error = false;
  std::string payload;
  std::string log_tail = {};  // the last 4 KB of what was logged, when it is wanted
};

using InvocationDone = std::function<void(InvocationResult)>;

}  // namespace presso::server
