// What a service's answer shows as a task's result: members in Step Functions' spelling, blobs as
// texts, times as the style has them. Members that the model does not have are not shown.
#pragma once

#include "base/json_fwd.h"
#include "engine/models/service_model.h"
#include "server/http_client.h"
#include "server/integrations/model_values.h"
#include "server/integrations/s3_xml.h"

namespace presso::server {

[[nodiscard]] Json shown_json(const models::ServiceModel&, std::size_t shape, ModelStyle,
                              const Json& body);

[[nodiscard]] Json shown_xml(const models::ServiceModel&, std::size_t shape, ModelStyle,
                             const XmlElement&);

// Adds the members that stand in the status and in headers.
void add_header_members(Json& shown, const models::ServiceModel&, const models::Shape&, ModelStyle,
                        const OutboundResponse&);

}  // namespace presso::server
