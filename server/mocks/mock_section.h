// The section `mocks:` of presso.yaml: a list of mock rules (engine/core/mock_rule.h).
//
//   mocks:
//     - call: function pay
//       on: 3
//       throw: {error: Lambda.TooManyRequestsException, cause: Rate Exceeded.}
#pragma once

#include <string>

#include "base/result.h"
#include "engine/core/mock_rules.h"

namespace YAML {
class Node;
}

namespace presso::server {

// `file`: its path, which errors and the rules name, each with its line.
[[nodiscard]] Result<core::MockRules::Rules> read_mocks(const YAML::Node& mocks,
                                                        const std::string& file);

}  // namespace presso::server
