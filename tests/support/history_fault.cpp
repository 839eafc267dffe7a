#include "tests/support/history_fault.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/history.h"

namespace presso::test {
namespace {

using run::Event;

class Examiner {
 public:
  std::string examine(const std::vector<Event>& events) {
    for (const Event& event : events) {
      if (const auto* child = std::get_if<run::ChildStarted>(&event.detail)) {
        parents_[event.frame] = child->parent;
      }
      if (event.id != 0) examine(event);
      last_time_ = event.time;
      if (!fault_.empty()) return fault_;
    }
    if (!is_over_) complain("it has not ended");
    return fault_;
  }

 private:
  void examine(const Event& event) {
    current_ = std::to_string(event.id) + " " + std::string{run::public_type(event)};
    if (event.id != seen_.size() + 1) complain("its id does not follow");
    if (event.time < last_time_) complain("it is before the one before it");
    const bool is_redrive = std::holds_alternative<run::ExecutionRedriven>(event.detail);
    if (is_over_ != is_redrive)
      complain(is_over_ ? "it follows the end" : "it is redriven running");
    is_over_ = false;
    if (event.previous >= event.id) {
      complain("it follows a later one");
    } else {
      link(event);
    }
    state(event);
    task(event);
    is_over_ = std::holds_alternative<run::ExecutionSucceeded>(event.detail) ||
               std::holds_alternative<run::ExecutionEnded>(event.detail);
    seen_.push_back(&event);
  }

  // AWS: nothing precedes the start, the first state, and an end that comes from outside. What
  // fails before the state has done anything follows what its Entered event follows.
  void link(const Event& event) {
    if (event.previous == 0) {
      const auto* ended = std::get_if<run::ExecutionEnded>(&event.detail);
      const bool is_from_outside =
          ended != nullptr && ended->how != run::ExecutionEnded::How::Failed;
      const bool is_evaluation = std::holds_alternative<run::EvaluationFailed>(event.detail);
      if (event.id > 2 && !is_from_outside && !is_evaluation) complain("it follows nothing");
      return;
    }
    const Event& before = *seen_.at(event.previous - 1);
    if (std::holds_alternative<run::ExecutionRedriven>(before.detail)) return;
    if (event.frame.value == 0 || before.frame.value == 0) return;
    if (is_within(event.frame, before.frame) || is_within(before.frame, event.frame)) return;
    // One that takes another's place, and one that is aborted for another's failure.
    const bool is_child = std::holds_alternative<run::ChildStarted>(event.detail) ||
                          std::holds_alternative<run::ChildEnded>(event.detail);
    const auto parent = parents_.find(event.frame);
    if (is_child && parent != parents_.end() && is_within(before.frame, parent->second)) return;
    complain("it follows an event of another branch");
  }

  // Whether `frame` is `outer` or of a branch of it.
  bool is_within(FrameId frame, FrameId outer) const {
    for (;;) {
      if (frame == outer) return true;
      const auto parent = parents_.find(frame);
      if (parent == parents_.end()) return false;
      frame = parent->second;
    }
  }

  // A state is left once, by the frame that entered it; a redrive enters a Fail state again.
  void state(const Event& event) {
    if (const auto* entered = std::get_if<run::StateEntered>(&event.detail)) {
      const auto open = open_.find(event.frame);
      if (open != open_.end() && open->second.type != asl::StateType::Fail) {
        complain("the state before is not left");
      }
      open_[event.frame] = *entered;
    } else if (const auto* exited = std::get_if<run::StateExited>(&event.detail)) {
      const auto open = open_.find(event.frame);
      if (open == open_.end() || open->second.name != exited->name) {
        return complain("it leaves what it has not entered");
      }
      if (open->second.type != exited->type) complain("its type is another than when entered");
      open_.erase(open);
    }
  }

  // An attempt is scheduled, started, submitted and ended, each once.
  void task(const Event& event) {
    int& stage = attempts_[event.frame];
    const auto is_at = [&](int from, int to, int next) {
      if (stage < from || stage > to) complain("the task is not there yet, or is over");
      stage = next;
    };
    if (std::holds_alternative<run::TaskScheduled>(event.detail)) {
      stage = 1;
    } else if (std::holds_alternative<run::TaskStarted>(event.detail)) {
      is_at(1, 1, 2);
    } else if (std::holds_alternative<run::TaskSubmitted>(event.detail)) {
      is_at(2, 2, 3);
    } else if (std::holds_alternative<run::TaskSucceeded>(event.detail)) {
      is_at(2, 3, 0);
    } else if (std::holds_alternative<run::TaskFailed>(event.detail)) {
      is_at(1, 3, 0);
    }
  }

  void complain(const std::string& what) {
    if (fault_.empty()) fault_ = current_ + ": " + what;
  }

  std::vector<const Event*> seen_;
  std::map<FrameId, FrameId> parents_;
  std::map<FrameId, run::StateEntered> open_;
  std::map<FrameId, int> attempts_;
  Time last_time_{};
  bool is_over_ = false;
  std::string current_;
  std::string fault_;
};

}  // namespace

std::string fault_in(const std::vector<Event>& events) { return Examiner{}.examine(events); }

}  // namespace presso::test
