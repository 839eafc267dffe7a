// Every operation with everything that may be wrong with a request. What its members may be is
// told by its shape, which the model's test holds to the service's own; so each member is left out,
// given another type, made too long and too short, and given what it does not list.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "tests/unit/api/mistakes.h"
#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

using api::Member;
using api::Shape;

const std::string kStates = "arn:aws:states:us-east-1:000000000000:";

// A request that is right, by operation. Names in capitals after a $ are of what the world has.
struct Valid {
  std::string_view operation;
  std::string_view request;
};
constexpr Valid kValid[] = {
    {"CreateActivity", R"({"name":"another","tags":[{"key":"k","value":"v"}]})"},
    {"CreateStateMachine",
     R"({"name":"another","definition":"$PASS","roleArn":"arn:aws:iam::000000000000:role/r",
        "type":"STANDARD","publish":true,"versionDescription":"first",
        "loggingConfiguration":{"level":"OFF","includeExecutionData":false},
        "tracingConfiguration":{"enabled":false},"tags":[{"key":"k","value":"v"}],
        "encryptionConfiguration":{"type":"AWS_OWNED_KEY"}})"},
    {"CreateStateMachineAlias",
     R"({"name":"other","description":"d",
        "routingConfiguration":[{"stateMachineVersionArn":"$VERSION","weight":100}]})"},
    {"DeleteActivity", R"({"activityArn":"$ACTIVITY"})"},
    {"DeleteStateMachine", R"({"stateMachineArn":"$MACHINE"})"},
    {"DeleteStateMachineAlias", R"({"stateMachineAliasArn":"$ALIAS"})"},
    {"DeleteStateMachineVersion", R"({"stateMachineVersionArn":"$UNUSED"})"},
    {"DescribeActivity", R"({"activityArn":"$ACTIVITY"})"},
    {"DescribeExecution", R"({"executionArn":"$EXECUTION","includedData":"ALL_DATA"})"},
    {"DescribeMapRun", R"({"mapRunArn":"$MAPRUN"})"},
    {"DescribeStateMachine", R"({"stateMachineArn":"$MACHINE","includedData":"ALL_DATA"})"},
    {"DescribeStateMachineAlias", R"({"stateMachineAliasArn":"$ALIAS"})"},
    {"DescribeStateMachineForExecution",
     R"({"executionArn":"$EXECUTION","includedData":"ALL_DATA"})"},
    {"GetActivityTask", R"({"activityArn":"$ACTIVITY","workerName":"w"})"},
    {"GetExecutionHistory",
     R"({"executionArn":"$EXECUTION","maxResults":1,"reverseOrder":true,
        "includeExecutionData":true})"},
    {"ListActivities", R"({"maxResults":1})"},
    {"ListExecutions", R"({"stateMachineArn":"$MACHINE","statusFilter":"RUNNING","maxResults":1})"},
    {"ListMapRuns", R"({"executionArn":"$MAPPED","maxResults":1})"},
    {"ListStateMachineAliases", R"({"stateMachineArn":"$MACHINE","maxResults":1})"},
    {"ListStateMachineVersions", R"({"stateMachineArn":"$MACHINE","maxResults":1})"},
    {"ListStateMachines", R"({"maxResults":1})"},
    {"ListTagsForResource", R"({"resourceArn":"$MACHINE"})"},
    {"PublishStateMachineVersion", R"({"stateMachineArn":"$MACHINE","description":"d"})"},
    {"RedriveExecution", R"({"executionArn":"$STOPPED","clientToken":"t"})"},
    {"SendTaskFailure", R"({"taskToken":"$TOKEN","error":"E","cause":"c"})"},
    {"SendTaskHeartbeat", R"({"taskToken":"$TOKEN"})"},
    {"SendTaskSuccess", R"({"taskToken":"$TOKEN","output":"{}"})"},
    {"StartExecution",
     R"({"stateMachineArn":"$MACHINE","name":"another","input":"{}","traceHeader":"x"})"},
    {"StartSyncExecution",
     R"({"stateMachineArn":"$EXPRESS","name":"n","input":"{}","traceHeader":"x",
        "includedData":"ALL_DATA"})"},
    {"StopExecution", R"({"executionArn":"$EXECUTION","error":"E","cause":"c"})"},
    {"TagResource", R"({"resourceArn":"$MACHINE","tags":[{"key":"k","value":"v"}]})"},
    {"TestState", R"({"definition":"$STATE","input":"{}","inspectionLevel":"INFO"})"},
    {"UntagResource", R"({"resourceArn":"$MACHINE","tagKeys":["k"]})"},
    {"UpdateMapRun",
     R"({"mapRunArn":"$OPENRUN","maxConcurrency":2,"toleratedFailureCount":1,
        "toleratedFailurePercentage":5.5})"},
    {"UpdateStateMachine",
     R"({"stateMachineArn":"$MACHINE","definition":"$PASS","publish":true,
        "versionDescription":"second"})"},
    {"UpdateStateMachineAlias",
     R"({"stateMachineAliasArn":"$ALIAS","description":"d",
        "routingConfiguration":[{"stateMachineVersionArn":"$VERSION","weight":100}]})"},
    {"ValidateStateMachineDefinition",
     R"({"definition":"$PASS","type":"STANDARD","severity":"ERROR","maxResults":1})"},
};

