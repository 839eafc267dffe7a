// Why a state's data could not be made, and Computed<T>: the data or the fault.
//
// A fault of JSONata names its field, since history tells of it with an event of its own.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/assert.h"
#include "base/result.h"

namespace presso::run {

struct Fault {
  std::string code;  // "States.QueryEvaluationError", "States.Runtime"
  std::string
      message;  // the cause without its "An error occurred while executing the state" prefix
  std::string field = {};  // JSONata: "Output/a"; else empty
};

template <class T>
class [[nodiscard]] Computed {
 public:
  Computed(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Computed(Fault fault) : state_(std::in_place_index<1>, std::move(fault)) {}
  Computed(Error error)
      : Computed(Fault{.code = std::move(error.code), .message = std::move(error.message)}) {}
  Computed(Result<T> result)
      : Computed(result ? Computed{std::move(result).value()} : Computed{result.error()}) {}

  explicit operator bool() const { return state_.index() == 0; }

  [[nodiscard]] T& operator*() & {
    PRESSO_ASSERT(state_.index() == 0);
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& operator*() const& {
    PRESSO_ASSERT(state_.index() == 0);
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& operator*() && { return std::move(**this); }
  [[nodiscard]] T* operator->() { return &**this; }
  [[nodiscard]] const T* operator->() const { return &**this; }

  [[nodiscard]] const Fault& error() const {
    PRESSO_ASSERT(state_.index() == 1);
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Fault> state_;
};

}  // namespace presso::run
