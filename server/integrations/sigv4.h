// AWS Signature Version 4 for outbound requests: endpoints that insist get what they expect.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "server/http_client.h"

namespace presso::server {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // may be empty
};

struct SigningScope {
  std::string region;
  std::string service;  // the signing name: "dynamodb"
  // Of a body that is not in the request, as x-amz-content-sha256 has it; empty: that of the body.
  std::string payload_hash = {};
};

// Adds x-amz-date, x-amz-security-token and authorization. The URL must parse (parse_url).
// AWS: for "s3" also x-amz-content-sha256, and the path is encoded once, where all others encode
// the path that they send again.
void sign(OutboundRequest&, const Credentials&, const SigningScope&, Time now);

// The URL of a request that is signed in its query, its headers included, for so long.
[[nodiscard]] std::string presigned_url(const OutboundRequest&, const Credentials&,
                                        const SigningScope&, Duration lifetime, Time now);

}  // namespace presso::server
