#include "engine/run/event_codec.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"

namespace presso::run {
namespace {

SharedJson json(const char* text) { return SharedJson::trusted(text); }

Event event(std::uint64_t id, Detail detail) {
  return {id, id - 1, time_of_epoch_ms(1'700'000'000'123), FrameId{1}, std::move(detail)};
}

template <class T>
const T& detail_of(const std::vector<Event>& events, std::size_t index) {
  return std::get<T>(events.at(index).detail);
}

std::vector<Event> decoded(const std::vector<Event>& events) {
  auto result = decode(encode(events));
  REQUIRE(result.has_value());
  return *std::move(result);
}

std::string fault_of(std::string_view pack) {
  const auto result = decode(pack);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == "CorruptHistory");
  return result.error().message;
}

// The pack's head: version 1, then an event of the detail with the given index.
std::string head(char index) { return std::string{"\1", 1} + index + std::string{"\1\0\0\1", 4}; }

}  // namespace

TEST_CASE("no events are one byte") {
  CHECK(hex_encode(encode({})) == "01");
  CHECK(decode(encode({}))->empty());
}

TEST_CASE("a pack's bytes are as docs/events.md says") {
  ExecutionStarted started;
  started.input = json("{}");
  started.role_arn = "r";
  const StateEntered entered{asl::StateType::Task, "S", started.input};
  const Event events[] = {{1, 0, time_of_epoch_ms(5), FrameId{0}, started},
                          {2, 0, time_of_epoch_ms(4), FrameId{1}, entered}};
  CHECK(hex_encode(encode(events)) ==
        "01"          // version
        "0001000a00"  // detail 0, id 1, previous 0, 5 ms, frame 0
        "0b01027b7d"  // tag 1: a new text of 2 bytes, {}
        "120172"      // tag 2: 1 byte, r
        "00"          // the event's end
        "0302000101"  // detail 3, id 2, previous 0, 1 ms earlier, frame 1
        "0901"        // tag 1: number 1, Task
        "120153"      // tag 2: S
        "1b02"        // tag 3: text 0
        "00");
}

TEST_CASE("a text is stored once, however many handles hold it") {
  const std::string order = R"({"order":")" + std::string(1000, 'x') + R"("})";
  const SharedJson passed_on = json(order.c_str());
  std::vector<Event> events;
  for (std::uint64_t id = 1; id <= 50; ++id) {
    const SharedJson input = id % 2 == 0 ? passed_on : json(order.c_str());
    events.push_back(event(id, StateEntered{asl::StateType::Pass, "P", input}));
  }
  CHECK(encode(events).size() < order.size() + 50 * 16);

  const auto back = decoded(events);
  for (std::size_t i = 1; i < back.size(); ++i) {
    CHECK(detail_of<StateEntered>(back, i).input.is_same(detail_of<StateEntered>(back, 0).input));
  }
  CHECK(detail_of<StateEntered>(back, 0).input.text() == order);
}

TEST_CASE("many different texts are found again") {
  std::vector<Event> events;
  for (std::uint64_t id = 1; id <= 2000; ++id) {
    const auto text = std::to_string(id % 700);
    events.push_back(event(id, ExecutionSucceeded{json(text.c_str())}));
  }
  const auto back = decoded(events);
  for (std::size_t i = 0; i < back.size(); ++i) {
    const SharedJson& output = detail_of<ExecutionSucceeded>(back, i).output;
    REQUIRE(output.text() == std::to_string((i + 1) % 700));
    REQUIRE(output.is_same(detail_of<ExecutionSucceeded>(back, (i + 1) % 700 + 699).output));
  }
}

TEST_CASE("a text keeps its white space and its order of members") {
  const auto back = decoded({event(1, ExecutionSucceeded{json(R"( { "b" : 1, "a" : 2.50 } )")})});
  CHECK(detail_of<ExecutionSucceeded>(back, 0).output.text() == R"( { "b" : 1, "a" : 2.50 } )");
}

