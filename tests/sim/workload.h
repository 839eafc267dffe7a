// Orders of the coffee shop, and the people: customers and baristas who answer, fail, show signs of
// life, answer late or never, each by chance.
#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/auditor.h"
#include "tests/sim/world.h"

namespace presso::sim {

class Workload {
 public:
  Workload(World& world, Auditor& auditor);

  // Plans `orders` orders over virtual time; World::run makes them happen.
  void plan(std::uint64_t orders);
  [[nodiscard]] std::uint64_t late_answers() const { return late_answers_; }

 private:
  struct Person {
    std::string order_id;
    bool is_customer = true;
    std::string token;
  };

  void set_up();
  void answer_calls();
  void place(const std::string& order_id);
  void seen(const Json& envelope);
  void meet(const Person&, Time begun);
  void live_on(const Person&, int beats, Duration between);
  void answer(const Person&, bool is_success);
  void heartbeat(const Person&);
  [[nodiscard]] Stage& stage(const Person&);

  World& world_;
  Auditor& auditor_;
  std::string machine_arn_;
  std::uint64_t counter_ = 0;
  std::uint64_t late_answers_ = 0;
};

}  // namespace presso::sim
