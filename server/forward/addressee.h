// For which service a request is, by what it says of itself: the prefix of X-Amz-Target, the scope
// of its signature (in a header or in the query), its host, its path. No signature is verified.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/caller.h"
#include "server/http_message.h"
#include "server/routes/route.h"

namespace presso::server {

// How a service tells its errors.
enum class ErrorForm { Json10, Json11, RestJson, Cbor, Query, Ec2, S3, RestXml };

struct Addressee {
  std::string service;      // of service_key; empty: nothing tells
  std::string family = {};  // that of the signature, when it is another one: "dynamodb" of
                            // DynamoDB Streams
  bool is_signed = false;
  ErrorForm form = ErrorForm::RestJson;
};

// Of the head alone.
[[nodiscard]] Addressee addressee_of(const HttpRequest&);

// What is called, as routes name it: of the head, and of a body in JSON when it has to be read.
[[nodiscard]] Called called_by_request(const Addressee&, const HttpRequest&, const core::Caller&,
                                       bool reads_body = true);

// "media" of media.s3.localhost:4566, and of media.localhost; empty for a host without a bucket.
[[nodiscard]] std::string_view bucket_of_host(std::string_view host);

// Account and region by the signature, in the header or in the query.
[[nodiscard]] core::Caller caller_of_request(const HttpRequest&, const core::Caller& otherwise);

}  // namespace presso::server