constexpr const char* kMapMachine = R"({"StartAt":"M","States":{"M":{"Type":"Map","Label":"M",
    "ItemsPath":"$.items","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED",
    "ExecutionType":"STANDARD"},"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$",
    "End":true}}}}}})";

// A world in which every one of these requests succeeds.
class Prepared {
 public:
  Prepared() {
    const std::string machine = world.create_machine("Orders", wait_for_token_machine());
    const std::string version = made("PublishStateMachineVersion",
                                     Json{{"stateMachineArn", machine}}, "stateMachineVersionArn");
    // Another revision, so that there is a version of which no alias knows.
    world.call("AWSStepFunctions.UpdateStateMachine",
               Json{{"stateMachineArn", machine}, {"roleArn", "arn:aws:iam::000000000000:role/o"}});
    names_["UNUSED"] = made("PublishStateMachineVersion", Json{{"stateMachineArn", machine}},
                            "stateMachineVersionArn");
    names_["MACHINE"] = machine;
    names_["VERSION"] = version;
    const Json route{{"stateMachineVersionArn", version}, {"weight", 100}};
    names_["ALIAS"] = made("CreateStateMachineAlias",
                           Json{{"name", "live"}, {"routingConfiguration", Json::array({route})}},
                           "stateMachineAliasArn");
    names_["ACTIVITY"] = made("CreateActivity", Json{{"name", "make"}}, "activityArn");
    names_["EXECUTION"] = world.start(machine, "one");
    names_["STOPPED"] = world.start(machine, "two");
    world.call("AWSStepFunctions.StopExecution", Json{{"executionArn", names_["STOPPED"]}});
    names_["EXPRESS"] = made("CreateStateMachine",
                             Json{{"name", "Fast"},
                                  {"definition", dump_json(pass_machine())},
                                  {"roleArn", "arn:aws:iam::000000000000:role/r"},
                                  {"type", "EXPRESS"}},
                             "stateMachineArn");
    const std::string mapping = world.create_machine("Mapping", json(kMapMachine));
    names_["MAPPED"] = world.start(mapping, "done", R"({"items":[0]})");
    names_["MAPRUN"] = run_of(names_["MAPPED"]);
    names_["OPENRUN"] = run_of(world.start(mapping, "open", R"({"items":[100,100]})"));
    names_["TOKEN"] = token_of(names_["EXECUTION"]);
    names_["STALE"] = token_of(names_["STOPPED"]);
    names_["PASS"] = escaped(dump_json(pass_machine()));
    names_["STATE"] = escaped(R"({"Type":"Pass","End":true})");
  }

  [[nodiscard]] const std::string& operator[](const std::string& name) const {
    return names_.at(name);
  }
  [[nodiscard]] Json request(std::string_view text) const {
    std::string filled{text};
    for (const auto& [name, value] : names_) {
      const std::string from = "$" + name + "\"";
      for (auto at = filled.find(from); at != std::string::npos; at = filled.find(from)) {
        filled.replace(at, from.size() - 1, value);
      }
    }
    return json(filled);
  }

  World world;

