// What the parser's tests share: definitions in one line, and diagnostics as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/asl/parse.h"

namespace presso::asl {

// "CODE: message at location", of one severity, in order.
std::vector<std::string> diagnose(std::string_view text, MachineType = MachineType::Standard,
                                  Severity = Severity::Error);
// A machine of one state "A", which is `state`.
std::string machine_of(std::string_view state);
// The faults of that machine.
std::vector<std::string> faults_of(std::string_view state, MachineType = MachineType::Standard);
// The one state of a machine without faults.
State state_of(std::string_view state);

// For failure messages and comparisons.
std::string joined(const std::vector<std::string>& lines);
std::string joined(const std::vector<std::string>& lines, std::string_view separator);

}  // namespace presso::asl
