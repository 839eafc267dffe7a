// Large orders: branches, iterations, children of Map Runs that fail now and then, an activity's
// worker, a bell, and somebody who stops orders and redrives what has failed. However often the
// process dies, each order is done in the end, and its output is what it would be without any of
// it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/asl/definition.h"
#include "tests/sim/coverage.h"
#include "tests/sim/world.h"

namespace presso::sim {

class Kitchen {
 public:
  explicit Kitchen(World&);

  // Plans `orders` orders over virtual time; World::run makes them happen.
  void plan(std::uint64_t orders);
  // At the end: faults, in words. Empty when all is well. Fills `coverage`.
  [[nodiscard]] std::vector<std::string> audit();

  [[nodiscard]] std::uint64_t redrives() const { return redrives_; }
  [[nodiscard]] std::uint64_t stops() const { return stops_; }
  [[nodiscard]] std::uint64_t updates() const { return updates_; }
  [[nodiscard]] std::size_t executions() const { return executions_; }
  [[nodiscard]] const Coverage& coverage() const { return coverage_; }

 private:
  void answer_calls();
  void set_up();
  void place(const std::string& id);
  void look(const std::string& id);
  void redrive(const std::string& id, const std::string& token);
  void stop(const std::string& id);
  void update(const std::string& id);
  void poll();
  void work(const std::string& token, const std::string& input);
  void tell(const std::string& token, bool is_success, const std::string& output);
  void beat(const std::string& token, int left, const std::string& output);
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  [[nodiscard]] Duration soon(std::uint64_t most_seconds);
  [[nodiscard]] core::ExecutionRow row_of(const std::string& id) const;

  void audit_order(const std::string& id, const Json& input);
  void fault(const std::string& id, const std::string& text);

  World& world_;
  std::shared_ptr<const asl::Definition> definition_;
  std::string text_;  // of the definition
  std::string machine_arn_;
  std::map<std::string, Json> orders_;  // inputs, by id
  std::uint64_t redrives_ = 0;
  std::uint64_t stops_ = 0;
  std::uint64_t updates_ = 0;
  std::size_t executions_ = 0;
  Coverage coverage_;
  std::vector<std::string> faults_;
};

}  // namespace presso::sim
