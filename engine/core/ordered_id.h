// A UUID whose first 48 bits count the milliseconds, in the form of version 4.
//
// What is made at one time stands together in an index: the names of a turn's executions touch one
// page of it instead of one each. The other 74 bits are drawn.
#pragma once

#include <string>

#include "base/entropy.h"
#include "base/time.h"

namespace presso::core {

[[nodiscard]] std::string ordered_uuid(Time now, Entropy&);

}  // namespace presso::core
