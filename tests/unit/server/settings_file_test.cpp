#include "server/settings_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace presso::server {
namespace {

// What is read of the text, or the error without the file's folder.
Result<Settings> settings_of(const std::string& text) {
  std::string folder = (std::filesystem::temp_directory_path() / "presso-test-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  std::ofstream{folder + "/presso.yaml"} << text;
  auto settings = read_settings(folder + "/presso.yaml");
  std::filesystem::remove_all(folder);
  if (settings) return settings;
  Error error = settings.error();
  error.message.erase(0, folder.size() + 1);
  return error;
}
std::string settings_refusal(const std::string& text) {
  const auto settings = settings_of(text);
  return settings ? "" : settings.error().message;
}

}  // namespace

TEST_CASE("routes are read in all their forms, each with its line") {
  const auto settings = settings_of(R"(functions: {orders: {runtime: provided.al2023}}
routes:
  arn:aws:lambda:us-east-1:*:function:o*: function orders
  queue jobs-*: http://localhost:9324/
  lambda:invoke: mock
  dynamodb: aws
  s3: {to: http://localhost:9000, max_in_flight: 8, timeout: 2.5}
)");
  REQUIRE(settings);
  REQUIRE(settings->routes.size() == 5);
  CHECK(settings->routes[4].limits == RouteLimits{.max_in_flight = 8, .timeout = Duration{2'500}});
  CHECK(settings->routes[3].limits == RouteLimits{});
  CHECK(settings->routes[0].to ==
        Destination{.kind = DestinationKind::Function, .value = "orders"});
  CHECK(settings->routes[1].to.value == "http://localhost:9324");
  CHECK(settings->routes[1].where.ends_with("presso.yaml:4"));
  CHECK(settings->functions.size() == 1);
  CHECK(settings_of("")->routes.empty());
  CHECK(settings_of("routes:\n")->routes.empty());
}

TEST_CASE("a retention is read, or refused with its line") {
  CHECK(settings_of("retention: 30m")->retention == seconds(1'800));
  CHECK_FALSE(settings_of("routes: {}")->retention);
  CHECK(settings_refusal("routes: {}\nretention: soon") ==
        "presso.yaml:2: retention wants a time as in 90d, 12h or 30m, not 'soon'");
  CHECK(settings_refusal("retention: [1d]") ==
        "presso.yaml:1: retention wants a time as in 90d, 12h or 30m, not ''");
}

TEST_CASE("what is wrong in the file is told with its line") {
  CHECK(settings_refusal("routs: {}") == "presso.yaml:1: there is no section 'routs'");
  CHECK(settings_refusal("routes:\n  sqss: mock") ==
        "presso.yaml:2: route sqss: there is no service 'sqss'");
  CHECK(settings_refusal("routes:\n  sqs: [mock]") ==
        "presso.yaml:2: route sqs: it goes to a URL, function NAME, mock, aws or forward");
  CHECK(settings_refusal("routes:\n  sqs: mock\n  sqs: aws") ==
        "presso.yaml:3: route sqs: it is there twice");
  CHECK(settings_refusal("\nroutes:\n  function a: function b") ==
        "presso.yaml:3: route function a: there is no function 'b'");
  CHECK(settings_refusal("routes:\n  sqs: {max_in_flight: 8}") ==
        "presso.yaml:2: route sqs: it goes to a URL, function NAME, mock, aws or forward");
  CHECK(settings_refusal("routes:\n  sqs:\n    to: aws\n    max_in_flight: many") ==
        "presso.yaml:4: route sqs: max_in_flight is a whole number from 1 to 10000");
  CHECK(settings_refusal("routes:\n  sqs:\n    to: aws\n    timeout: 0") ==
        "presso.yaml:4: route sqs: timeout is a number of seconds, at most 86400");
  CHECK(settings_refusal("routes:\n  sqs: {to: aws, most: 8}") ==
        "presso.yaml:2: route sqs: there is no 'most' of a route: it has to, max_in_flight, "
        "timeout and max_attempts");
  CHECK(settings_refusal("routes:\n  sqs: {to: aws, max_attempts: 0}") ==
        "presso.yaml:2: route sqs: max_attempts is a whole number from 1 to 10");
  CHECK(settings_refusal("routes: [") != "");
  CHECK(settings_refusal("- a") == "presso.yaml:1: the file is a map of sections");
}

}  // namespace presso::server
