// Services that speak AWS JSON: one generic client, a row in services.cpp for each.
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
#pragma once

#include <string>
#include <string_view>

#include "server/http_client.h"
#include "server/integrations/integration.h"
#include "server/integrations/services.h"

namespace presso::server {

// `action` in camel case ("getItem"), `parameters` JSON text. Unsigned.
[[nodiscard]] OutboundRequest aws_json_request(const Service&, std::string_view endpoint,
                                               std::string_view action, std::string parameters);

// The result as the integration shows it: an optimised one with the HTTP metadata, aws-sdk without.
[[nodiscard]] CallResult aws_json_result(const Service&, bool is_sdk, const OutboundResult&);

// What a queue's sendMessage is sent: a MessageBody that is no text goes as its JSON text.
[[nodiscard]] std::string with_text_body(std::string parameters);

}  // namespace presso::server
