// What happens to a core.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/ids.h"
#include "engine/core/store.h"
#include "engine/run/failure.h"

namespace presso::core {

class Core;

// A decoded, validated request. `apply` runs within a turn, after what `keys` names was loaded, and
// calls Core::reply(request, …) now or in a later turn.
struct Request {
  RequestId id;
  Keys keys;
  std::function<void(Core&, RequestId)> apply;
};

// The client went away, or has waited long enough: a long poll ends, without a task.
struct RequestGone {
  RequestId id;
};

struct CallAnswered {
  TaskId task;
  // The result as JSON text, already in the form the integration shows, or why there is none.
  std::variant<std::string, run::Failure> result;
};

struct DeliveryFailure {
  std::string error_code;
  std::string error_message;
  bool is_retryable = true;
};
struct DeliveryAnswered {
  DeliveryId delivery;
  std::optional<DeliveryFailure> failure;  // none: delivered
};

using Input = std::variant<Request, RequestGone, CallAnswered, DeliveryAnswered>;

}  // namespace presso::core
