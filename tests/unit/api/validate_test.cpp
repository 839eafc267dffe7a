#include "api/validate.h"

#include <doctest/doctest.h>

#include <string>

#include "api/events/shapes_event.h"
#include "api/events/shapes_rule.h"
#include "api/states/shapes_execution.h"
#include "base/json.h"

namespace presso::api {
namespace {

template <class S>
std::string refusal_of(const Json& request) {
  const auto valid = validate(request, kShape<S>);
  if (valid) return "valid";
  CHECK(valid.error().code == "ValidationException");
  return valid.error().message;
}
template <class S>
std::string refusal(std::string_view text) {
  const auto request = parse_json(text);
  REQUIRE(request);
  return refusal_of<S>(*request);
}

std::string repeated(std::size_t count, char c) { return std::string(count, c); }

}  // namespace

TEST_CASE("recorded: a page that is too large, a token that is too long") {
  CHECK(refusal<states::ListStateMachinesRequest>(R"({"maxResults":1001})") ==
        "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: "
        "Member must have value less than or equal to 1000");
  const std::string token = repeated(1025, 'x');
  CHECK(refusal<states::ListStateMachinesRequest>(R"({"nextToken":")" + token + R"("})") ==
        "1 validation error detected: Value '" + token +
            "' at 'nextToken' failed to satisfy constraint: Member must have length less than or "
            "equal to 1024");
}

TEST_CASE("recorded: a status that is not one of the enum's values") {
  CHECK(refusal<states::ListExecutionsRequest>(R"({"statusFilter":"succeeded"})") ==
        "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy "
        "constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, "
        "ABORTED, FAILED, RUNNING]");
}

TEST_CASE("recorded: members of a structure in a list are named by their place") {
  const std::string prefix = R"({"Rule":"r","Targets":[{"Arn":"arn:aws:sqs:a:1:q","Id":")";
  CHECK(refusal<events::PutTargetsRequest>(prefix + R"(!@#$@!#$"}]})") ==
        "1 validation error detected: Value '!@#$@!#$' at 'targets.1.member.id' failed to satisfy "
        "constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+");
  const std::string id = repeated(65, 'x');
  CHECK(refusal<events::PutTargetsRequest>(prefix + id + R"("}]})") ==
        "1 validation error detected: Value '" + id +
            "' at 'targets.1.member.id' failed to satisfy constraint: Member must have length less "
            "than or equal to 64");
}

TEST_CASE("recorded: a list that is too long is shown as Java shows it") {
  Json entry = Json::object();
  entry["Source"] = "core";
  entry["Detail"] = R"({"a": 1})";
  Json request = Json::object();
  request["Entries"] = Json::array();
  for (int i = 0; i < 11; ++i) request["Entries"].push_back(entry);
  const std::string message = refusal_of<events::PutEventsRequest>(request);
  const std::string shown =
      "PutEventsRequestEntry(time=null, source=core, resources=null, detailType=null, "
      "detail={\"a\": 1}, eventBusName=null, traceHeader=null, kmsKeyIdentifier=null, "
      "internalMetadata=null)";
  CHECK(message.starts_with("1 validation error detected: Value '[" + shown + ", " + shown));
  CHECK(message.ends_with(shown +
                          "]' at 'entries' failed to satisfy constraint: Member must have length "
                          "less than or equal to 10"));
}

TEST_CASE("what is missing is null, and all errors are told at once") {
  CHECK(refusal<states::StartExecutionRequest>(R"({"name":""})") ==
        "2 validation errors detected: Value null at 'stateMachineArn' failed to satisfy "
        "constraint: Member must not be null; Value '' at 'name' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1");
  CHECK(refusal<events::PutTargetsRequest>(R"({"Rule":"r","Targets":[{"Arn":"a"},null]})") ==
        "2 validation errors detected: Value null at 'targets.1.member.id' failed to satisfy "
        "constraint: Member must not be null; Value null at 'targets.2.member' failed to satisfy "
        "constraint: Member must not be null");
}

TEST_CASE("recorded: the pattern comes before the length") {
  const std::string name = repeated(64, 'x') + " y";
  CHECK(refusal<events::RuleRequest>(R"({"Name":")" + name + R"("})") ==
        "2 validation errors detected: Value '" + name +
            "' at 'name' failed to satisfy constraint: Member must satisfy regular expression "
            "pattern: [\\.\\-_A-Za-z0-9]+; Value '" +
            name +
            "' at 'name' failed to satisfy constraint: Member must have length less than or equal "
            "to 64");
}

TEST_CASE("a sensitive value is not shown") {
  Json request = Json::object();
  request["stateMachineArn"] = "arn";
  request["input"] = repeated(262'145, ' ');
  CHECK(refusal_of<states::StartExecutionRequest>(request) ==
        "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must "
        "have length less than or equal to 262144");
}

TEST_CASE("texts in a list and entries of a map are refused as a whole") {
  CHECK(refusal<events::RemoveTargetsRequest>(R"({"Rule":"r","Ids":["a","b c"]})") ==
        "1 validation error detected: Value '[a, b c]' at 'ids' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must have length less than or equal to 64, Member "
        "must have length greater than or equal to 1, Member must satisfy regular expression "
        "pattern: [\\.\\-_A-Za-z0-9]+]");
  CHECK(refusal<events::PutTargetsRequest>(
            R"({"Rule":"r","Targets":[{"Id":"1","Arn":"a","InputTransformer":)"
            R"({"InputTemplate":"t","InputPathsMap":{"a.b":"$"}}}]})") ==
        "1 validation error detected: Value '{a.b=$}' at "
        "'targets.1.member.inputTransformer.inputPathsMap' failed to satisfy constraint: Map keys "
        "must satisfy constraint: [Member must have length less than or equal to 256, Member must "
        "have length greater than or equal to 1, Member must satisfy regular expression pattern: "
        "[A-Za-z0-9\\_\\-]+]");
}

TEST_CASE("lengths are counted in UTF-16 units, as Java counts") {
  std::string name;
  for (int i = 0; i < 40; ++i) name += "\xF0\x9F\x98\x80";
  Json request = Json::object();
  request["stateMachineArn"] = "arn";
  request["name"] = name;
  CHECK(refusal_of<states::StartExecutionRequest>(request) == "valid");
  request["name"] = name + "x";
  CHECK(refusal_of<states::StartExecutionRequest>(request) != "valid");
}

TEST_CASE("a request that breaks very much is refused with a bounded text") {
  Json request = Json::object();
  request["Rule"] = "r";
  request["Targets"] = Json::array();
  for (int i = 0; i < 5'000; ++i) request["Targets"].push_back(Json::object());
  CHECK(refusal_of<events::PutTargetsRequest>(request).starts_with(
      "1000 validation errors detected"));
}

}  // namespace presso::api
