#include "server/routes/gate.h"

#include <doctest/doctest.h>

#include <vector>

namespace presso::server {
namespace {

struct Waiting {
  std::vector<int> turns = {};
  std::vector<RouteGate::Hold> holds = {};

  RouteGate::Turn turn(int number) {
    return [this, number](RouteGate::Hold hold) {
      turns.push_back(number);
      holds.push_back(std::move(hold));
    };
  }
};

}  // namespace

TEST_CASE("no more calls than allowed are under way, and the rest waits in order") {
  const auto gate = std::make_shared<RouteGate>(2);
  Waiting waiting;
  std::vector<std::shared_ptr<RouteGate::Place>> places;
  for (int i = 1; i <= 5; ++i) places.push_back(gate->wait(waiting.turn(i)));
  CHECK(waiting.turns == std::vector{1, 2});
  CHECK(gate->counts().in_flight == 2);
  CHECK(gate->counts().waiting == 3);
  places[2]->give_up();
  places[2]->give_up();
  places[0]->give_up();  // it has had its turn
  CHECK(gate->counts().waiting == 2);
  waiting.holds[0].reset();
  CHECK(waiting.turns == std::vector{1, 2, 4});
  gate->set_max_in_flight(3);
  CHECK(waiting.turns == std::vector{1, 2, 4, 5});
  for (std::size_t i = 0; i < 4; ++i) waiting.holds[i].reset();
  CHECK(gate->counts().in_flight == 0);
  CHECK(gate->counts().waiting == 0);
}

TEST_CASE("a call that ends at once makes room for the next one") {
  const auto gate = std::make_shared<RouteGate>(1);
  int ended = 0;
  RouteGate::Hold first;
  static_cast<void>(gate->wait([&](RouteGate::Hold hold) { first = std::move(hold); }));
  for (int i = 0; i < 100'000; ++i) {
    static_cast<void>(gate->wait([&](const RouteGate::Hold&) { ++ended; }));
  }
  first.reset();
  CHECK(ended == 100'000);
  CHECK(gate->counts().in_flight == 0);
}

}  // namespace presso::server
