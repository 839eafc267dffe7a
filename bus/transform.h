// What a target receives for an event: the event itself, or what Input, InputPath or
// InputTransformer make of it.
//
// A transformer's template is JSON with <names> in it, or a quoted text, or plain text. A name
// stands for what its path selects, or for one of the reserved variables: aws.events.rule-arn,
// aws.events.rule-name, aws.events.event.ingestion-time, aws.events.event, aws.events.event.json.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "bus/event.h"
#include "bus/rule.h"

namespace presso::bus {

// What PutTargets refuses in a target's Input, InputPath and InputTransformer:
// "ValidationException" with AWS's text.
[[nodiscard]] Result<void> validate_input(const Target&);

struct TransformContext {
  std::string rule_arn;
  std::string rule_name;
  Time ingestion_time{};
};

// The text delivered. The target has passed validate_input.
[[nodiscard]] std::string target_input(const Target&, const Event&, const TransformContext&);

// Replaces, in the JSON of a target, the parameters that are paths into the event ("$.detail.id",
// as a whole) by what they select: texts of EcsParameters, HttpParameters, RedshiftDataParameters
// and SageMakerPipelineParameters. AWS: the event as it came, not as Input made it. A path that
// leads nowhere becomes an empty text: a guess.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
void fill_parameters(Json& target, const Event&);

}  // namespace presso::bus
