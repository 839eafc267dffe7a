#include "server/inbox.h"

#include <doctest/doctest.h>

#include <thread>
#include <utility>

#include "engine/core/core.h"

namespace presso::server {
namespace {

core::Request request_of(std::uint64_t id) { return {.id = {id}, .keys = {}, .apply = {}}; }

std::uint64_t id_of(const core::Input& input) {
  return std::get_if<core::Request>(&input)->id.value;
}

TEST_CASE("an inbox gives back what came, in order, in portions of a turn's size") {
  Inbox inbox;
  CHECK(inbox.take().empty());
  for (std::uint64_t i = 0; i < kTurnInputs + 10; ++i) REQUIRE(inbox.push(request_of(i), 100));
  const Inbox::Portion first = inbox.take();
  REQUIRE(first.inputs.size() == kTurnInputs);
  CHECK(id_of(first.inputs.front()) == 0);
  const Inbox::Portion second = inbox.take();
  REQUIRE(second.inputs.size() == 10);
  CHECK(id_of(second.inputs.front()) == kTurnInputs);
  CHECK(inbox.take().empty());
}

TEST_CASE("a portion is bounded in bytes, but never empty for it") {
  Inbox inbox;
  REQUIRE(inbox.push(request_of(1), kTurnBytes * 2));
  REQUIRE(inbox.push(request_of(2), kTurnBytes - 10));
  REQUIRE(inbox.push(request_of(3), 10));
  REQUIRE(inbox.push(request_of(4), 1));
  CHECK(inbox.take().inputs.size() == 1);
  CHECK(inbox.take().inputs.size() == 2);
  CHECK(inbox.take().inputs.size() == 1);
}

TEST_CASE("a control comes alone, in its place") {
  Inbox inbox;
  REQUIRE(inbox.push(request_of(1), 1));
  inbox.push(Control{[](CoreThread&) {}});
  REQUIRE(inbox.push(request_of(2), 1));
  CHECK(inbox.take().inputs.size() == 1);
  const Inbox::Portion control = inbox.take();
  CHECK(control.inputs.empty());
  CHECK(control.control);
  CHECK(inbox.take().inputs.size() == 1);
}

TEST_CASE("a full inbox refuses requests, and still takes the answers of calls") {
  Inbox inbox;
  for (std::uint64_t i = 0; i < kInboxCapacity; ++i) REQUIRE(inbox.push(request_of(i), 1));
  CHECK_FALSE(inbox.push(request_of(0), 1));
  inbox.push(core::CallAnswered{.task = {}, .result = "{}"});
  inbox.push(core::DeliveryAnswered{.delivery = {1}, .failure = {}});
  CHECK(inbox.size() == kInboxCapacity + 2);
  static_cast<void>(inbox.take());
  CHECK(inbox.push(request_of(0), 1));
}

TEST_CASE("whoever waits is woken") {
  Inbox inbox;
  inbox.wait(Duration{0});
  std::thread sender{[&] { static_cast<void>(inbox.push(request_of(7), 1)); }};
  inbox.wait(std::nullopt);
  CHECK(inbox.take().inputs.size() == 1);
  sender.join();
}

}  // namespace
}  // namespace presso::server
