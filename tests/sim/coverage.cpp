#include "tests/sim/coverage.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>

#include "engine/core/names.h"
#include "engine/run/evolve.h"
#include "engine/run/execution.h"

namespace presso::sim {

namespace {

using run::Execution;
using run::Frame;

std::string kind_of(const asl::State& state) {
  if (const auto* task = std::get_if<asl::TaskState>(&state.detail)) {
    if (task->resource.kind == asl::Resource::Kind::Activity) return "Task: activity";
    if (task->resource.kind == asl::Resource::Kind::LambdaFunction) return "Task: function";
    const bool is_submitted = task->resource.pattern != asl::IntegrationPattern::RequestResponse;
    return is_submitted ? "Task: callback" : "Task: integration";
  }
  const auto* map = std::get_if<asl::MapState>(&state.detail);
  if (map != nullptr && map->mode == asl::MapState::Mode::Distributed) return "Map: distributed";
  return std::string{asl::to_string(state.type())};
}

template <class How>
std::string end_named(How how) {
  constexpr std::array<const char*, 5> kNames{"succeeded", "failed", "timed out", "aborted", ""};
  return kNames.at(static_cast<std::size_t>(how));
}

// Why a simulation may go without a transition.
constexpr std::string_view kSameAgain =
    "would fail again after each redrive, and orders have to come to an end; scenarios show it";
constexpr std::string_view kAtOnce = "nobody catches it here; catch.scn and map_run.scn show it";
constexpr std::string_view kRare = "rare: depends on the seed; scenarios show it";

struct Expected {
  std::string_view state;
  std::string_view event;
  std::string_view why_not = {};  // empty: it has to be reached
};
constexpr Expected kExpected[] = {
    {"Pass", "entered"},
    {"Pass", "left"},
    {"Pass", "evaluation failed", kSameAgain},
    {"Pass", "execution failed", kSameAgain},
    {"Choice", "entered"},
    {"Choice", "left"},
    {"Choice", "evaluation failed", kSameAgain},
    {"Choice", "execution failed", kSameAgain},
    {"Succeed", "entered"},
    {"Succeed", "left"},
    {"Succeed", "evaluation failed", kSameAgain},
    {"Succeed", "execution failed", kSameAgain},
    {"Fail", "entered"},
    {"Fail", "execution failed"},
    {"Fail", "redriven", "it is entered again, which is counted as that"},
    {"Fail", "fails its branch", kSameAgain},
    {"Fail", "evaluation failed", kSameAgain},
    {"Wait", "entered"},
    {"Wait", "waits"},
    {"Wait", "left"},
    {"Wait", "execution stopped"},
    {"Wait", "redriven"},
    {"Wait", "execution timed out", kRare},
    {"Wait", "aborted with its branch", kRare},
    {"Wait", "evaluation failed", kSameAgain},
    {"Wait", "execution failed", kSameAgain},
    {"Task: integration", "entered"},
    {"Task: integration", "scheduled"},
    {"Task: integration", "started"},
    {"Task: integration", "succeeded"},
    {"Task: integration", "failed"},
    {"Task: integration", "timed out"},
    {"Task: integration", "waits for a retry"},
    {"Task: integration", "left"},
    {"Task: integration", "fails its branch"},
    {"Task: integration", "aborted with its branch"},
    {"Task: integration", "redriven"},
    {"Task: integration", "execution stopped", kRare},
    {"Task: integration", "execution timed out", kRare},
    {"Task: integration", "evaluation failed", kSameAgain},
    {"Task: integration", "execution failed", "it stands in a branch only"},
    {"Task: integration", "caught", kAtOnce},
    {"Task: callback", "entered"},
    {"Task: callback", "scheduled"},
    {"Task: callback", "started"},
    {"Task: callback", "submitted"},
    {"Task: callback", "not submitted"},
    {"Task: callback", "succeeded"},
    {"Task: callback", "failed"},
    {"Task: callback", "timed out"},
    {"Task: callback", "caught"},
    {"Task: callback", "left"},
    {"Task: callback", "fails its branch"},
    {"Task: callback", "aborted with its branch"},
    {"Task: callback", "redriven"},
    {"Task: callback", "execution stopped"},
    {"Task: callback", "execution timed out", kRare},
    {"Task: callback", "waits for a retry", "it has no Retry; retry.scn shows it"},
    {"Task: callback", "heartbeat", "the bell gives no sign of life; the coffee shop's people do"},
    {"Task: callback", "evaluation failed", kSameAgain},
    {"Task: function", "entered"},
    {"Task: function", "scheduled"},
    {"Task: function", "started"},
    {"Task: function", "succeeded"},
    {"Task: function", "failed"},
    {"Task: function", "timed out"},
    {"Task: function", "evaluation failed"},
    {"Task: function", "waits for a retry"},
    {"Task: function", "left"},
    {"Task: function", "execution failed"},
    {"Task: function", "execution stopped"},
    {"Task: function", "redriven"},
    {"Task: function", "execution timed out", kRare},
    {"Task: function", "caught", kAtOnce},
    {"Task: function", "fails its branch", "it stands in no branch; parallel.scn shows it"},
    {"Task: function", "aborted with its branch",
     "it stands in no branch; the random machines nest them"},
    {"Task: activity", "entered"},
    {"Task: activity", "scheduled"},
    {"Task: activity", "started"},
    {"Task: activity", "heartbeat"},
    {"Task: activity", "succeeded"},
    {"Task: activity", "failed"},
    {"Task: activity", "timed out"},
    {"Task: activity", "waits for a retry"},
    {"Task: activity", "left"},
    {"Task: activity", "fails its branch"},
    {"Task: activity", "aborted with its branch"},
    {"Task: activity", "redriven"},
    {"Task: activity", "execution stopped"},
    {"Task: activity", "execution timed out", kRare},
    {"Task: activity", "evaluation failed", kSameAgain},
    {"Task: activity", "caught", kAtOnce},
    {"Parallel", "entered"},
    {"Parallel", "started"},
    {"Parallel", "succeeded"},
    {"Parallel", "failed"},
    {"Parallel", "a branch's state aborted"},
    {"Parallel", "waits for a retry"},
    {"Parallel", "left"},
    {"Parallel", "execution failed"},
    {"Parallel", "execution stopped"},
    {"Parallel", "redriven"},
    {"Parallel", "execution timed out"},
    {"Parallel", "caught", kAtOnce},
    {"Parallel", "evaluation failed", kSameAgain},
    {"Parallel", "fails its branch", "it stands in no branch; the random machines nest them"},
    {"Parallel", "aborted with its branch",
     "it stands in no branch; the random machines nest them"},
    {"Map", "entered"},
    {"Map", "started"},
    {"Map", "succeeded"},
    {"Map", "failed"},
    {"Map", "a branch's state aborted"},
    {"Map", "waits for a retry"},
    {"Map", "left"},
    {"Map", "fails its branch"},
    {"Map", "aborted with its branch"},
    {"Map", "redriven"},
    {"Map", "execution stopped", kRare},
    {"Map", "execution timed out", kRare},
    {"Map", "caught", kAtOnce},
    {"Map", "evaluation failed", kSameAgain},
    {"Map", "execution failed", "it stands in a branch only"},
    {"Map: distributed", "entered"},
    {"Map: distributed", "started"},
    {"Map: distributed", "run started"},
    {"Map: distributed", "files found"},
    {"Map: distributed", "file read"},
    {"Map: distributed", "items ready"},
    {"Map: distributed", "children started"},
    {"Map: distributed", "child succeeded"},
    {"Map: distributed", "child failed"},
    {"Map: distributed", "child timed out", "its Express children take no time; scenarios show it"},
    {"Map: distributed", "child aborted", "nobody stops a child by itself; scenarios show it"},
    {"Map: distributed", "limits updated"},
    {"Map: distributed", "file written"},
    {"Map: distributed", "run succeeded"},
    {"Map: distributed", "run failed"},
    {"Map: distributed", "run aborted"},
    {"Map: distributed", "run redriven"},
    {"Map: distributed", "succeeded"},
    {"Map: distributed", "failed"},
    {"Map: distributed", "waits for a retry"},
    {"Map: distributed", "left"},
    {"Map: distributed", "redriven"},
    {"Map: distributed", "execution failed"},
    {"Map: distributed", "execution stopped"},
    {"Map: distributed", "execution timed out", kRare},
    {"Map: distributed", "caught", kAtOnce},
    {"Map: distributed", "evaluation failed", kSameAgain},
    {"Map: distributed", "fails its branch",
     "it stands in no branch; the random machines nest them"},
    {"Map: distributed", "aborted with its branch",
     "it stands in no branch; the random machines nest them"},
    {"Map: distributed", "a branch's state aborted", "its children are no branches"},
};

// What happened, in words that several states share; empty: to the execution.
std::string event_named(const run::Event& event, bool has_failed) {
  struct Names {
    bool has_failed;
    std::string operator()(const run::StateEntered&) const { return "entered"; }
    std::string operator()(const run::StateExited&) const { return has_failed ? "caught" : "left"; }
    std::string operator()(const run::StateAborted&) const { return "a branch's state aborted"; }
    std::string operator()(const run::EvaluationFailed&) const { return "evaluation failed"; }
    std::string operator()(const run::WaitScheduled&) const { return "waits"; }
    std::string operator()(const run::RetryScheduled&) const { return "waits for a retry"; }
    std::string operator()(const run::TaskScheduled&) const { return "scheduled"; }
    std::string operator()(const run::TaskStarted&) const { return "started"; }
    std::string operator()(const run::TaskSubmitted&) const { return "submitted"; }
    std::string operator()(const run::TaskSucceeded&) const { return "succeeded"; }
    std::string operator()(const run::TaskFailed& it) const {
      if (it.how == run::TaskFailed::How::TimedOut) return "timed out";
      return it.how == run::TaskFailed::How::SubmitFailed ? "not submitted" : "failed";
    }
    std::string operator()(const run::HeartbeatReceived&) const { return "heartbeat"; }
    std::string operator()(const run::BranchesStarted&) const { return "started"; }
    std::string operator()(const run::ChildStarted&) const { return ""; }
    std::string operator()(const run::ChildEnded& it) const {
      if (it.how == run::ChildEnded::How::Succeeded) return "";  // it has left its last state
      return it.how == run::ChildEnded::How::Failed ? "fails its branch"
                                                    : "aborted with its branch";
    }
    std::string operator()(const run::BranchesEnded& it) const {
      return it.is_success ? "succeeded" : "failed";
    }
    std::string operator()(const run::MapRunStarted&) const { return "run started"; }
    std::string operator()(const run::MapRunItemsReady&) const { return "items ready"; }
    std::string operator()(const run::MapRunUpdated&) const { return "limits updated"; }
    std::string operator()(const run::MapRunChildrenStarted&) const { return "children started"; }
    std::string operator()(const run::MapRunChildEnded& it) const {
      return "child " + end_named(it.how);
    }
    std::string operator()(const run::MapRunFileWritten&) const { return "file written"; }
    std::string operator()(const run::MapRunEnded& it) const {
      return it.how == run::MapRunEnded::How::Succeeded ? "run succeeded"
             : it.how == run::MapRunEnded::How::Failed  ? "run failed"
                                                        : "run aborted";
    }
    std::string operator()(const run::MapRunRedriven&) const { return "run redriven"; }
    std::string operator()(const run::MapRunFilesFound&) const { return "files found"; }
    std::string operator()(const run::MapRunFileRead&) const { return "file read"; }
    std::string operator()(const run::ExecutionStarted&) const { return ""; }
    std::string operator()(const run::ExecutionSucceeded&) const { return ""; }
    std::string operator()(const run::ExecutionEnded&) const { return ""; }
    std::string operator()(const run::ExecutionRedriven&) const { return ""; }
  };
  return std::visit(Names{has_failed}, event.detail);
}

std::string end_of(const run::ExecutionEnded& ended) {
  switch (ended.how) {
    case run::ExecutionEnded::How::Failed: return "execution failed";
    case run::ExecutionEnded::How::TimedOut: return "execution timed out";
    case run::ExecutionEnded::How::Aborted: return "execution stopped";
  }
  PRESSO_ASSERT(false);
}

bool is_failure(const run::Event& event) {
  if (const auto* ended = std::get_if<run::BranchesEnded>(&event.detail)) return !ended->is_success;
  return std::holds_alternative<run::TaskFailed>(event.detail) ||
         std::holds_alternative<run::EvaluationFailed>(event.detail);
}

run::Identity identity_of(const core::ExecutionRow& row) {
  run::Identity identity;
  identity.number = row.number;
  identity.arn = core::execution_arn(row.machine_arn, row.name);
  const Json details = *parse_json(row.details.empty() ? "{}" : row.details);
  if (const auto* map = as_string(find_member(details, "mapState"))) identity.map_state = *map;
  return identity;
}

}  // namespace

void Coverage::add(std::shared_ptr<const asl::Definition> definition, const core::ExecutionRow& row,
                   const std::vector<run::Event>& events) {
  Execution execution = run::make_execution(identity_of(row), std::move(definition));
  std::set<FrameId> failed;
  const auto count_all = [&](const std::string& event) {
    for (const auto& [id, frame] : execution.frames) {
      if (frame.state != nullptr) count(kind_of(*frame.state), event);
    }
  };
  for (const run::Event& event : events) {
    if (const auto* ended = std::get_if<run::ExecutionEnded>(&event.detail)) {
      count_all(end_of(*ended));
    }
    const auto frame = execution.frames.find(event.frame);
    const bool is_known = frame != execution.frames.end() && frame->second.state != nullptr;
    const std::string name = event_named(event, failed.contains(event.frame));
    if (is_known && !name.empty()) count(kind_of(*frame->second.state), name);
    run::evolve(execution, event);
    if (std::holds_alternative<run::StateEntered>(event.detail)) {
      count(kind_of(*execution.frames.at(event.frame).state), name);
    }
    if (std::holds_alternative<run::ExecutionRedriven>(event.detail)) count_all("redriven");
    if (is_failure(event)) {
      failed.insert(event.frame);
    } else if (event.id != 0 || std::holds_alternative<run::RetryScheduled>(event.detail)) {
      failed.erase(event.frame);
    }
  }
}

std::vector<std::string> Coverage::report() const {
  std::vector<std::string> lines;
  std::string state;
  for (const auto& [transition, times] : counts_) {
    if (transition.first != state) lines.push_back(transition.first);
    state = transition.first;
    lines.back() += "; " + transition.second + " " + std::to_string(times);
  }
  for (const Expected& expected : kExpected) {
    if (is_reached(expected.state, expected.event) || expected.why_not.empty()) continue;
    lines.push_back("not reached: " + std::string{expected.state} + ", " +
                    std::string{expected.event} + ": " + std::string{expected.why_not});
  }
  return lines;
}

bool Coverage::is_reached(std::string_view state, std::string_view event) const {
  return counts_.contains({std::string{state}, std::string{event}});
}

std::vector<std::string> Coverage::faults() const {
  std::vector<std::string> faults;
  for (const Expected& expected : kExpected) {
    if (is_reached(expected.state, expected.event) || !expected.why_not.empty()) continue;
    faults.push_back("never: " + std::string{expected.state} + ", " + std::string{expected.event});
  }
  for (const auto& [transition, times] : counts_) {
    const bool is_known =
        std::any_of(std::begin(kExpected), std::end(kExpected), [&](const Expected& expected) {
          return expected.state == transition.first && expected.event == transition.second;
        });
    if (!is_known)
      faults.push_back("nobody thought of: " + transition.first + ", " + transition.second);
  }
  return faults;
}

}  // namespace presso::sim
