// AWS JSON requests made by hand, as deliveries to the targets of rules are.
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
#pragma once

#include <string>
#include <string_view>

#include "server/http_client.h"
#include "server/integrations/services.h"

namespace presso::server {

// `action` in camel case ("getItem"), `parameters` JSON text. Unsigned.
[[nodiscard]] OutboundRequest aws_json_request(const Service&, std::string_view endpoint,
                                               std::string_view action, std::string parameters);

// Optimised integrations take for a message's text whatever the state gives: what is no text goes
// as its JSON text.
[[nodiscard]] std::string with_text_member(std::string parameters, std::string_view member);

}  // namespace presso::server
