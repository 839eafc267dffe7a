// The errors of the two services: their names, HTTP statuses, and what a client gets to see.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/core/effect.h"

namespace presso::api {

enum class Service { StepFunctions, EventBridge };

struct ErrorKind {
  std::string_view name;
  int http_status = 400;
};

// What the service's model names, in the model's order. An SDK has a class for each of these.
[[nodiscard]] std::span<const ErrorKind> modelled_errors(Service);
[[nodiscard]] bool is_modelled(Service, std::string_view error_code);

// 500 for our failures, 400 for everything else.
[[nodiscard]] int http_status_of(std::string_view error_code);

[[nodiscard]] core::Answer error_answer(const Error&);

}  // namespace presso::api
