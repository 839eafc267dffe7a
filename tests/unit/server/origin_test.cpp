#include "server/origin.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace presso::server {
namespace {

const std::vector<std::string> kNone;
const std::vector<std::string> kOne = {"https://App.example:3000"};
const std::vector<std::string> kAll = {"*"};

TEST_CASE("loopback is loopback in every spelling, and nothing else is") {
  for (const char* host : {"localhost", "LOCALHOST:4566", "app.localhost", "127.0.0.1",
                           "127.0.0.1:4566", "127.9.8.7", "[::1]", "[::1]:4566"}) {
    CHECK_MESSAGE(is_loopback_host(host), host);
  }
  for (const char* host :
       {"", ":", "[", "[]", "localhost.evil.example", "127.0.0.1.evil.example", "127.evil.example",
        "evil-localhost", "128.0.0.1", "0.0.0.0", "[::2]", "127.1", "10.0.0.1"}) {
    CHECK_FALSE_MESSAGE(is_loopback_host(host), host);
  }
}

TEST_CASE("pages of loopback and of allowed origins may use the server") {
  CHECK(is_origin_allowed("http://localhost:3000", kNone));
  CHECK(is_origin_allowed("https://127.0.0.1", kNone));
  CHECK(is_origin_allowed("http://[::1]:8080", kNone));
  for (const char* origin : {"null", "https://evil.example", "http://localhost.evil.example",
                             "file://", "chrome-extension://localhost", "localhost", "http://"}) {
    CHECK_FALSE_MESSAGE(is_origin_allowed(origin, kNone), origin);
    CHECK_MESSAGE(is_origin_allowed(origin, kAll), origin);
  }
  CHECK(is_origin_allowed("https://app.example:3000", kOne));
  CHECK_FALSE(is_origin_allowed("https://app.example", kOne));
  CHECK_FALSE(is_origin_allowed("http://app.example:3000", kOne));
}

TEST_CASE("a host is allowed with its origin, on any port") {
  CHECK(is_host_allowed("localhost:4566", kNone));
  CHECK_FALSE(is_host_allowed("app.example:4566", kNone));
  CHECK(is_host_allowed("app.example:4566", kOne));
  CHECK(is_host_allowed("APP.example", kOne));
  CHECK_FALSE(is_host_allowed("evil.example", kOne));
  CHECK_FALSE(is_host_allowed("", kOne));
  CHECK(is_host_allowed("evil.example", kAll));
}

TEST_CASE("only a name of the public DNS may be a page's that was rebound") {
  for (const char* host :
       {"evil.example", "evil.example:4566", "EVIL.example", "a.b.c.com.", "localhost.evil.example",
        "1.2.3.4.evil.example", "amazonaws.com.evil"}) {
    CHECK_MESSAGE(may_be_rebound(host, kNone), host);
    CHECK_FALSE_MESSAGE(may_be_rebound(host, kAll), host);
  }
  for (const char* host :
       {"", "localhost:4566", "presso", "presso:4566", "10.0.0.7:4566", "[::1]:4566", "[fd00::7]",
        "host.docker.internal:4566", "presso.default.svc.cluster.local",
        "bucket.s3.us-east-1.amazonaws.com", "s3.localhost.localstack.cloud:4566"}) {
    CHECK_FALSE_MESSAGE(may_be_rebound(host, kNone), host);
  }
  CHECK_FALSE(may_be_rebound("app.example:4566", kOne));
}

}  // namespace
}  // namespace presso::server
