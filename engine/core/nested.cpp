#include "engine/core/nested.h"

#include <optional>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/core.h"

namespace presso::core {

namespace {

constexpr std::string_view kKind = "await";

// AWS: .sync shows data as text, .sync:2 as JSON.
Json shown_data(const SharedJson& data, asl::IntegrationPattern pattern) {
  return pattern == asl::IntegrationPattern::Sync2 ? data.value() : Json(data.text());
}

// DescribeExecution's answer as the integration shows it: alphabetical, times in milliseconds,
// absent members left out.
Json description(const run::Execution& child, asl::IntegrationPattern pattern) {
  const Json included{{"Included", true}};
  Json shown = Json::object();
  if (child.failure.cause) shown["Cause"] = *child.failure.cause;
  if (child.failure.error) shown["Error"] = *child.failure.error;
  shown["ExecutionArn"] = child.identity.arn;
  shown["Input"] = shown_data(child.input, pattern);
  shown["InputDetails"] = included;
  shown["Name"] = child.identity.name;
  if (child.output.has_value()) {
    shown["Output"] = shown_data(child.output, pattern);
    shown["OutputDetails"] = included;
  }
  shown["StartDate"] = epoch_ms(child.start_time);
  shown["StateMachineArn"] = child.identity.machine_arn;
  shown["Status"] = run::to_string(child.status);
  if (child.stop_time) shown["StopDate"] = epoch_ms(*child.stop_time);
  return shown;
}

Json to_json(ExecutionNumber child, TaskId parent, asl::IntegrationPattern pattern) {
  return Json{{"kind", kKind},
              {"child", child.value},
              {"parent", parent.execution.value},
              {"event", parent.event},
              {"isParsed", pattern == asl::IntegrationPattern::Sync2}};
}

}  // namespace

void Nested::await(TaskId parent, const run::Execution& child, asl::IntegrationPattern pattern) {
  if (run::is_terminal(child.status)) {
    tell(parent, child, pattern);
    return;
  }
  const ExecutionNumber number = child.identity.number;
  const DeliveryId row = core_.deliveries().next_id();
  links_[{number, parent}] = {pattern, row};
  children_[parent] = number;
  core_.batch().put_deliveries.push_back({.id = row,
                                          .due = core_.now(),
                                          .attempts = 0,
                                          .value = dump_json(to_json(number, parent, pattern))});
}

void Nested::ended(const run::Execution& child) {
  const ExecutionNumber number = child.identity.number;
  auto it = links_.lower_bound({number, TaskId{}});
  while (it != links_.end() && it->first.first == number) {
    tell(it->first.second, child, it->second.pattern);
    remove(it++);
  }
}

void Nested::tell(TaskId parent, const run::Execution& child, asl::IntegrationPattern pattern) {
  std::string shown = dump_json(description(child, pattern));
  if (child.status == run::Status::Succeeded) {
    core_.enqueue(EndTask{parent, std::move(shown)});
  } else {
    core_.enqueue(
        EndTask{parent, run::Failure{.error = "States.TaskFailed", .cause = std::move(shown)}});
  }
}

bool Nested::cancelled(TaskId parent) {
  const auto it = children_.find(parent);
  if (it == children_.end()) return false;
  const ExecutionNumber child = it->second;
  remove(links_.find({child, parent}));
  core_.enqueue(StopNested{child});
  return true;
}

void Nested::remove(std::map<Pair, Link>::iterator it) {
  core_.batch().erased_deliveries.push_back(it->second.row);
  children_.erase(it->first.second);
  links_.erase(it);
}

bool Nested::is_row(const Json& value) {
  const std::string* kind = as_string(find_member(value, "kind"));
  return kind != nullptr && *kind == kKind;
}

Result<void> Nested::restore(DeliveryId row, const Json& value) {
  const auto child = number_if<std::uint64_t>(value, "child");
  const auto parent = number_if<std::uint64_t>(value, "parent");
  const auto event = number_if<std::uint64_t>(value, "event");
  const Json* is_parsed = find_member(value, "isParsed");
  if (!child || !parent || !event || is_parsed == nullptr || !is_parsed->is_boolean()) {
    return Error{"DocumentCorrupt", "it does not say who awaits whom"};
  }
  const TaskId task{ExecutionNumber{*parent}, *event};
  const auto pattern =
      is_parsed->get<bool>() ? asl::IntegrationPattern::Sync2 : asl::IntegrationPattern::Sync;
  links_[{ExecutionNumber{*child}, task}] = {pattern, row};
  children_[task] = ExecutionNumber{*child};
  return {};
}

}  // namespace presso::core
