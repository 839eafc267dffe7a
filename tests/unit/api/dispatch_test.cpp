#include "api/dispatch.h"

#include <doctest/doctest.h>

#include <string>

#include "api/operation.h"
#include "base/json.h"

namespace presso::api {
namespace {

core::Answer answer_to(std::string_view target, std::string_view body) {
  const Work work = dispatch({.target = target, .body = body, .caller = {}});
  const auto* answer = std::get_if<core::Answer>(&work);
  REQUIRE(answer != nullptr);
  return *answer;
}

}  // namespace

TEST_CASE("an unknown operation is told from one that presso does not serve yet") {
  for (const char* target : {"", "AWSStepFunctions", "AWSStepFunctions.", "AWSEvents.Nothing",
                             "Kinesis_20131202.PutRecord", "AWSStepFunctions.startExecution"}) {
    CAPTURE(target);
    CHECK(answer_to(target, "{}").body ==
          R"({"__type":"UnknownOperationException","message":"Unknown operation"})");
  }
  for (const std::string_view name : absent_operations(Service::StepFunctions)) {
    const auto absent = answer_to("AWSStepFunctions." + std::string{name}, "{}");
    CHECK(absent.error_code == "UnknownOperationException");
    CHECK(absent.http_status == 400);
    CHECK(absent.body.find("presso does not serve the operation " + std::string{name} + " yet") !=
          std::string::npos);
  }
}

TEST_CASE("a body that is no JSON object is a SerializationException") {
  for (const char* body : {"{", "nonsense", "[]", "1", "\xFF", "{\"input\":\"a\" \"b\"}", "null"}) {
    CAPTURE(body);
    const auto answer = answer_to("AWSStepFunctions.StartExecution", body);
    CHECK(answer.error_code == "SerializationException");
    CHECK(answer.http_status == 400);
  }
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += '[';
  CHECK(answer_to("AWSEvents.PutEvents", deep).error_code == "SerializationException");
}

TEST_CASE("no body at all is a request without members") {
  CHECK(answer_to("AWSStepFunctions.StartExecution", "").error_code == "ValidationException");
}

TEST_CASE("an answer leaves with its protocol's content type and its error's name") {
  const auto error = to_response(error_answer("InvalidArn", "Invalid Arn: 'x'"),
                                 protocol_of("AWSStepFunctions.X"));
  CHECK(error.status == 400);
  CHECK(error.content_type == "application/x-amz-json-1.0");
  CHECK(error.error_type == "InvalidArn");
  CHECK(error.body == R"({"__type":"InvalidArn","message":"Invalid Arn: 'x'"})");
  const auto success = to_response({.body = "{}", .error_code = {}}, protocol_of("AWSEvents.X"));
  CHECK(success.status == 200);
  CHECK(success.content_type == "application/x-amz-json-1.1");
  CHECK(success.error_type.empty());
}

TEST_CASE("operations are found by name, so their rows are in order") {
  for (const Service service : {Service::StepFunctions, Service::EventBridge}) {
    std::string_view last;
    for (const Operation& operation : operations(service)) {
      CHECK(last < operation.name);
      last = operation.name;
      CHECK(find_operation(service, operation.name) == &operation);
    }
    last = {};
    for (const std::string_view name : absent_operations(service)) {
      CHECK(last < name);
      last = name;
      CHECK(find_operation(service, name) == nullptr);
    }
  }
}

TEST_CASE("what is not asked of the core is answered at once") {
  const std::string event =
      R"(","Event":"{\"id\":\"1\",\"account\":\"1\",\"source\":\"a\",)"
      R"(\"time\":\"2026-01-01T00:00:00Z\",\"region\":\"r\",\"resources\":[],)"
      R"(\"detail-type\":\"t\",\"detail\":{}}"})";
  const auto test = [&](const std::string& pattern) {
    return answer_to("AWSEvents.TestEventPattern", R"({"EventPattern":")" + pattern + event);
  };
  CHECK(test(R"({\"source\":[\"a\"]})").body == R"({"Result":true})");
  CHECK(test(R"({\"source\":[\"b\"]})").body == R"({"Result":false})");
  CHECK(test("[]").error_code == "InvalidEventPatternException");
  CHECK(answer_to("AWSEvents.TestEventPattern", R"({"EventPattern":"{\"source\":[\"a\"]}",)"
                                                R"("Event":"7"})")
            .body ==
        R"({"__type":"ValidationException","message":"Parameter Event is not valid."})");
}

}  // namespace presso::api
