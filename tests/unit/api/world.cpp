#include "tests/unit/api/world.h"

#include <doctest/doctest.h>

#include <utility>

namespace presso::test {

World::World() : core_{core::Settings{}}, reader_{store_.reader()} {
  auto recovered = store_.recover();
  REQUIRE(recovered);
  REQUIRE(core_.recover(*std::move(recovered)));
}

void World::turn(std::vector<core::Input> inputs) {
  do {
    auto loaded = store_.load(core_.missing(inputs, clock_.now()));
    REQUIRE(loaded);
    core::TurnResult result =
        core_.turn(std::exchange(inputs, {}), *std::move(loaded), clock_.now());
    REQUIRE(store_.commit(result.batch));
    for (core::Effect& effect : result.effects) {
      if (auto* reply = std::get_if<core::Reply>(&effect)) {
        replies_[reply->request] = std::move(reply->answer);
      }
    }
  } while (core_.has_work_left());
}

core::Answer World::run(const api::Work& work) {
  reader_->set_now(clock_.now());
  if (const auto* answer = std::get_if<core::Answer>(&work)) return *answer;
  if (const auto* query = std::get_if<api::Query>(&work)) return (*query)(*reader_);
  const auto& command = std::get<api::Command>(work);
  const RequestId id = send(command);
  REQUIRE(replies_.contains(id));
  core::Answer answer = replies_.at(id);
  if (command.then && answer.error_code.empty()) return command.then(*reader_);
  return answer;
}

RequestId World::send(const api::Command& command) {
  const RequestId id{++last_request_};
  std::vector<core::Input> inputs;
  inputs.emplace_back(core::Request{id, command.keys, command.apply});
  turn(std::move(inputs));
  return id;
}

RequestId World::send(std::string_view operation, std::string_view request) {
  const std::string target = "AWSStepFunctions." + std::string{operation};
  const api::Work work = api::dispatch({.target = target, .body = request, .caller = {}});
  const auto* command = std::get_if<api::Command>(&work);
  REQUIRE(command != nullptr);
  return send(*command);
}

std::optional<Json> World::answer_to(RequestId id) const {
  const auto it = replies_.find(id);
  return it == replies_.end() ? std::nullopt : std::optional{json(it->second.body)};
}

void World::leave(RequestId id) {
  std::vector<core::Input> inputs;
  inputs.emplace_back(core::RequestGone{id});
  turn(std::move(inputs));
}

Json World::call(std::string_view target, const Json& request, core::Caller caller) {
  const core::Answer answer = run(
      api::dispatch({.target = target, .body = dump_json(request), .caller = std::move(caller)}));
  CHECK(answer.error_code.empty() == (answer.http_status == 200));
  return json(answer.body);
}

Json World::states(std::string_view operation, std::string_view request) {
  return call("AWSStepFunctions." + std::string{operation}, json(request));
}
Json World::events(std::string_view operation, std::string_view request) {
  return call("AWSEvents." + std::string{operation}, json(request));
}

api::SdkResult World::task(std::string_view service, std::string_view action,
                           std::string_view parameters) {
  const auto call = api::prepare({.service = service,
                                  .action = action,
                                  .parameters = parameters,
                                  .caller = {},
                                  .request_id = "R"});
  REQUIRE(call);
  return call->convert(run(call->work));
}

std::string World::create_machine(const std::string& name, const Json& definition) {
  Json request = Json::object();
  request["name"] = name;
  request["definition"] = dump_json(definition);
  request["roleArn"] = "arn:aws:iam::000000000000:role/r";
  return text_at(call("AWSStepFunctions.CreateStateMachine", request), "stateMachineArn");
}

std::string World::start(const std::string& machine_arn, const std::string& name,
                         const std::string& input) {
  Json request = Json::object();
  request["stateMachineArn"] = machine_arn;
  request["name"] = name;
  request["input"] = input;
  return text_at(call("AWSStepFunctions.StartExecution", request), "executionArn");
}

void World::advance(Duration duration) {
  clock_.advance_to(clock_.now() + duration);
  turn({});
}

Json json(std::string_view text) {
  auto parsed = parse_json(text);
  REQUIRE(parsed);
  return *std::move(parsed);
}

Json pass_machine() {
  return json(R"({"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"a":1},"End":true}}})");
}
Json wait_for_token_machine() {
  return json(R"({"StartAt":"Ask","States":{"Ask":{"Type":"Task",
      "Resource":"arn:aws:states:::events:putEvents.waitForTaskToken",
      "Parameters":{"Entries":[{"Source":"s","DetailType":"t",
          "Detail":{"token.$":"$$.Task.Token"}}]},"End":true}}})");
}

std::string error_of(const Json& answer) {
  const std::string* type = as_string(find_member(answer, "__type"));
  if (type == nullptr) return {};
  return *type + ": " + text_at(answer, "message");
}

const std::string& text_at(const Json& answer, std::string_view name) {
  const std::string* text = as_string(find_member(answer, name));
  CAPTURE(dump_json(answer));
  REQUIRE(text != nullptr);
  return *text;
}

}  // namespace presso::test
