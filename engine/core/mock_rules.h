// The mock rules of a core: which of them decides on a call, how often each was asked, and what was
// decided and has not happened yet.
//
// Rules told at run time are asked before those of the configuration; else the first in the list
// that is for a call, and whose turn it is, decides. A call counts for every rule that is for it,
// whichever decides. What was decided is a fact: the counts and every decision that is still to
// come, or that a crash could ask for again, are documents, so that a call is decided once, however
// often the process dies before its answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/json_fwd.h"
#include "base/result.h"
#include "base/shared_json.h"
#include "base/time.h"
#include "engine/core/mock_rule.h"
#include "engine/core/mocks.h"
#include "engine/core/store.h"

namespace presso::core {

class Core;

// Told at run time: each of them is asked for every call.
inline constexpr std::size_t kToldMocks = 1'000;

// What is called: one attempt of a task, or one attempt of a delivery.
using CallId = std::variant<TaskId, DeliveryId>;

// A call as the rules see it. Borrows.
struct AskedCall {
  CallId id;
  MockableCall call;
  const Json* arguments = nullptr;  // null: they are no JSON
  // Of a task; empty for a delivery.
  std::string_view machine = {};
  std::string_view state = {};
  std::string_view test_case = {};
  bool is_kept = true;  // false: of an Express execution, of which nothing is stored
  // How many calls of this execution the rule was for, with this one.
  std::function<std::uint64_t(const std::string& rule)> count_in_execution = {};
  // What a rule returns for it, checked; or the failure that says why there is nothing.
  std::function<MockedAnswer(const MockRule::Returned&)> evaluate = {};
};

class MockRules {
 public:
  using Rules = std::vector<MockRule>;
  struct Listed {
    const MockRule& rule;
    bool is_told;  // at run time
    std::uint64_t calls = 0;
    std::uint64_t hits = 0;  // how often it decided
  };

  explicit MockRules(Core& core) : core_(core) {}

  // Those of the configuration, in place of the ones before. What is said of a rule that is still
  // there, with the same id, goes on counting.
  void use(std::shared_ptr<const Rules>);

  // ---- at run time ----
  // In the order in which they are asked.
  [[nodiscard]] std::vector<Listed> list() const;
  // In front of all others; one whose id is there already takes its place and counts anew.
  // MockExists: the configuration has one with this id. TooManyMocks.
  [[nodiscard]] Result<void> add(Rules);
  // In place of all that were told.
  [[nodiscard]] Result<void> replace(Rules);
  // Of those that were told. MockDoesNotExist, MockExists: it is the configuration's.
  [[nodiscard]] Result<void> remove(const std::string& id);

  // ---- for who makes calls ----
  // No rule could be for anything, and nothing is to come.
  [[nodiscard]] bool is_idle() const { return order_.empty() && decided_.empty(); }
  // Whether a rule, in the case `test_case` of this machine, could decide.
  [[nodiscard]] bool has_case(std::string_view machine, std::string_view test_case) const;
  // True: a rule has decided, and what it decided happens at its time: Executions::answer_mocked or
  // go_through, Deliveries::answered or go_through. False: the call is to be made.
  [[nodiscard]] bool take(const AskedCall&);
  // Nobody asks for it again.
  void settled(const CallId&);

  // ---- the turn ----
  void finish(const CallId&);  // what was decided happens
  std::size_t fire_due(std::size_t limit);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  void recovered();
  void finish_turn();
  // Documents of the kinds "mock-rule", "mock-count" and "mocked-call".
  [[nodiscard]] static bool knows(std::string_view kind);
  [[nodiscard]] Result<void> restore(const DocumentRow&, const Json& value);

 private:
  struct Count {
    std::uint64_t calls = 0;
    std::uint64_t hits = 0;
  };
  struct Decided {
    // Nothing: the call was let through, and is not asked for again.
    std::optional<Time> due;
    std::optional<MockedAnswer> answer;  // none: it is made then
    bool is_kept = true;
    bool is_stored = false;
  };
  struct Told {
    MockRule rule;
    std::uint64_t order = 0;  // the greatest is asked first
  };

  // The call counts; whether the rule's turn has come.
  [[nodiscard]] bool count(const AskedCall&, const MockRule&);
  [[nodiscard]] bool decides(const MockRule&);
  void decide(const AskedCall&, const MockRule&);
  [[nodiscard]] Result<void> check_ids(const Rules&) const;
  [[nodiscard]] bool is_configured(const std::string& id) const;
  void tell(MockRule, std::uint64_t order);
  void forget(const std::string& id);
  void set_order();

  Core& core_;
  std::shared_ptr<const Rules> configured_;
  std::map<std::string, Told> told_;  // by id
  std::vector<const MockRule*> order_;
  std::map<std::string, Count> counts_;
  std::set<std::string> counted_;    // in this turn
  std::set<std::string> forgotten_;  // counts that are of no rule any more
  std::set<std::string> replaced_;   // told rules whose ids the configuration has now
  std::map<CallId, Decided> decided_;
  std::set<CallId> new_;  // decided in this turn
  std::set<std::pair<Time, CallId>> timers_;
};

}  // namespace presso::core
