#include "server/integrations/http_task.h"

#include <doctest/doctest.h>

#include "base/json.h"

namespace presso::server {

namespace {

const Json kNoConnection = Json::object();

OutboundRequest request_of(const char* parameters, const Json& connection = kNoConnection) {
  auto made = http_task_request(*parse_json(parameters), connection, "eu-west-1");
  REQUIRE(std::holds_alternative<OutboundRequest>(made));
  return std::get<OutboundRequest>(made);
}

std::string refusal_of(const char* parameters) {
  const auto made = http_task_request(*parse_json(parameters), kNoConnection, "r");
  const auto* failure = std::get_if<run::Failure>(&made);
  return failure == nullptr ? "none" : *failure->error;
}

std::string header_of(const OutboundRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace

TEST_CASE("an HTTP task sends what its parameters say") {
  const auto request = request_of(
      R"({"ApiEndpoint":"http://h/p","Method":"POST","Headers":{"X-A":["1",2],"Range":"all"},)"
      R"("QueryParameters":{"q":["a","b c"],"n":1},"RequestBody":{"a":[1]}})");
  CHECK(request.method == "POST");
  CHECK(request.url == "http://h/p?q=a&q=b%20c&n=1");
  CHECK(header_of(request, "x-a") == "1,2");
  CHECK(header_of(request, "range") == "all");
  CHECK(header_of(request, "user-agent") == "Amazon|StepFunctions|HttpInvoke|eu-west-1");
  CHECK(header_of(request, "content-type") == "application/json");
  CHECK(request.body == R"({"a":[1]})");
}

TEST_CASE("a body may be a form, and has what the connection adds") {
  const auto connection =
      parse_json(R"({"AuthParameters":{"InvocationHttpParameters":{"BodyParameters":[)"
                 R"({"Key":"k","Value":"v"}]}}})");
  const auto request =
      request_of(R"({"ApiEndpoint":"http://h","Method":"POST","RequestBody":{"a":{"b":"x y"}},)"
                 R"("Transform":{"RequestBodyEncoding":"URL_ENCODED"}})",
                 *connection);
  CHECK(header_of(request, "content-type") == "application/x-www-form-urlencoded");
  CHECK(request.body == "a%5Bb%5D=x%20y&k=v");
  const auto text = request_of(R"({"ApiEndpoint":"http://h","Method":"POST","RequestBody":"plain",)"
                               R"("Headers":{"content-type":"text/plain"}})");
  CHECK(text.body == "plain");
}

TEST_CASE("lists of a form have five forms") {
  const auto body = parse_json(R"({"c":["a","b"],"n":null})");
  CHECK(url_encoded(*body, "") == "c%5B0%5D=a&c%5B1%5D=b");
  CHECK(url_encoded(*body, "INDICES") == "c%5B0%5D=a&c%5B1%5D=b");
  CHECK(url_encoded(*body, "REPEAT") == "c=a&c=b");
  CHECK(url_encoded(*body, "COMMAS") == "c=a%2Cb");
  CHECK(url_encoded(*body, "BRACKETS") == "c%5B%5D=a&c%5B%5D=b");
}

TEST_CASE("what is no request is refused") {
  CHECK(refusal_of(R"({"ApiEndpoint":"http://h","Method":"TRACE"})") == "States.Runtime");
  CHECK(refusal_of(R"({"ApiEndpoint":"ftp://h","Method":"GET"})") == "States.Runtime");
  CHECK(refusal_of(R"({"ApiEndpoint":"http://h","Method":"GET","Headers":{"Host":"x"}})") ==
        "States.Runtime");
  CHECK(refusal_of(R"({"ApiEndpoint":"http://h","Method":"GET","Headers":{"x-amz-a":"x"}})") ==
        "States.Runtime");
  CHECK(refusal_of(R"({"ApiEndpoint":"http://h","Method":"GET","Headers":{"a":"x\r\nb: c"}})") ==
        "States.Runtime");
}

TEST_CASE("an answer is shown whole, a failure is named by its status") {
  OutboundResponse response;
  response.status = 201;
  response.headers = {{"Content-Type", "application/json"}, {"X", "1"}, {"x", "2"}};
  response.body = R"({"a":1})";
  CHECK(std::get<std::string>(http_task_result(response)) ==
        R"({"Headers":{"content-type":["application/json"],"x":["1","2"]},)"
        R"("ResponseBody":{"a":1},"StatusCode":201,"StatusText":"Created"})");
  response.status = 404;
  const auto missing = http_task_result(response);
  CHECK(std::get<run::Failure>(missing).error == "States.Http.StatusCode.404");
  CHECK(std::get<run::Failure>(missing).cause == R"({"a":1})");
  const auto none = http_task_result(NoResponse{"Connection refused"});
  CHECK(std::get<run::Failure>(none).error == "States.Http.Socket");
}

}  // namespace presso::server
