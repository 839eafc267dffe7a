#include "engine/run/history.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/json.h"
#include "base/time.h"

namespace presso::run {
namespace {

template <class Enum>
constexpr std::size_t at(Enum value) {
  return static_cast<std::size_t>(value);
}

// By asl::StateType. AWS has no name for what is empty.
struct StateNames {
  std::string_view entered, exited, aborted, started, succeeded, failed;
};
constexpr StateNames kStateNames[] = {
    {"PassStateEntered", "PassStateExited", {}, {}, {}, {}},
    {"TaskStateEntered", "TaskStateExited", "TaskStateAborted", {}, {}, {}},
    {"ChoiceStateEntered", "ChoiceStateExited", {}, {}, {}, {}},
    {"WaitStateEntered", "WaitStateExited", "WaitStateAborted", {}, {}, {}},
    {"SucceedStateEntered", "SucceedStateExited", {}, {}, {}, {}},
    {"FailStateEntered", {}, {}, {}, {}, {}},
    {"ParallelStateEntered", "ParallelStateExited", "ParallelStateAborted", "ParallelStateStarted",
     "ParallelStateSucceeded", "ParallelStateFailed"},
    {"MapStateEntered", "MapStateExited", "MapStateAborted", "MapStateStarted", "MapStateSucceeded",
     "MapStateFailed"}};

// By TaskKind. A family without its own name for a way to fail has the general one.
struct TaskNames {
  std::string_view scheduled, started, succeeded;
  std::array<std::string_view, 5> failed;  // by TaskFailed::How
};
constexpr TaskNames kTaskNames[] = {
    {"TaskScheduled",
     "TaskStarted",
     "TaskSucceeded",
     {"TaskFailed", "TaskFailed", "TaskStartFailed", "TaskSubmitFailed", "TaskTimedOut"}},
    {"LambdaFunctionScheduled",
     "LambdaFunctionStarted",
     "LambdaFunctionSucceeded",
     {"LambdaFunctionFailed", "LambdaFunctionScheduleFailed", "LambdaFunctionStartFailed",
      "LambdaFunctionFailed", "LambdaFunctionTimedOut"}},
    {"ActivityScheduled",
     "ActivityStarted",
     "ActivitySucceeded",
     {"ActivityFailed", "ActivityScheduleFailed", "ActivityFailed", "ActivityFailed",
      "ActivityTimedOut"}}};

constexpr std::string_view kEndedNames[] = {"ExecutionFailed", "ExecutionTimedOut",
                                            "ExecutionAborted"};
constexpr std::string_view kChildEndedNames[] = {"MapIterationSucceeded", "MapIterationFailed",
                                                 "MapIterationAborted"};

constexpr std::string_view kMapRunEndedNames[] = {"MapRunSucceeded", "MapRunFailed",
                                                  "MapRunAborted"};

std::string_view name_of(const ExecutionStarted&) { return "ExecutionStarted"; }
std::string_view name_of(const ExecutionSucceeded&) { return "ExecutionSucceeded"; }
std::string_view name_of(const ExecutionEnded& it) { return kEndedNames[at(it.how)]; }
std::string_view name_of(const StateEntered& it) { return kStateNames[at(it.type)].entered; }
std::string_view name_of(const StateExited& it) { return kStateNames[at(it.type)].exited; }
std::string_view name_of(const StateAborted& it) { return kStateNames[at(it.type)].aborted; }
std::string_view name_of(const EvaluationFailed&) { return "EvaluationFailed"; }
std::string_view name_of(const WaitScheduled&) { return {}; }
std::string_view name_of(const RetryScheduled&) { return {}; }
std::string_view name_of(const TaskScheduled& it) { return kTaskNames[at(it.kind)].scheduled; }
std::string_view name_of(const TaskStarted& it) { return kTaskNames[at(it.kind)].started; }
std::string_view name_of(const TaskSubmitted&) { return "TaskSubmitted"; }
std::string_view name_of(const TaskSucceeded& it) { return kTaskNames[at(it.kind)].succeeded; }
std::string_view name_of(const TaskFailed& it) {
  return kTaskNames[at(it.kind)].failed[at(it.how)];
}
std::string_view name_of(const HeartbeatReceived&) { return {}; }
std::string_view name_of(const BranchesStarted& it) { return kStateNames[at(it.type)].started; }
std::string_view name_of(const ChildStarted&) { return "MapIterationStarted"; }
std::string_view name_of(const ChildEnded& it) { return kChildEndedNames[at(it.how)]; }
std::string_view name_of(const MapRunStarted&) { return "MapRunStarted"; }
std::string_view name_of(const MapRunItemsReady&) { return {}; }
std::string_view name_of(const MapRunFilesFound&) { return {}; }
std::string_view name_of(const MapRunFileRead&) { return {}; }
std::string_view name_of(const MapRunUpdated&) { return {}; }
std::string_view name_of(const MapRunChildrenStarted&) { return {}; }
std::string_view name_of(const MapRunChildEnded&) { return {}; }
std::string_view name_of(const MapRunFileWritten&) { return {}; }
std::string_view name_of(const MapRunEnded& it) { return kMapRunEndedNames[at(it.how)]; }
std::string_view name_of(const BranchesEnded& it) {
  const StateNames& names = kStateNames[at(it.type)];
  return it.is_success ? names.succeeded : names.failed;
}
std::string_view name_of(const ExecutionRedriven&) { return "ExecutionRedriven"; }
std::string_view name_of(const MapRunRedriven&) { return "MapRunRedriven"; }

// The members of an event's details.
class Details {
 public:
  explicit Details(bool include_data) : include_data_{include_data} {}