 private:
  static std::string escaped(const std::string& text) {
    const std::string quoted = dump_json(Json(text));
    return quoted.substr(1, quoted.size() - 2);
  }
  std::string made(const std::string& operation, const Json& request, const char* member) {
    return text_at(world.call("AWSStepFunctions." + operation, request), member);
  }
  std::string run_of(const std::string& execution) {
    const Json runs = world.call("AWSStepFunctions.ListMapRuns", Json{{"executionArn", execution}});
    return runs.at("mapRuns").at(0).at("mapRunArn").get<std::string>();
  }
  std::string token_of(const std::string& execution) {
    const Json told =
        world.call("AWSStepFunctions.GetExecutionHistory", Json{{"executionArn", execution}});
    for (const Json& event : told.at("events")) {
      if (!event.contains("taskScheduledEventDetails")) continue;
      const Json asked =
          json(event.at("taskScheduledEventDetails").at("parameters").get<std::string>());
      std::string found;
      find_token(asked, found);
      if (!found.empty()) return found;
    }
    FAIL("no token");
    return {};
  }
  static void find_token(const Json& value, std::string& found) {
    if (const std::string* text = as_string(&value)) {
      if (text->size() > 40 && run::parse_token(*text)) found = *text;
    } else if (value.is_structured()) {
      for (const Json& each : value) find_token(each, found);
    }
  }

  std::map<std::string, std::string, std::less<>> names_;
};

std::string refused(Prepared& prepared, std::string_view operation, const Json& request,
                    core::Caller caller = {}) {
  return error_of(prepared.world.call("AWSStepFunctions." + std::string{operation}, request,
                                      std::move(caller)));
}

}  // namespace

TEST_CASE("there is a right request for every operation, and it succeeds") {
  const auto all = api::operations(api::Service::StepFunctions);
  REQUIRE(all.size() == std::size(kValid));
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i].name);
    REQUIRE(all[i].name == kValid[i].operation);
    Prepared prepared;
    if (all[i].name == "GetActivityTask") continue;  // it waits for a task
    CHECK(refused(prepared, all[i].name, prepared.request(kValid[i].request)) == "");
  }
}

TEST_CASE("members that are missing, of another type, or out of bounds are refused everywhere") {
  Prepared prepared;
  std::size_t count = 0;
  for (const Valid& valid : kValid) {
    const auto* operation = api::find_operation(api::Service::StepFunctions, valid.operation);
    REQUIRE(operation != nullptr);
    for (const Mistake& mistake :
         Mistakes{prepared.request(valid.request)}.of(*operation->request)) {
      const std::string error = refused(prepared, valid.operation, mistake.request);
      ++count;
      CHECK_MESSAGE(error.starts_with(mistake.code + ": "),
                    valid.operation << " with " << dump_json(mistake.request).substr(0, 300) << "\n"
                                    << error.substr(0, 300));
      CHECK_MESSAGE(
          error.find(mistake.told) != std::string::npos,
          valid.operation << ": no \"" << mistake.told << "\" in " << error.substr(0, 300));
    }
  }
  CHECK(count > 300);
}

TEST_CASE("a token that is none, or of a task that is over, is refused everywhere") {
  Prepared prepared;
  for (const Valid& valid : kValid) {
    CAPTURE(valid.operation);
    const auto* operation = api::find_operation(api::Service::StepFunctions, valid.operation);
    for (const Member& member : operation->request->members) {
      if (member.name != "nextToken" && member.name != "taskToken") continue;
      Json with = prepared.request(valid.request);
      with[std::string{member.name}] = "nonsense";
      CHECK(refused(prepared, valid.operation, with) ==
            "InvalidToken: Invalid Token: 'Invalid token'");
      with[std::string{member.name}] = prepared["STALE"];
      CHECK(refused(prepared, valid.operation, with) ==
            (member.name == "taskToken"
                 ? "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'"
                 : "InvalidToken: Invalid Token: 'Invalid token'"));
    }
  }
}

