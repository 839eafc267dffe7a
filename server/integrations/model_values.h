// Values between a task's JSON, in Step Functions' spelling, and a service's model.
//
// On the way out a task's parameters first become the model's own members (`model_parameters`); the
// writers of model_body then put them where the protocol wants them. On the way in the readers of
// model_answer show what came.
#pragma once

#include <string>
#include <string_view>

#include "base/json_fwd.h"
#include "base/result.h"
#include "engine/models/service_model.h"

namespace presso::server {

// Sdk: names and times as the second SDK for Java has them ("DbInstanceIdentifier", ISO 8601).
// Optimised: as the first had them ("DBInstanceIdentifier", milliseconds since the epoch).
enum class ModelStyle { Sdk, Optimised };

// "FunctionName" of a model's "functionName".
[[nodiscard]] std::string member_name(ModelStyle, std::string_view name);

// The parameters under the model's names: null members are left out, as the SDK does; numbers and
// truth values that ought to be texts are made texts. Tokens that the SDK fills in are `token`.
// Fails with the words that AWS has for a field that there is not, or that has a wrong type.
[[nodiscard]] Result<Json> model_parameters(const models::ServiceModel&, std::size_t shape,
                                            ModelStyle, const Json& parameters,
                                            const std::string& token);

// A blob's bytes: of a text as they are, of anything else its JSON text.
[[nodiscard]] std::string blob_bytes(const Json& value);

// A time given as ISO 8601 text or in seconds since the epoch, in the form of its place. What is no
// time stays what it is.
[[nodiscard]] Json wire_time(const Json& value, models::TimeForm);

// A scalar as headers, queries and XML have it.
[[nodiscard]] std::string wire_text(models::ShapeKind, const Json& value, models::TimeForm);

// And back. What cannot be read as its kind stays the text that it is.
[[nodiscard]] Json shown_text(models::ShapeKind, std::string_view text, ModelStyle);
[[nodiscard]] Json shown_time(const Json& wire, ModelStyle);

}  // namespace presso::server