  template <class T>
  Details& add(const char* name, const T& value) {
    members_[name] = value;
    return *this;
  }
  template <class T>
  Details& add(const char* name, const std::optional<T>& value) {
    if (value) members_[name] = *value;
    return *this;
  }
  // "input" and its "inputDetails". `truncated` concerns log groups alone: never true here.
  Details& add_data(const std::string& name, const SharedJson& data) {
    if (!include_data_ || !data.has_value()) return *this;
    members_[name] = data.text();
    members_[name + "Details"] = {{"truncated", false}};
    return *this;
  }
  Details& add_parameters(const SharedJson& parameters) {
    if (include_data_ && parameters.has_value()) members_["parameters"] = parameters.text();
    return *this;
  }
  Details& add_assignments(const std::vector<Assignment>& assignments) {
    if (!include_data_ || assignments.empty()) return *this;
    Json variables = Json::object();
    for (const Assignment& it : assignments) variables[it.name] = it.value.text();
    members_["assignedVariables"] = std::move(variables);
    members_["assignedVariablesDetails"] = {{"truncated", false}};
    return *this;
  }
  Details& add_resource(const std::string& resource_type, const std::string& resource) {
    return add("resourceType", resource_type).add("resource", resource);
  }
  Details& add_credentials(const SharedJson& credentials) {
    if (!credentials.has_value()) return *this;
    const std::string* role_arn = as_string(find_member(credentials.value(), "RoleArn"));
    if (role_arn) members_["taskCredentials"] = {{"roleArn", *role_arn}};
    return *this;
  }
  Json take() { return std::move(members_); }

