// A request on its way to real AWS: the client has signed it for presso's host, and most likely
// with keys that AWS does not know, so it is signed anew with presso's own.
#pragma once

#include "base/result.h"
#include "server/forward/addressee.h"
#include "server/http_client.h"
#include "server/http_message.h"
#include "server/integrations/sigv4.h"

namespace presso::server {

// What is signed: path and query, the headers that AWS looks at, the body if it is here. A bucket
// that was named by the host is named by the path.
struct Resigning {
  OutboundRequest request;
  std::string payload_hash = {};  // of a body that is not here; empty: that of the body
  Headers unsigned_headers = {};  // the others, which are sent as they came
};

// Error: why it cannot be signed, for people.
[[nodiscard]] Result<Resigning> resigning_of(const HttpRequest&, const Addressee&,
                                             std::string_view endpoint, bool is_streamed);

// The head to send, without the empty line at its end.
[[nodiscard]] std::string signed_head(Resigning, const Credentials&, SigningScope, Time now);

}  // namespace presso::server
