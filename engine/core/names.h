// Names and ARNs of Step Functions: what is valid, and what belongs to whom.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/arn.h"
#include "base/entropy.h"
#include "base/result.h"
#include "engine/core/caller.h"
#include "engine/core/store.h"

namespace presso::core {

// InvalidName: 1 to 80 characters, none of those that AWS refuses.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
[[nodiscard]] Result<void> check_name(std::string_view name);

// An ARN of Step Functions whose resource begins with `type` ("stateMachine", "execution") and has
// something behind it. InvalidArn.
[[nodiscard]] Result<Arn> check_arn(std::string_view arn, std::string_view type);

// "arn:aws:states:REGION:ACCOUNT:stateMachine:NAME"
[[nodiscard]] std::string machine_arn(const Caller&, std::string_view name);

// Without the label of the machine of a Map Run's children: "…:NAME/LABEL" → "…:NAME".
[[nodiscard]] std::string_view without_label(std::string_view machine_arn);

// "arn:aws:states:REGION:ACCOUNT:activity:NAME"
[[nodiscard]] std::string activity_arn(const Caller&, std::string_view name);

// "arn:…:stateMachine:NAME:QUALIFIER" → the machine's own ARN, and the number of a version or the
// name of an alias; the qualifier of a plain ARN is empty.
struct QualifiedArn {
  std::string machine_arn;
  std::string qualifier;
};
[[nodiscard]] QualifiedArn split_qualifier(std::string_view state_machine_arn);
// A version's number; nothing for the name of an alias.
[[nodiscard]] std::optional<std::uint64_t> version_number(std::string_view qualifier);

// "arn:…:execution:MACHINE:NAME" → machine ARN and name; nothing for another form.
[[nodiscard]] std::optional<ExecutionName> parse_execution_arn(std::string_view arn);
[[nodiscard]] std::string execution_arn(std::string_view machine_arn, std::string_view name);
[[nodiscard]] bool is_express_arn(std::string_view arn);
// "arn:…:express:MACHINE:NAME:ID"
[[nodiscard]] std::string express_arn(std::string_view machine_arn, std::string_view name,
                                      std::string_view id);

// That of an execution by its machine and name becomes that of an Express one.
void make_express(run::Identity&, Entropy&);  // its id is drawn

// Account and region of the ARN are the caller's: what is not theirs does not exist for them.
[[nodiscard]] bool belongs_to(std::string_view arn, const Caller&);

}  // namespace presso::core
