#include "engine/core/machines.h"

#include <doctest/doctest.h>

#include "tests/unit/core/machines_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

CreateMachine request(const std::string& name, std::string_view definition = kPass) {
  return {.name = name,
          .type = asl::MachineType::Standard,
          .first = {
              .definition = std::string{definition}, .role_arn = "r", .settings = Json::object()}};
}

struct Created {
  std::string arn;
  Time created;
  Error error;
};
Created create(World& world, const CreateMachine& wanted) {
  return world.ask([&](Core& core) -> Created {
    const auto machine = core.machines().create(world.caller, wanted);
    if (!machine) return {"", {}, machine.error()};
    return {(*machine)->arn, (*machine)->created, {}};
  });
}

}  // namespace

TEST_CASE("a machine gets its ARN from caller and name") {
  World world;
  world.caller = {"123456789012", "eu-west-1"};
  const Created created = create(world, request("M"));
  CHECK(created.arn == "arn:aws:states:eu-west-1:123456789012:stateMachine:M");
  CHECK(created.created == kStart);
}

TEST_CASE("the same machine again is the one that is there; another role changes nothing") {
  World world;
  const Created first = create(world, request("M"));
  world.advance(seconds(5));
  CreateMachine again = request("M");
  again.first.role_arn = "another";
  const Created second = create(world, again);
  CHECK(second.arn == first.arn);
  CHECK(second.created == first.created);
  CHECK(world.batches.back().empty());
}

TEST_CASE("another definition, type or setting under a taken name is StateMachineAlreadyExists") {
  World world;
  const Created first = create(world, request("M"));
  const Error exists{"StateMachineAlreadyExists",
                     "State Machine Already Exists: '" + first.arn + "'"};
  CHECK(create(world, request("M", kWaitTenSeconds)).error == exists);
  // AWS: it is the text that counts.
  CHECK(create(world, request("M", std::string{kPass} + " ")).error == exists);
  CreateMachine express = request("M");
  express.type = asl::MachineType::Express;
  CHECK(create(world, express).error == exists);
  CreateMachine logging = request("M");
  logging.first.settings["loggingConfiguration"] = {{"level", "ALL"}};
  CHECK(create(world, logging).error == exists);
}

TEST_CASE("a bad name and a bad definition are told") {
  World world;
  CHECK(create(world, request("a b")).error == Error{"InvalidName", "Invalid Name: 'a b'"});
  const Error error = create(world, request("M", "{}")).error;
  CHECK(error.code == "InvalidDefinition");
  CHECK(error.message.starts_with("Invalid State Machine Definition: '"));
  CHECK(world.store.disk().documents.empty());
}

TEST_CASE("an update makes a new revision; what runs keeps the old one") {
  World world;
  const std::string arn = world.create("M", kWaitTenSeconds);
  const std::string before = world.start(arn);
  world.ask([&](Core& core) {
    UpdateMachine update{.arn = arn,
                         .definition = std::string{kPass},
                         .role_arn = std::nullopt,
                         .settings = Json::object()};
    const auto updated = core.machines().update(update);
    REQUIRE(updated);
    CHECK_FALSE((*updated)->is_first_revision);
    CHECK((*updated)->revision->role_arn == "arn:aws:iam::000000000000:role/any");
    return true;
  });
  const std::string after = world.start(arn);
  CHECK(world.row(after).status == run::Status::Succeeded);
  CHECK(world.row(before).status == run::Status::Running);
  CHECK(world.row(after).revision != world.row(before).revision);
  world.crash();
  world.advance(seconds(10));
  CHECK(world.history(before) ==
        "ExecutionStarted WaitStateEntered WaitStateExited ExecutionSucceeded");
  CHECK(world.history(world.start(arn)) ==
        "ExecutionStarted PassStateEntered PassStateExited ExecutionSucceeded");
}

TEST_CASE("an update of nothing, of an unknown machine or with a bad definition is refused") {
  World world;
  const std::string arn = world.create("M", kPass);
  const auto update = [&](UpdateMachine wanted) {
    return world.ask([&](Core& core) {
      const auto updated = core.machines().update(std::move(wanted));
      REQUIRE_FALSE(updated);
      return updated.error();
    });
  };
  CHECK(update({.arn = arn, .definition = {}, .role_arn = {}, .settings = Json::object()}) ==
        Error{"MissingRequiredParameter",
              "Either the definition, the role ARN, the LoggingConfiguration, or the "
              "TracingConfiguration must be specified"});
  CHECK(update({.arn = arn + "x", .definition = {}, .role_arn = "r", .settings = Json::object()}) ==
        Error{"StateMachineDoesNotExist", "State Machine Does Not Exist: '" + arn + "x'"});
  CHECK(update({.arn = arn, .definition = "{}", .role_arn = {}, .settings = Json::object()}).code ==
        "InvalidDefinition");
}

TEST_CASE("a list has the caller's machines by creation") {
  World world;
  for (const char* name : {"b", "a", "c"}) {
    world.create(name, kPass);
    world.advance(seconds(1));
  }
  world.caller.account = "000000000001";
  world.create("z", kPass);
  world.caller.account = "000000000000";
  const auto names = world.ask([&](Core& core) {
    std::string joined;
    for (const StateMachine* machine : core.machines().list(world.caller)) joined += machine->name;
    return joined;
  });
  CHECK(names == "bac");
}

TEST_CASE("a restart brings machines back as they were") {
  World world;
  CreateMachine wanted = request("M");
  wanted.first.settings["tracingConfiguration"] = {{"enabled", true}};
  const Created created = create(world, wanted);
  world.crash();
  world.ask([&](Core& core) {
    const auto found = core.machines().find(created.arn);
    REQUIRE(found);
    CHECK((*found)->created == kStart);
    CHECK((*found)->is_first_revision);
    CHECK((*found)->revision->definition == kPass);
    CHECK((*found)->revision->settings["tracingConfiguration"]["enabled"] == true);
    return true;
  });
  CHECK(create(world, wanted).arn == created.arn);
}

TEST_CASE("a deleted machine may be made anew; deleting an unknown one succeeds") {
  World world;
  const std::string arn = world.create("M", kPass);
  const auto remove = [&] {
    world.ask([&](Core& core) {
      core.machines().remove(arn);
      return true;
    });
  };
  remove();
  remove();
  world.crash();
  CHECK(world.ask([&](Core& core) { return core.machines().find(arn).has_value(); }) == false);
  CHECK(create(world, request("M", kWaitTenSeconds)).arn == arn);
}

TEST_CASE("a document that cannot be read keeps the server from starting, and is named") {
  Core core{{}};
  Recovered recovered;
  recovered.documents.push_back({"state-machine", "arn:x", "{}"});
  const auto done = core.recover(std::move(recovered));
  REQUIRE_FALSE(done);
  CHECK(done.error().message ==
        "Document 'arn:x' of the kind 'state-machine' cannot be read: there is no text 'arn'");
}