 private:
  Json members_ = Json::object();
  bool include_data_;
};

// Whether the type has details at all; when it has, an object stands there even if it is empty.
bool has_details(const Event& event) {
  if (std::holds_alternative<StateAborted>(event.detail)) return false;
  if (std::holds_alternative<BranchesEnded>(event.detail)) return false;
  if (const auto* it = std::get_if<BranchesStarted>(&event.detail)) {
    return it->type == asl::StateType::Map;
  }
  if (const auto* it = std::get_if<MapRunEnded>(&event.detail)) {
    return it->how == MapRunEnded::How::Failed;
  }
  if (const auto* it = std::get_if<TaskStarted>(&event.detail)) {
    return it->kind != TaskKind::Lambda;
  }
  return true;
}

// Entering and leaving have one name for all state types; the others are named as their type is.
std::string details_name(const Event& event) {
  if (std::holds_alternative<StateEntered>(event.detail)) return "stateEnteredEventDetails";
  if (std::holds_alternative<StateExited>(event.detail)) return "stateExitedEventDetails";
  std::string name{public_type(event)};
  if (!name.empty()) name.front() = static_cast<char>(name.front() - 'A' + 'a');
  return name + "EventDetails";
}

void describe(const ExecutionStarted& it, Details& details) {
  details.add_data("input", it.input)
      .add("roleArn", it.role_arn)
      .add("stateMachineAliasArn", it.alias_arn)
      .add("stateMachineVersionArn", it.version_arn);
}
void describe(const ExecutionSucceeded& it, Details& details) {
  details.add_data("output", it.output);
}
void describe(const ExecutionEnded& it, Details& details) {
  details.add("error", it.error).add("cause", it.cause);
}
void describe(const StateEntered& it, Details& details) {
  details.add("name", it.name).add_data("input", it.input);
}
void describe(const StateExited& it, Details& details) {
  details.add("name", it.name).add_data("output", it.output).add_assignments(it.assignments);
}
void describe(const StateAborted&, Details&) {}
void describe(const EvaluationFailed& it, Details& details) {
  details.add("error", it.error).add("cause", it.cause);
  details.add("location", it.location).add("state", it.state);
}
void describe(const WaitScheduled&, Details&) {}
void describe(const RetryScheduled&, Details&) {}
void describe(const TaskScheduled& it, Details& details) {
  if (it.kind == TaskKind::Integration) {
    details.add_resource(it.resource_type, it.resource)
        .add("region", it.region)
        .add_parameters(it.parameters);
  } else {
    details.add("resource", it.resource).add_data("input", it.parameters);
  }
  details.add("timeoutInSeconds", it.timeout_seconds);
  // A Lambda function's details have no member for it.
  if (it.kind != TaskKind::Lambda) details.add("heartbeatInSeconds", it.heartbeat_seconds);
  if (it.kind != TaskKind::Activity) details.add_credentials(it.credentials);
}
void describe(const TaskStarted& it, Details& details) {
  if (it.kind == TaskKind::Integration) details.add_resource(it.resource_type, it.resource);
  details.add("workerName", it.worker_name);
}
void describe(const TaskSubmitted& it, Details& details) {
  details.add_resource(it.resource_type, it.resource).add_data("output", it.output);
}
void describe(const TaskSucceeded& it, Details& details) {
  if (it.kind == TaskKind::Integration) details.add_resource(it.resource_type, it.resource);
  details.add_data("output", it.output);
}
void describe(const TaskFailed& it, Details& details) {
  if (it.kind == TaskKind::Integration) details.add_resource(it.resource_type, it.resource);
  details.add("error", it.error).add("cause", it.cause);
}
void describe(const HeartbeatReceived&, Details&) {}
void describe(const BranchesStarted& it, Details& details) { details.add("length", it.length); }
void describe(const ChildStarted& it, Details& details) {
  details.add("name", it.name).add("index", it.index);
}
void describe(const ChildEnded& it, Details& details) {
  details.add("name", it.name).add("index", it.index);
}
void describe(const BranchesEnded&, Details&) {}
void describe(const MapRunStarted& it, Details& details) {
  details.add("mapRunArn", it.map_run_arn);
}
void describe(const MapRunItemsReady&, Details&) {}
void describe(const MapRunFilesFound&, Details&) {}
void describe(const MapRunFileRead&, Details&) {}
void describe(const MapRunUpdated&, Details&) {}
void describe(const MapRunChildrenStarted&, Details&) {}
void describe(const MapRunChildEnded&, Details&) {}
void describe(const MapRunFileWritten&, Details&) {}
void describe(const MapRunEnded& it, Details& details) {
  details.add("error", it.error).add("cause", it.cause);
}
void describe(const ExecutionRedriven& it, Details& details) {
  details.add("redriveCount", it.redrive_count);
}
void describe(const MapRunRedriven& it, Details& details) {
  details.add("mapRunArn", it.map_run_arn).add("redriveCount", it.redrive_count);
}

}  // namespace

bool is_public(const Event& event) { return event.id != 0; }

std::string_view public_type(const Event& event) {
  return std::visit([](const auto& detail) { return name_of(detail); }, event.detail);
}

Json to_public(const Event& event, bool include_data) {
  Json result = Json::object();
  result["timestamp"] = to_epoch_seconds(event.time);
  result["type"] = std::string{public_type(event)};
  result["id"] = event.id;
  result["previousEventId"] = event.previous;
  if (has_details(event)) {
    Details details{include_data};
    std::visit([&](const auto& detail) { describe(detail, details); }, event.detail);
    result[details_name(event)] = details.take();
  }
  return result;
}

}  // namespace presso::run
