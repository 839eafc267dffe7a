// AWS Signature Version 4 for outbound requests: endpoints that insist get what they expect.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

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

// ---- for whoever checks a signature ----

// What a signature covers. All of it as the manual wants it: the path encoded, the query by
// canonical_query, headers in lower case and in order.
struct SignedText {
  std::string method;
  std::string path;
  std::string query;
  Headers headers;
  std::string body_hash;
};
// Name and value pairs in order, each part encoded anew.
[[nodiscard]] std::string canonical_query(std::string_view query);
// In hexadecimal digits. `date`: "20261122T094310Z".
[[nodiscard]] std::string signature_of(const SignedText&, const std::string& secret_access_key,
                                       const SigningScope&, const std::string& date);

}  // namespace presso::server
