// What an answer that is none of success says: its code and text, in any of AWS's protocols.
#pragma once

#include <string>

#include "server/http_client.h"
#include "server/integrations/sdk_metadata.h"

namespace presso::server {

// Adds code, message and request id, where the answer has them.
void read_xml_fault(ServiceFault&, const OutboundResponse&);
void read_json_fault(ServiceFault&, const OutboundResponse&);

// "ThrottlingException"; empty: it has none.
[[nodiscard]] std::string error_code(const OutboundResponse&);

}  // namespace presso::server
