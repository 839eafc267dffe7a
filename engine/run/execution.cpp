#include "engine/run/execution.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

#include "base/assert.h"
#include "base/text.h"
#include "engine/run/map_run_step.h"

namespace presso::run {

namespace {

// The two that a time-out and a missed heartbeat set, and the moments of Wait and Retry.
void consider(std::optional<Time>& earliest, const std::optional<Time>& candidate) {
  if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
}

bool is_outstanding(const Waiting& waiting) {
  if (std::holds_alternative<Ready>(waiting)) return true;
  // Its children's ends come often, and it is not folded anew for each.
  if (std::holds_alternative<WaitingMapRun>(waiting)) return true;
  const auto* task = std::get_if<WaitingTask>(&waiting);
  return task != nullptr && task->kind != TaskKind::Activity && !task->is_submitted;
}

bool is_same(const WaitingTask& left, const WaitingTask& right) {
  return left.scheduled_event == right.scheduled_event && left.kind == right.kind &&
         left.parameters == right.parameters && left.token == right.token &&
         left.is_started == right.is_started && left.is_submitted == right.is_submitted &&
         left.deadline == right.deadline && left.heartbeat_deadline == right.heartbeat_deadline &&
         left.heartbeat_seconds == right.heartbeat_seconds;
}
bool is_same(const WaitingTimer& left, const WaitingTimer& right) {
  return left.until == right.until;
}
bool is_same(const WaitingRetry& left, const WaitingRetry& right) { return left.at == right.at; }
bool is_same(const WaitingChildren& left, const WaitingChildren& right) {
  return left.items == right.items && left.inputs == right.inputs &&
         left.results == right.results && left.length == right.length &&
         left.started == right.started && left.ended == right.ended &&
         left.max_concurrency == right.max_concurrency &&
         left.started_event == right.started_event &&
         left.last_child_event == right.last_child_event;
}
bool is_same(const WaitingMapRun& left, const WaitingMapRun& right) { return left == right; }
bool is_same(const Ready&, const Ready&) { return true; }
bool is_same(const Finished& left, const Finished& right) { return left.output == right.output; }

bool is_same(const Waiting& left, const Waiting& right) {
  return std::visit(
      [](const auto& a, const auto& b) {
        if constexpr (std::is_same_v<decltype(a), decltype(b)>) {
          return is_same(a, b);
        } else {
          return false;
        }
      },
      left, right);
}

bool is_same(const Frame& left, const Frame& right) {
  return left.id == right.id && left.parent == right.parent && left.index == right.index &&
         left.next == right.next && left.state == right.state && left.input == right.input &&
         left.entered_event == right.entered_event && left.event_before == right.event_before &&
         left.entered_time == right.entered_time && left.last_event == right.last_event &&
         left.failing_event == right.failing_event && left.retries == right.retries &&
         left.variables == right.variables && is_same(left.waiting, right.waiting);
}

// The token's bytes: version, number and event big-endian, then the nonce.
constexpr char kTokenVersion = 1;
constexpr std::size_t kNonceBytes = 16;
constexpr std::size_t kTokenBytes = 1 + 8 + 8 + kNonceBytes;

void append_big_endian(std::string& bytes, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>((value >> shift) & 0xff));
  }
}
std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = (value << 8) | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

std::string_view to_string(Status status) {
  switch (status) {
    case Status::Running: return "RUNNING";
    case Status::Succeeded: return "SUCCEEDED";
    case Status::Failed: return "FAILED";
    case Status::TimedOut: return "TIMED_OUT";
    case Status::Aborted: return "ABORTED";
  }
  PRESSO_ASSERT(false);
}

Execution make_execution(Identity identity, std::shared_ptr<const asl::Definition> definition) {
  PRESSO_ASSERT(definition != nullptr);
  Execution execution;
  execution.identity = std::move(identity);
  execution.definition = std::move(definition);
  return execution;
}

bool is_terminal(Status status) { return status != Status::Running; }

bool is_unsuccessful(Status status) { return is_terminal(status) && status != Status::Succeeded; }

