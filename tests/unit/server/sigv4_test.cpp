#include "server/integrations/sigv4.h"

#include <doctest/doctest.h>

namespace presso::server {

namespace {

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
constexpr std::string_view kHost = "https://examplebucket.s3.amazonaws.com";

std::string signature_of(OutboundRequest request) {
  sign(request,
       {.access_key_id = "AKIAIOSFODNN7EXAMPLE",
        .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        .session_token = ""},
       {.region = "us-east-1", .service = "s3"}, time_of_epoch_ms(1'369'353'600'000));
  const std::string authorization = request.headers.back().second;
  return authorization.substr(authorization.find("Signature=") + 10);
}

OutboundRequest request_of(std::string method, std::string_view target) {
  OutboundRequest request;
  request.method = std::move(method);
  request.url = std::string{kHost} + std::string{target};
  return request;
}

}  // namespace

TEST_CASE("requests to S3 are signed as the examples of its manual are") {
  OutboundRequest get = request_of("GET", "/test.txt");
  get.headers = {{"range", "bytes=0-9"}};
  CHECK(signature_of(get) == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");

  OutboundRequest put = request_of("PUT", "/test%24file.text");
  put.headers = {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                 {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  put.body = "Welcome to Amazon S3.";
  CHECK(signature_of(put) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");

  CHECK(signature_of(request_of("GET", "/?lifecycle")) ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  CHECK(signature_of(request_of("GET", "/?max-keys=2&prefix=J")) ==
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("a URL is signed as botocore signs it") {
  OutboundRequest request;
  request.method = "GET";
  request.url = "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15";
  request.headers = {{"x-k8s-aws-id", "kitchen"}};
  const std::string url = presigned_url(
      request,
      {.access_key_id = "AKIAIOSFODNN7EXAMPLE",
       .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
       .session_token = "token/+="},
      {.region = "eu-west-1", .service = "sts"}, seconds(60), time_of_epoch_ms(1'369'353'600'000));
  CHECK(url.starts_with(request.url + "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="));
  CHECK(
      url.ends_with("&X-Amz-Signature="
                    "bd72b8a222c86d825f52ee5adcb75dccc543f1848ce07ca55d74f25d54eeb436"));
}

}  // namespace presso::server
