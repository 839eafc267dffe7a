// What a request's body holds, of members under the model's names (model_values).
#pragma once

#include <string>

#include "base/json_fwd.h"
#include "engine/models/service_model.h"

namespace presso::server {

// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html: the body's JSON, of a structure
// its members whose place is the body.
[[nodiscard]] Json json_body(const models::ServiceModel&, std::size_t shape, const Json& value);

// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, and EC2's form of it:
// "Action=…&Version=…&Name.member.1=…".
[[nodiscard]] std::string query_body(const models::ServiceModel&, const models::Action&,
                                     const Json& value);

// https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html: an element of that name.
[[nodiscard]] std::string xml_body(const models::ServiceModel&, std::size_t shape,
                                   std::string_view element, const Json& value);

}  // namespace presso::server
