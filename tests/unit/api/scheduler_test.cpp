// EventBridge Scheduler on the wire, through the whole of presso.
#include <doctest/doctest.h>

#include <string>

#include "api/scheduler/rest.h"
#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

const std::string kTarget =
    R"("FlexibleTimeWindow":{"Mode":"OFF"},"Target":{"Arn":"arn:aws:sqs:us-east-1:000000000000:q",)"
    R"("RoleArn":"arn:aws:iam::000000000000:role/r"}})";

struct Scheduling : World {
  api::Response send(std::string_view method, std::string_view target,
                     const std::string& body = "") {
    auto work =
        api::scheduler::dispatch({.method = method, .target = target, .body = body, .caller = {}});
    REQUIRE(work.has_value());
    return api::scheduler::to_response(run(*work));
  }
  // "STATUS NAME: message" of an error, else the body.
  std::string ask(std::string_view method, std::string_view target, const std::string& body = "") {
    const api::Response response = send(method, target, body);
    if (response.error_type.empty()) return response.body;
    return std::to_string(response.status) + " " + response.error_type + ": " + response.body;
  }
};

}  // namespace

TEST_CASE("a schedule is created, shown with its defaults, updated and deleted") {
  Scheduling world;
  const std::string body = R"j({"ScheduleExpression":"rate(5 minutes)",)j" + kTarget;
  const std::string arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s";
  const std::string answer = R"({"ScheduleArn":")" + arn + R"("})";
  CHECK(world.ask("POST", "/schedules/s", body) == answer);
  CHECK(world.ask("POST", "/schedules/s", body) ==
        R"(409 ConflictException: {"Message":"Schedule s already exists."})");
  const Json shown = json(world.ask("GET", "/schedules/s"));
  CHECK(text_at(shown, "Arn") == arn);
  CHECK(text_at(shown, "State") == "ENABLED");
  CHECK(text_at(shown, "GroupName") == "default");
  CHECK(text_at(shown, "ScheduleExpressionTimezone") == "UTC");
  CHECK(text_at(shown, "ActionAfterCompletion") == "NONE");
  CHECK(dump_json(shown["Target"]["RetryPolicy"]) ==
        R"({"MaximumEventAgeInSeconds":86400,"MaximumRetryAttempts":185})");
  const std::string changed =
      R"j({"State":"DISABLED","ScheduleExpression":"rate(1 hour)",)j" + kTarget;
  CHECK(world.ask("PUT", "/schedules/s", changed) == answer);
  CHECK(text_at(json(world.ask("GET", "/schedules/s?groupName=default")), "State") == "DISABLED");
  CHECK(world.ask("DELETE", "/schedules/s?clientToken=t") == "{}");
  CHECK(world.ask("GET", "/schedules/s") ==
        R"(404 ResourceNotFoundException: {"Message":"Schedule s does not exist."})");
}

TEST_CASE("what is not right about a schedule is said") {
  Scheduling world;
  const auto create = [&](const std::string& members) {
    return world.ask("POST", "/schedules/s", members + kTarget);
  };
  CHECK(create(R"j({"ScheduleExpression":"cron(1)",)j") ==
        R"(400 ValidationException: {"Message":"Invalid Schedule Expression cron(1)."})");
  CHECK(create(R"j({"ScheduleExpression":"rate(1 day)","GroupName":"none",)j") ==
        R"(404 ResourceNotFoundException: {"Message":"Schedule group none does not exist."})");
  CHECK(create(R"j({"ScheduleExpressionTimezone":"Mars","ScheduleExpression":"rate(1 day)",)j")
            .starts_with("400 ValidationException"));
  CHECK(create(R"j({"ScheduleExpression":"rate(1 day)","State":"ON",)j")
            .find("Member must satisfy enum value set: [ENABLED, DISABLED]") != std::string::npos);
  CHECK(world.ask("POST", "/schedules/s", "no JSON").starts_with("400 ValidationException"));
  CHECK(world.ask("PATCH", "/schedules/s").starts_with("400 ValidationException"));
  CHECK_FALSE(
      api::scheduler::dispatch({.method = "GET", .target = "/other", .body = "", .caller = {}})
          .has_value());
}

TEST_CASE("the same token makes one schedule") {
  Scheduling world;
  const std::string body =
      R"j({"ClientToken":"t1","ScheduleExpression":"rate(5 minutes)",)j" + kTarget;
  CHECK(world.ask("POST", "/schedules/s", body) == world.ask("POST", "/schedules/s", body));
}

TEST_CASE("groups hold schedules, have tags, and take their schedules with them") {
  Scheduling world;
  const std::string arn = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/g";
  CHECK(world.ask("POST", "/schedule-groups/g", R"({"Tags":[{"Key":"k","Value":"v"}]})") ==
        R"({"ScheduleGroupArn":")" + arn + R"("})");
  CHECK(text_at(json(world.ask("GET", "/schedule-groups/default")), "State") == "ACTIVE");
  CHECK(json(world.ask("GET", "/schedule-groups"))["ScheduleGroups"].size() == 2);
  const std::string tags =
      "/tags/arn%3Aaws%3Ascheduler%3Aus-east-1%3A000000000000%3Aschedule-group%2Fg";
  CHECK(world.ask("GET", tags) == R"({"Tags":[{"Key":"k","Value":"v"}]})");
  CHECK(world.ask("POST", tags, R"({"Tags":[{"Key":"l","Value":"w"}]})") == "{}");
  CHECK(world.ask("DELETE", tags + "?TagKeys=k&TagKeys=x") == "{}");
  CHECK(world.ask("GET", tags) == R"({"Tags":[{"Key":"l","Value":"w"}]})");
  const std::string body =
      R"j({"GroupName":"g","ScheduleExpression":"rate(5 minutes)",)j" + kTarget;
  CHECK(world.ask("POST", "/schedules/s", body).find("schedule/g/s") != std::string::npos);
  CHECK(json(world.ask("GET", "/schedules?ScheduleGroup=g&MaxResults=5"))["Schedules"].size() == 1);
  CHECK(json(world.ask("GET", "/schedules?ScheduleGroup=default"))["Schedules"].empty());
  CHECK(world.ask("DELETE", "/schedule-groups/g") == "{}");
  CHECK(json(world.ask("GET", "/schedules"))["Schedules"].empty());
  CHECK(world.ask("GET", "/schedule-groups/g").starts_with("404 ResourceNotFoundException"));
}

}  // namespace presso::test
