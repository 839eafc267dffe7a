// Amazon S3, path-style: https://docs.aws.amazon.com/AmazonS3/latest/API/
//
// Two kinds of Resource come here. `aws-sdk:s3:ACTION` is the API, its results as the SDK for Java
// shows them. `s3:getObject`, `s3:listObjectsV2` and `s3:putObject` are what a Map's ItemReader and
// ResultWriter use: getObject unpacks gzip, putObject stores a text as it is, and a listing goes on
// until its end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "server/http_client.h"
#include "server/integrations/integration.h"
#include "server/integrations/s3_operations.h"

namespace presso::server {

enum class S3Form { Sdk, Optimised };

// An object, a listing and what gzip holds: up to so many bytes. A Map reads files far larger than
// a state's data may be.
inline constexpr std::size_t kS3Bytes = 256UL * 1024 * 1024;

// Of a task's Parameters, JSON text. Unsigned. The failure is the task's.
[[nodiscard]] std::variant<OutboundRequest, run::Failure> s3_request(const S3Operation&, S3Form,
                                                                     std::string_view endpoint,
                                                                     const std::string& parameters);

[[nodiscard]] CallResult s3_result(const S3Operation&, S3Form, OutboundResult);

// All pages of a listing, for an ItemReader: {"Contents": [{"Etag", "LastModified", "Key", "Size",
// "StorageClass"}]} with LastModified in whole seconds since the epoch.
//
//   S3Listing listing(endpoint, parameters);
//   do { send(listing.next()) … } while (!(outcome = listing.take(answer)));
class S3Listing {
 public:
  S3Listing(std::string endpoint, std::string parameters);

  [[nodiscard]] std::variant<OutboundRequest, run::Failure> next() const;
  // Nothing while there are more pages.
  [[nodiscard]] std::optional<CallResult> take(OutboundResult);

 private:
  std::string endpoint_;
  std::string parameters_;
  std::string contents_;  // JSON texts of the objects, joined by commas
};

}  // namespace presso::server
