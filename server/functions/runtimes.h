// How a function's process is started: the program of its runtime, presso's own bootstrap for Node
// and Python, and the environment that AWS gives it.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "engine/core/caller.h"
#include "server/functions/child_process.h"
#include "server/functions/function.h"
#include "server/integrations/integration.h"

namespace presso::server {

// What every function's process is told.
struct FunctionWorld {
  Environment environment;  // presso's own, which they inherit
  core::Caller caller;      // whose functions they are
  std::string url;          // of presso, as AWS_ENDPOINT_URL
};

// Error: one sentence, without the function's name: no such folder, no such program, a runtime
// that presso has no bootstrap for, no handler.
[[nodiscard]] Result<void> check_function(const FunctionSettings&, const Environment&);

// `log_stream`: names the process. Error: as above, of what has changed since.
[[nodiscard]] Result<Launch> function_launch(const FunctionSettings&, const FunctionWorld&,
                                             std::uint16_t runtime_port,
                                             const std::string& log_stream);

}  // namespace presso::server
