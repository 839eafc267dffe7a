#include "engine/core/archives.h"

#include <doctest/doctest.h>

#include <map>

#include "base/json.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kQueue = "arn:aws:sqs:us-east-1:000000000000:queue";
constexpr const char* kBusArn = "arn:aws:events:us-east-1:000000000000:event-bus/default";
const std::string kArchiveArn = "arn:aws:events:us-east-1:000000000000:archive/a";

// A bus with an archive, and a rule whose deliveries are counted by event and replay.
struct Archived : World {
  Archived() {
    services.on_delivery([this](const DeliveryCall& call) {
      const auto event = parse_json(call.payload);
      const std::string* replay = as_string(find_member(*event, "replay-name"));
      ++seen[{*as_string(find_member(*event, "id")), replay == nullptr ? "" : *replay}];
      return FakeDelivery{};
    });
    put_rule("default", "r", R"({"source":["shop"]})", {kQueue});
    ask([&](Core& core) {
      Json archive{{"ArchiveName", "a"},
                   {"ArchiveArn", kArchiveArn},
                   {"EventSourceArn", kBusArn},
                   {"RetentionDays", 1}};
      const auto rule =
          core.events().book(caller).put_managed_rule(Archives::feeding_rule(caller, archive));
      REQUIRE(rule);
      core.events().store(caller, **rule);
      core.registry().put(caller, kArchive, "a", std::move(archive));
      return true;
    });
  }
  void start_replay() {
    ask([&](Core& core) {
      core.registry().put(caller, kReplay, "again",
                          Json{{"ReplayName", "again"},
                               {"EventSourceArn", kArchiveArn},
                               {"State", "STARTING"},
                               {"EventStartTime", to_epoch_seconds(kStart - seconds(1))},
                               {"EventEndTime", to_epoch_seconds(kStart + seconds(60))},
                               {"Destination", Json{{"Arn", kBusArn}}}});
      core.archives().replay_changed(caller, "again");
      return true;
    });
  }
  [[nodiscard]] std::string replay_state() {
    return ask([&](Core& core) {
      return *as_string(find_member(*core.registry().find(caller, kReplay, "again"), "State"));
    });
  }

  std::map<std::pair<std::string, std::string>, int> seen;
};

}  // namespace

TEST_CASE("a replay sends each event once, whenever the process dies") {
  Archived world;
  for (int i = 0; i < 250; ++i) world.put_event("default", "shop", "{}");
  world.put_event("default", "other", "{}");
  world.settle();
  REQUIRE(world.seen.size() == 250);
  world.start_replay();
  world.set_now(world.now() + seconds(1));
  world.turn();
  CHECK(world.replay_state() == "RUNNING");
  world.crash();
  world.settle();
  world.crash();
  world.advance(seconds(5));
  CHECK(world.replay_state() == "COMPLETED");
  CHECK(world.seen.size() == 500);
  for (const auto& [event, count] : world.seen) {
    // A delivery that was on its way when the process died is made again.
    if (!event.second.empty()) CHECK((count == 1 || count == 2));
  }
}

TEST_CASE("replayed events are not archived again, and all leave when their retention ends") {
  Archived world;
  for (int i = 0; i < 3; ++i) world.put_event("default", "shop", "{}");
  world.start_replay();
  world.advance(seconds(5));
  const auto count = [&] {
    return world.ask(
        [&](Core& core) { return core.archives().contents(world.caller, "a").events; });
  };
  CHECK(count() == 3);
  world.crash();
  CHECK(count() == 3);
  world.advance(seconds(86'400));
  CHECK(count() == 0);
  for (const auto& [key, value] : world.store.disk().documents) {
    CHECK(key.first != "archived-event");
  }
}
