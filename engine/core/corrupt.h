// What is stored and cannot be what this version, or an older one, has written.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace presso::core {

[[nodiscard]] inline Error corrupt(std::string message) {
  return Error{"DocumentCorrupt", std::move(message)};
}

}  // namespace presso::core