namespace {

// What is said of an ARN that is nobody's, by the member that it is given in. Deleting what is not
// there succeeds.
std::string not_there(std::string_view operation, std::string_view member, const std::string& arn) {
  if (operation.starts_with("Delete")) return "";
  const std::string quoted = " '" + arn + "'";
  if (member == "activityArn") return "ActivityDoesNotExist: Activity Does Not Exist:" + quoted;
  if (member == "executionArn") return "ExecutionDoesNotExist: Execution Does Not Exist:" + quoted;
  if (member == "stateMachineAliasArn") {
    return "ResourceNotFound: Request references a resource that does not exist.";
  }
  if (member == "stateMachineArn") {
    return "StateMachineDoesNotExist: State Machine Does Not Exist:" + quoted;
  }
  return "ResourceNotFound: Resource not found:" + quoted;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The member that names what the operation is about, or "".
std::string arn_member(const Shape& request, const Json& valid) {
  for (const Member& member : request.members) {
    const bool is_arn = member.name.ends_with("Arn") && member.name != "roleArn";
    if (is_arn && valid.contains(std::string{member.name})) return std::string{member.name};
  }
  return "";
}

void check_arns(Prepared& prepared, std::string_view operation, const std::string& member,
                const Json& request) {
  const std::string right = request.at(member).get<std::string>();
  const auto told_of = [&](const std::string& arn, core::Caller caller = {}) {
    Json with = request;
    with[member] = arn;
    return refused(prepared, operation, with, std::move(caller));
  };
  const std::string function = "arn:aws:lambda:us-east-1:000000000000:function:f";
  for (const std::string& arn : {std::string{"nonsense"}, function}) {
    CHECK(told_of(arn) == "InvalidArn: Invalid Arn: 'Invalid ARN prefix: " + arn + "'");
  }
  const bool is_machine = right.find(":stateMachine:") != std::string::npos;
  if (member != "resourceArn") {
    CHECK(told_of(prepared[is_machine ? "ACTIVITY" : "MACHINE"]) ==
          "InvalidArn: Invalid Arn: 'Resource type not valid in this context: " +
              std::string{is_machine ? "activity" : "stateMachine"} + "'");
  }
  std::string unknown = right;
  for (const char* name : {"Orders", "make", "Fast", "Mapping"}) {
    unknown = replaced(std::move(unknown), name, "Nothing");
  }
  REQUIRE(unknown != right);
  CHECK(told_of(unknown) == not_there(operation, member, unknown));
  const std::string of_others = replaced(right, "000000000000", "111111111111");
  CHECK(told_of(of_others) == not_there(operation, member, of_others));
  const std::string far_away = replaced(right, "us-east-1", "eu-west-1");
  CHECK(told_of(far_away) == not_there(operation, member, far_away));
  CHECK(told_of(right, {"111111111111", "us-east-1"}) == not_there(operation, member, right));
  CHECK(told_of(right, {"000000000000", "eu-west-1"}) == not_there(operation, member, right));
}

}  // namespace

TEST_CASE("ARNs of nothing, of something else and of other accounts are refused everywhere") {
  int count = 0;
  for (const Valid& valid : kValid) {
    CAPTURE(valid.operation);
    Prepared prepared;
    const Json request = prepared.request(valid.request);
    const auto* operation = api::find_operation(api::Service::StepFunctions, valid.operation);
    const std::string member = arn_member(*operation->request, request);
    if (member.empty()) continue;
    check_arns(prepared, valid.operation, member, request);
    ++count;
    // It is there as before: somebody else's request has deleted and changed nothing.
    if (valid.operation == "GetActivityTask") continue;
    const std::string described = valid.operation == "DeleteActivity" ? "DescribeActivity"
                                  : valid.operation == "DeleteStateMachineAlias"
                                      ? "DescribeStateMachineAlias"
                                  : valid.operation.starts_with("Delete") ? "DescribeStateMachine"
                                                                          : "";
    if (described.empty()) {
      CHECK(refused(prepared, valid.operation, request) == "");
    } else {
      Json same = request;
      if (member == "stateMachineVersionArn") {
        same = Json{{"stateMachineArn", request.at(member)}};
      }
      CHECK(refused(prepared, described, same) == "");
    }
  }
  CHECK(count == 27);
  Prepared prepared;
  const Json runs{{"mapRunArn", prepared["MAPRUN"]}};
  CHECK(refused(prepared, "ListExecutions", runs) == "");
  check_arns(prepared, "ListExecutions", "mapRunArn", runs);
}

}  // namespace presso::test
