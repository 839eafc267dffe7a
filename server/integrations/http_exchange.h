// What an HTTP task sent and got, in the form in which TestState shows it.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html
#pragma once

#include "engine/core/effect.h"
#include "server/http_client.h"

namespace presso::server {

void show_request(core::HttpExchange&, const OutboundRequest&);
// Nothing is shown of an answer that did not come.
void show_response(core::HttpExchange&, const OutboundResult&);

}  // namespace presso::server
