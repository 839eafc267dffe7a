#include "bus/rule_book.h"

#include <doctest/doctest.h>

#include "base/json.h"

namespace presso::bus {

namespace {

const Time kNow = time_of_epoch_ms(1'700'000'000'000);

RuleBook book(Quotas quotas = {}) {
  return RuleBook{{"111122223333", "eu-west-1"}, {"Serverlesspresso"}, kNow, quotas};
}

PutRule rule(std::string name, BusReference bus = std::nullopt) {
  PutRule request;
  request.name = std::move(name);
  request.bus = std::move(bus);
  request.event_pattern = R"({"source":["shop"]})";
  return request;
}

Target target(std::string id, std::string arn = "arn:aws:sqs:eu-west-1:111122223333:q") {
  Target target;
  target.id = std::move(id);
  target.arn = std::move(arn);
  return target;
}

Event event(std::string source) {
  Event event;
  event.source = std::move(source);
  return event;
}

std::vector<std::string> matched(const RuleBook& rules, std::string_view bus,
                                 const std::string& source) {
  std::vector<std::string> names;
  for (const Rule* match : rules.match(bus, event(source))) names.push_back(match->name);
  return names;
}

Error no_rule(const std::string& name, const std::string& bus = "default") {
  return {"ResourceNotFoundException", "Rule " + name + " does not exist on EventBus " + bus + "."};
}
Error no_bus(const std::string& name) {
  return {"ResourceNotFoundException", "Event bus " + name + " does not exist."};
}

const Error kLimit{"LimitExceededException",
                   "The requested resource exceeds the maximum number allowed."};

}  // namespace

TEST_CASE("default and the configured buses exist from the start") {
  const RuleBook rules = book();
  const auto buses = rules.list_buses("");
  REQUIRE(buses.size() == 2);
  CHECK(buses[0]->name == "Serverlesspresso");
  CHECK(buses[1]->name == "default");
  CHECK(buses[1]->arn == "arn:aws:events:eu-west-1:111122223333:event-bus/default");
  CHECK(buses[1]->creation_time == kNow);
  CHECK(rules.list_buses("Server").size() == 1);
}

TEST_CASE("a bus is named by its name, its ARN, or nothing") {
  const RuleBook rules = book();
  CHECK((*rules.describe_bus(std::nullopt))->name == "default");
  CHECK((*rules.describe_bus("Serverlesspresso"))->name == "Serverlesspresso");
  CHECK(rules.find_bus("arn:aws:events:eu-west-1:111122223333:event-bus/default") == "default");
  const std::string elsewhere = "arn:aws:events:us-east-1:111122223333:event-bus/default";
  CHECK_FALSE(rules.find_bus(elsewhere).has_value());
  CHECK(rules.describe_bus(elsewhere).error() == no_bus(elsewhere));
}

TEST_CASE("buses are created once and deleted when they are empty") {
  RuleBook rules = book();
  CreateBus request;
  request.name = "mine";
  request.description = "test";
  const auto created = rules.create_bus(request, kNow);
  REQUIRE(created.has_value());
  CHECK((*created)->description == "test");
  CHECK(rules.create_bus(request, kNow).error() ==
        Error{"ResourceAlreadyExistsException", "Event bus mine already exists."});
  REQUIRE(rules.put_rule(rule("r", "mine")).has_value());
  CHECK(rules.delete_bus("mine").error().code == "ValidationException");
  REQUIRE(rules.delete_rule("r", "mine").has_value());
  CHECK(*rules.delete_bus("mine"));
  CHECK(rules.delete_bus("mine").error() ==
        Error{"ResourceNotFoundException", "Event bus mine does not exist."});
  CHECK(rules.describe_bus("mine").error() == no_bus("mine"));
  CHECK(rules.delete_bus("default").error() ==
        Error{"ValidationException", "Cannot delete event bus default."});
  request.name = "a/b";
  CHECK(rules.create_bus(request, kNow).error() ==
        Error{"ValidationException", "Event bus name must not contain '/'."});
}

TEST_CASE("a rule's ARN names its bus unless that is default") {
  RuleBook rules = book();
  CHECK((*rules.put_rule(rule("r")))->arn == "arn:aws:events:eu-west-1:111122223333:rule/r");
  CHECK((*rules.put_rule(rule("r", "Serverlesspresso")))->arn ==
        "arn:aws:events:eu-west-1:111122223333:rule/Serverlesspresso/r");
  CHECK((*rules.describe_rule("r", std::nullopt))->created_by == "111122223333");
  CHECK(rules.describe_rule("x", std::nullopt).error() == no_rule("x"));
  CHECK(rules.describe_rule("x", "Serverlesspresso").error() == no_rule("x", "Serverlesspresso"));
  CHECK(rules.describe_rule("x", "gone").error() == no_bus("gone"));
  CHECK((*rules.list_rules("r", std::nullopt)).size() == 1);
  CHECK((*rules.list_rules("x", std::nullopt)).empty());
}

TEST_CASE("what PutRule refuses") {
  RuleBook rules = book();
  PutRule request = rule("r");
  request.event_pattern.reset();
  CHECK(rules.put_rule(request).error() ==
        Error{"ValidationException",
              "Parameter(s) EventPattern or ScheduleExpression must be specified."});
  request.schedule_expression = "rate(2 minute)";
  CHECK(rules.put_rule(request).error() ==
        Error{"ValidationException", "Parameter ScheduleExpression is not valid."});
  request.schedule_expression = "rate(2 minutes)";
  CHECK(rules.put_rule(request).has_value());
  request.bus = "Serverlesspresso";
  CHECK(rules.put_rule(request).error() ==
        Error{"ValidationException",
              "ScheduleExpression is supported only on the default event bus."});
  request = rule("r");
  request.event_pattern = "{}";
  CHECK(rules.put_rule(request).error().code == "InvalidEventPatternException");
  CHECK(rules.put_rule(rule("r", "gone")).error() == no_bus("gone"));
}

TEST_CASE("PutRule replaces all of a rule but its targets") {
  RuleBook rules = book();
  PutRule first = rule("r");
  first.description = "old";
  first.state = RuleState::Disabled;
  REQUIRE(rules.put_rule(first).has_value());
  REQUIRE(rules.put_targets("r", std::nullopt, {target("t")}).has_value());
  const auto second = rules.put_rule(rule("r"));
  REQUIRE(second.has_value());
  CHECK_FALSE((*second)->description.has_value());
  CHECK((*second)->state == RuleState::Enabled);
  CHECK((*second)->targets.size() == 1);
}

TEST_CASE("an event meets the enabled rules of its bus, by name") {
  RuleBook rules = book();
  for (const char* name : {"c", "a", "b"}) REQUIRE(rules.put_rule(rule(name)).has_value());
  REQUIRE(rules.put_rule(rule("other", "Serverlesspresso")).has_value());
  CHECK(matched(rules, "default", "shop") == std::vector<std::string>{"a", "b", "c"});
  CHECK(matched(rules, "default", "else").empty());
  CHECK(matched(rules, "Serverlesspresso", "shop") == std::vector<std::string>{"other"});
  CHECK(matched(rules, "gone", "shop").empty());
  REQUIRE(rules.disable_rule("b", std::nullopt).has_value());
  CHECK(matched(rules, "default", "shop") == std::vector<std::string>{"a", "c"});
  REQUIRE(rules.enable_rule("b", std::nullopt).has_value());
  REQUIRE(rules.delete_rule("a", std::nullopt).has_value());
  CHECK(matched(rules, "default", "shop") == std::vector<std::string>{"b", "c"});
  PutRule changed = rule("b");
  changed.event_pattern = R"({"source":["else"]})";
  REQUIRE(rules.put_rule(changed).has_value());
  CHECK(matched(rules, "default", "else") == std::vector<std::string>{"b"});
  CHECK(rules.enable_rule("x", std::nullopt).error() == no_rule("x"));
}

TEST_CASE("targets are put, replaced, listed and removed") {
  RuleBook rules = book();
  REQUIRE(rules.put_rule(rule("r")).has_value());
  REQUIRE(rules.put_targets("r", std::nullopt, {target("b"), target("a")}).has_value());
  Target changed = target("b");
  changed.input = "{}";
  REQUIRE(rules.put_targets("r", std::nullopt, {changed}).has_value());
  const auto listed = rules.list_targets("r", std::nullopt);
  REQUIRE(listed.has_value());
  CHECK(*listed == std::vector<Target>{changed, target("a")});
  CHECK(rules.delete_rule("r", std::nullopt).error() ==
        Error{"ValidationException", "Rule can't be deleted since it has targets."});
  CHECK(*rules.list_rule_names_by_target(target("x").arn, std::nullopt) ==
        std::vector<std::string>{"r"});
  CHECK(rules.list_rule_names_by_target("arn:aws:sqs:eu-west-1:111122223333:z", std::nullopt)
            ->empty());
  const auto failed = rules.remove_targets("r", std::nullopt, {"a", "b", "c"});
  REQUIRE(failed.has_value());
  REQUIRE(failed->size() == 1);
  CHECK(failed->front().target_id == "c");
  CHECK(rules.list_targets("r", std::nullopt)->empty());
  CHECK(rules.put_targets("x", std::nullopt, {target("a")}).error() == no_rule("x"));
  CHECK(rules.remove_targets("x", std::nullopt, {"a"}).error() == no_rule("x"));
  CHECK_FALSE((*rules.delete_rule("x", std::nullopt)).has_value());
}

TEST_CASE("a target's ARN is an ARN or a URL, and a FIFO queue needs a group") {
  RuleBook rules = book();
  REQUIRE(rules.put_rule(rule("r")).has_value());
  CHECK(rules.put_targets("r", std::nullopt, {target("a", "nowhere")}).error() ==
        Error{"ValidationException",
              "Parameter nowhere is not valid. Reason: Provided Arn is not in correct format."});
  CHECK(rules.put_targets("r", std::nullopt, {target("a", "http://127.0.0.1:1/x")}).has_value());
  Target fifo = target("f", "arn:aws:sqs:eu-west-1:111122223333:q.fifo");
  CHECK(rules.put_targets("r", std::nullopt, {fifo}).error().message ==
        "Parameter(s) SqsParameters must be specified for target: f.");
  fifo.parameters["SqsParameters"] = {{"MessageGroupId", "g"}};
  CHECK(rules.put_targets("r", std::nullopt, {fifo}).has_value());
  Target wrong = target("w");
  wrong.input = "no json";
  CHECK(rules.put_targets("r", std::nullopt, {target("n"), wrong}).error().code ==
        "ValidationException");
  CHECK(rules.list_targets("r", std::nullopt)->size() == 2);
}

TEST_CASE("quotas hold, for new things only") {
  RuleBook rules = book({3, 2, 2});
  CreateBus request;
  request.name = "third";
  REQUIRE(rules.create_bus(request, kNow).has_value());
  request.name = "fourth";
  CHECK(rules.create_bus(request, kNow).error() == kLimit);
  REQUIRE(rules.put_rule(rule("a")).has_value());
  REQUIRE(rules.put_rule(rule("b")).has_value());
  CHECK(rules.put_rule(rule("c")).error() == kLimit);
  CHECK(rules.put_rule(rule("a")).has_value());
  CHECK(rules.put_targets("a", std::nullopt, {target("1"), target("2"), target("3")}).error() ==
        kLimit);
  CHECK(rules.list_targets("a", std::nullopt)->empty());
}

TEST_CASE("documents bring a book back") {
  RuleBook rules = book();
  CreateBus request;
  request.name = "mine";
  request.log_config = Json{{"Level", "INFO"}};
  request.dead_letter_arn = "arn:aws:sqs:eu-west-1:111122223333:dlq";
  REQUIRE(rules.create_bus(request, kNow).has_value());
  REQUIRE(rules.put_rule(rule("on", "mine")).has_value());
  PutRule off = rule("off", "mine");
  off.state = RuleState::Disabled;
  REQUIRE(rules.put_rule(off).has_value());
  Target full = target("t");
  full.role_arn = "arn:aws:iam::111122223333:role/r";
  full.input_transformer = InputTransformer{{{"a", "$.detail"}}, "<a>"};
  full.retry_policy = RetryPolicy{3, std::nullopt};
  full.dead_letter_arn = "arn:aws:sqs:eu-west-1:111122223333:dlq";
  full.parameters["HttpParameters"] = {{"HeaderParameters", {{"x", "y"}}}};
  REQUIRE(rules.put_targets("on", "mine", {full}).has_value());

  RuleBook back{rules.home(), {}, kNow};
  for (const Bus* bus : rules.list_buses("")) {
    const auto read = bus_from_json(*parse_json(dump_json(to_json(*bus))));
    REQUIRE(read.has_value());
    CHECK(*read == *bus);
    back.restore(*read);
  }
  const auto stored_rules = rules.list_rules("", "mine");
  REQUIRE(stored_rules.has_value());
  for (const Rule* stored : *stored_rules) {
    const auto read = rule_from_json(*parse_json(dump_json(to_json(*stored))));
    REQUIRE(read.has_value());
    CHECK(*read == *stored);
    REQUIRE(back.restore(*read).has_value());
  }
  CHECK(matched(back, "mine", "shop") == std::vector<std::string>{"on"});
  CHECK(*back.list_targets("on", "mine") == std::vector<Target>{full});
}

TEST_CASE("a document that is not one is refused") {
  CHECK(bus_from_json(Json::array()).error().code == "DocumentCorrupt");
  CHECK(rule_from_json(Json{{"Name", 1}}).error().code == "DocumentCorrupt");
  CHECK(target_from_json(Json{{"Id", "a"}}).error() ==
        Error{"ValidationException", "Parameter Arn is not valid."});
}

}  // namespace presso::bus
