// What is left to do within a turn: the entries of its queue. They are values, so that what does
// not fit into a turn can be stored for the next one.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/ids.h"
#include "base/json_fwd.h"
#include "base/result.h"
#include "base/shared_json.h"
#include "bus/event.h"
#include "engine/asl/resource.h"
#include "engine/core/activities.h"
#include "engine/core/caller.h"
#include "engine/core/mocks.h"
#include "engine/core/status_event.h"
#include "engine/core/store.h"
#include "engine/run/command.h"
#include "engine/run/failure.h"

namespace presso::core {

// An event reached a bus.
struct RouteEvent {
  Caller home;      // of the bus; the event says where it comes from
  std::string bus;  // its name
  bus::SharedEvent event;
  std::string sent_by = {};  // the ARN of the rule that sent it here from another bus
};

// An execution changed its status, which is an event on the bus `default`.
struct RouteStatus {
  SharedChange change;
};

// A rule matched, and its target is a state machine.
struct StartByRule {
  std::string machine_arn;
  std::string input;
  std::string event_id;
  std::string rule_arn;
  std::string target;           // JSON text, as PutTargets took it
  std::string event = {};       // JSON text for its dead-letter queue; empty when it has none
  std::string origin_arn = {};  // of the execution that put the event; empty when none did
};

// A task that is done in the process. Its execution remembers it, so no row is needed.
struct RunInside {
  TaskId task;
  asl::Resource resource;
  SharedJson parameters;
};

// The same for a task whose answer the mock configuration knows.
struct AnswerMocked {
  TaskId task;
  MockedAnswer answer;
};

// What a mock rule decided happens: an answer, or the call itself. The decision is kept elsewhere.
struct EndMocked {
  std::variant<TaskId, DeliveryId> call;
};

// What a .sync task awaited has ended.
struct EndTask {
  TaskId task;
  std::variant<std::string, run::Failure> result;
};

// What a .sync task started is awaited by nobody any more.
struct StopNested {
  ExecutionNumber execution;
};

// A child of a Map Run begins, in the process. The parent remembers it, so no row is needed.
struct StartMapChild {
  run::StartMapChild child;
};

// A child of a Map Run has ended, in this attempt of the run.
struct EndMapChild {
  TaskId run;
  std::uint64_t attempt = 0;
  run::MapRunChildEnded ended;
};

// A Map Run ended without this child.
struct StopMapChild {
  ExecutionName child;
  std::uint64_t attempt = 0;  // of the run: a redriven child is let be
};

// A worker gets a task of its activity, once the task's execution is in memory. The task's own row
// and the client's patience are all that has to last.
struct HandOver {
  TaskId task;
  Activities::Poll poll;
};

using Work =
    std::variant<RouteEvent, RouteStatus, StartByRule, RunInside, EndTask, StopNested, HandOver,
                 StartMapChild, EndMapChild, StopMapChild, AnswerMocked, EndMocked>;

// The value of the row that keeps the work, {"kind": "route", …}; nothing for what needs none.
[[nodiscard]] std::optional<Json> to_json(const Work&);
// Error code "DocumentCorrupt".
[[nodiscard]] Result<Work> work_from_json(const Json&);
// Whether `value` is a row of that kind, and not a delivery to the outside.
[[nodiscard]] bool is_work(const Json& value);

// Under which name the child is an execution.
[[nodiscard]] ExecutionName name_of(const run::StartMapChild&);

// Whom the work is about, if that has to be known first: the execution it ends or stops, or the one
// that may have the name under which it wants to start another.
[[nodiscard]] Keys keys_of(const Work&);

}  // namespace presso::core