std::optional<Time> next_deadline(const Execution& execution) {
  if (is_terminal(execution.status)) return std::nullopt;
  std::optional<Time> earliest = execution.deadline;
  for (const auto& [id, frame] : execution.frames) {
    if (const auto* task = std::get_if<WaitingTask>(&frame.waiting)) {
      consider(earliest, task->deadline);
      consider(earliest, task->heartbeat_deadline);
    } else if (const auto* timer = std::get_if<WaitingTimer>(&frame.waiting)) {
      consider(earliest, timer->until);
    } else if (const auto* retry = std::get_if<WaitingRetry>(&frame.waiting)) {
      consider(earliest, retry->at);
    }
  }
  return earliest;
}

std::vector<Command> resume(const Execution& execution) {
  std::vector<Command> commands;
  if (is_terminal(execution.status)) return commands;
  bool has_work = false;
  for (const auto& [id, frame] : execution.frames) {
    if (std::holds_alternative<Ready>(frame.waiting)) has_work = true;
    if (std::holds_alternative<WaitingMapRun>(frame.waiting))
      resume_map_run(execution, frame, commands);
    const auto* task = std::get_if<WaitingTask>(&frame.waiting);
    if (task == nullptr || task->is_submitted || frame.state == nullptr) continue;
    if (task->kind == TaskKind::Activity && task->is_started) continue;
    commands.push_back(RunTask{.task = {execution.identity.number, task->scheduled_event},
                               .resource = std::get<asl::TaskState>(frame.state->detail).resource,
                               .parameters = task->parameters,
                               .token = task->token});
  }
  if (has_work) commands.push_back(ContinueLater{});
  return commands;
}

const Frame* find_waiting(const Execution& execution, TaskId task) {
  if (task.execution != execution.identity.number || is_terminal(execution.status)) return nullptr;
  for (const auto& [id, frame] : execution.frames) {
    const auto* waiting = std::get_if<WaitingTask>(&frame.waiting);
    if (waiting != nullptr && waiting->scheduled_event == task.event) return &frame;
  }
  return nullptr;
}

const Frame* find_map_run(const Execution& execution, TaskId task) {
  if (task.execution != execution.identity.number || is_terminal(execution.status)) return nullptr;
  for (const auto& [id, frame] : execution.frames) {
    const auto* run = std::get_if<WaitingMapRun>(&frame.waiting);
    if (run != nullptr && !run->is_closed && run->started_event == task.event) return &frame;
  }
  return nullptr;
}

bool is_parked(const Execution& execution) {
  return std::none_of(execution.frames.begin(), execution.frames.end(),
                      [](const auto& entry) { return is_outstanding(entry.second.waiting); });
}

bool is_same(const Execution& left, const Execution& right) {
  const auto are_same = [](const auto& ours, const auto& theirs) {
    return std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                      [](const auto& a, const auto& b) {
                        return a.first == b.first && is_same(a.second, b.second);
                      });
  };
  return left.identity == right.identity && left.status == right.status &&
         left.start_time == right.start_time && left.stop_time == right.stop_time &&
         left.deadline == right.deadline && left.input == right.input &&
         left.output == right.output && left.failure == right.failure &&
         left.last_event_id == right.last_event_id && left.last_frame_id == right.last_frame_id &&
         left.redrive_count == right.redrive_count && left.redrive_time == right.redrive_time &&
         are_same(left.frames, right.frames) && are_same(left.lost, right.lost);
}

std::string make_token(TaskId task, Entropy& entropy) {
  std::string bytes(1, kTokenVersion);
  append_big_endian(bytes, task.execution.value);
  append_big_endian(bytes, task.event);
  append_big_endian(bytes, entropy.next());
  append_big_endian(bytes, entropy.next());
  return base64_encode(bytes);
}

std::optional<TaskId> parse_token(std::string_view token) {
  const auto bytes = base64_decode(token);
  if (!bytes || bytes->size() != kTokenBytes || bytes->front() != kTokenVersion) {
    return std::nullopt;
  }
  const std::string_view view = *bytes;
  return TaskId{ExecutionNumber{read_big_endian(view.substr(1, 8))},
                read_big_endian(view.substr(9, 8))};
}

}  // namespace presso::run
