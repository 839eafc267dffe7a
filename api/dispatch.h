// The wire, between HTTP and the core: a request's target and body in, what is to be done out.
//
//   auto work = dispatch({.target = "AWSStepFunctions.StartExecution", .body = "{…}", .caller =
//   c}); core::Answer  the request is answered: it was wrong, or nothing had to be looked up Query
//   run it over a Reader, on any thread; its value is the answer Command       put it into the
//   inbox as a core::Request; the answer comes as the effect Reply to_response(answer,
//   protocol_of(target))   status, headers and bytes
//
// Any bytes may come in: everything that is wrong with them is an Answer with the service's error.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/ids.h"
#include "base/time.h"
#include "engine/core/caller.h"
#include "engine/core/effect.h"
#include "engine/core/store.h"

namespace presso::core {
class Core;
}

namespace presso::api {

struct HttpRequest {
  std::string_view target;  // the header X-Amz-Target, empty when there is none
  std::string_view body;
  core::Caller caller;
};

// Keeps what it needs: the request's views may be gone.
using Query = std::function<core::Answer(core::Reader&)>;

struct Command {
  core::Keys keys;
  std::function<void(core::Core&, RequestId)> apply;
  // When there is one and the reply is no error, the client gets this query's answer instead of the
  // reply: for lists of what is stored that need to know of the core whether their owner exists.
  Query then;
  // A long poll: whoever waits for the reply tells the core (RequestGone) when this time is over.
  std::optional<Duration> patience = {};
};

using Work = std::variant<core::Answer, Query, Command>;

// AWSStepFunctions.X and AWSEvents.X.
[[nodiscard]] Work dispatch(const HttpRequest&);

enum class Protocol { Json10, Json11 };
// Json11 for AWSEvents, Json10 for every other target.
[[nodiscard]] Protocol protocol_of(std::string_view target);

struct Response {
  int status = 200;
  std::string content_type;  // "application/x-amz-json-1.0"
  std::string error_type;    // the header x-amzn-errortype; empty for a success
  std::string body;
};

// An error's body is {"__type": …, "message": …}.
[[nodiscard]] Response to_response(const core::Answer&, Protocol);

// For what the shell itself has to refuse: ThrottlingException, ServiceUnavailable, …
[[nodiscard]] core::Answer error_answer(std::string code, std::string_view message,
                                        int http_status = 400);

}  // namespace presso::api
