// PRESSO_ASSERT(condition): our own bugs. On in every build; prints the condition and its place on
// standard error and aborts. Never for what a user or a disk can cause.
#pragma once

namespace presso {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace presso

#define PRESSO_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::presso::assertion_failed(#condition, __FILE__, __LINE__))
