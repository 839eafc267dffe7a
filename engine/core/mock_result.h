// Whether the mocked result of a task looks like what its service answers.
// https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html#test-state-mock
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "engine/asl/resource.h"

namespace presso::core {

enum class FieldValidation {
  Strict,   // every required field, and each by its type and bounds
  Present,  // those that are there
  None,
};

// ValidationException with AWS's text. Of services whose model presso does not have nothing is
// known, so everything passes.
[[nodiscard]] Result<void> check_mock_result(const asl::Resource&, const Json& result,
                                             FieldValidation);

}  // namespace presso::core