TEST_CASE("what is absent, empty or zero comes back as such") {
  TaskFailed failed;
  failed.error = "";
  const auto back = decoded({event(1, failed), event(2, BranchesEnded{}),
                             event(3, BranchesStarted{}), event(4, ExecutionStarted{})});
  CHECK(detail_of<TaskFailed>(back, 0).error == "");
  CHECK_FALSE(detail_of<TaskFailed>(back, 0).cause.has_value());
  CHECK(detail_of<BranchesEnded>(back, 1).is_success);
  CHECK(detail_of<BranchesEnded>(back, 1).type == asl::StateType::Parallel);
  CHECK(detail_of<BranchesStarted>(back, 2).type == asl::StateType::Parallel);
  CHECK_FALSE(detail_of<ExecutionStarted>(back, 3).input.has_value());
  CHECK_FALSE(detail_of<ExecutionStarted>(back, 3).deadline.has_value());

  const auto failure = decoded({event(1, BranchesEnded{asl::StateType::Pass, false, {}, {}})});
  CHECK_FALSE(detail_of<BranchesEnded>(failure, 0).is_success);
  CHECK(detail_of<BranchesEnded>(failure, 0).type == asl::StateType::Pass);
}

TEST_CASE("list elements keep their places, those without a value too") {
  BranchesStarted started;
  started.inputs = {json("1"), SharedJson{}, json("2"), json("1")};
  const auto inputs = detail_of<BranchesStarted>(decoded({event(1, started)}), 0).inputs;
  REQUIRE(inputs.size() == 4);
  CHECK(inputs[0].text() == "1");
  CHECK_FALSE(inputs[1].has_value());
  CHECK(inputs[2].text() == "2");
  CHECK(inputs[3].is_same(inputs[0]));
}

TEST_CASE("a tag of a newer version is stepped over, whatever it holds") {
  const std::string newer =
      head(1) +
      std::string{
          "\xf9\x01\xac\x02"                       // tag 31: a number, 300
          "\xfa\x01\x02hi"                         // tag 31: a text
          "\xfb\x01\x01\x04true"                   // tag 31: a new JSON text
          "\xfc\x01\x09\x07\x0c\x12\x01x\x00\x00"  // tag 31: a group within which is another
          "\x0b\x02"                               // tag 1: the JSON text above
          "\x00",
          30};
  const auto back = decode(newer);
  REQUIRE(back.has_value());
  CHECK(detail_of<ExecutionSucceeded>(*back, 0).output.text() == "true");
}

TEST_CASE("what cannot be read says why") {
  CHECK(fault_of("") == "A stored step cannot be read: it is empty.");
  CHECK(fault_of("\2") == "A stored step cannot be read: its version is 2.");
  CHECK(fault_of(head('\x63')) == "A stored step cannot be read: event type 99 is not known.");
  CHECK(fault_of(head(1)) == "A stored step cannot be read: it ends within a number.");
  CHECK(fault_of(head(1) + "\x0b\x01\x05{}") ==
        "A stored step cannot be read: it ends within a text.");
  CHECK(fault_of(head(1) + "\x0b\x02") ==
        "A stored step cannot be read: a text is mentioned before it comes.");
  CHECK(fault_of(head(1) + "\x0a\x01x") ==
        "A stored step cannot be read: a field is of another type than it should be.");
  CHECK(fault_of(head(1) + "\xff\x01") ==
        "A stored step cannot be read: a field is of an unknown type.");
  CHECK(fault_of(head(3) + "\x09\x08") ==
        "A stored step cannot be read: a field holds an unknown value.");
  CHECK(fault_of(std::string{"\1"} + std::string(10, '\xff')) ==
        "A stored step cannot be read: a number is too large.");
}

TEST_CASE("groups within groups are followed to a bound") {
  CHECK(fault_of(head(1) + std::string(100'000, '\x14')) ==
        "A stored step cannot be read: a field is of an unknown type.");
}

TEST_CASE("a text that claims more than there is allocates nothing") {
  CHECK(fault_of(head(1) + "\x0b\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f") ==
        "A stored step cannot be read: it ends within a text.");
}

}  // namespace presso::run
