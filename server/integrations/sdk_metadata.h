// What optimised integrations show of the HTTP answer beside the result itself.
#pragma once

#include <string>

#include "base/json_fwd.h"
#include "server/http_client.h"

namespace presso::server {

// {"AllHttpHeaders": {name: [value]}, "HttpHeaders": {name: value}, "HttpStatusCode": n}
[[nodiscard]] Json http_metadata(const OutboundResponse&);
// {"RequestId": …}
[[nodiscard]] Json response_metadata(const OutboundResponse&);
[[nodiscard]] std::string request_id(const OutboundResponse&);

// "text (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID:
// …; Proxy: null)": the first generation of the SDK for Java, which the optimised integrations
// show.
struct ServiceFault {
  std::string message;
  std::string service;
  int status = 0;
  std::string code;
  std::string request_id;
  std::string extended_request_id = {};  // S3's alone
  int attempts = 1;
};
[[nodiscard]] std::string optimised_cause(const ServiceFault&);
// "text (Service: DynamoDb, Status Code: 400, Request ID: …) (SDK Attempt Count: 1)": the second,
// of aws-sdk.
[[nodiscard]] std::string sdk_cause(const ServiceFault&);
// " (SDK Attempt Count: 1)"
[[nodiscard]] std::string attempts_suffix(int attempts);

}  // namespace presso::server
