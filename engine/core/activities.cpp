#include "engine/core/activities.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/json_members.h"
#include "engine/core/core.h"
#include "engine/core/corrupt.h"
#include "engine/core/names.h"

namespace presso::core {

namespace {

constexpr std::string_view kKind = "activity-task";

Json to_json(const Activity& activity) {
  return Json{{"arn", activity.arn},
              {"name", activity.name},
              {"created", epoch_ms(activity.created)},
              {"settings", activity.settings}};
}
Json to_json(TaskId task, const std::string& activity_arn) {
  return Json{{"kind", kKind},
              {"activity", activity_arn},
              {"execution", task.execution.value},
              {"event", task.event}};
}

Answer no_task() { return {"{}", {}, 200}; }
Answer task_answer(const run::WaitingTask& task) {
  return {dump_json(Json{{"taskToken", task.token}, {"input", task.parameters.text()}}), {}, 200};
}

}  // namespace

Error activity_does_not_exist(std::string_view arn) {
  return Error{"ActivityDoesNotExist", "Activity Does Not Exist: '" + std::string{arn} + "'"};
}

Result<const Activity*> Activities::create(const Caller& caller, const std::string& name,
                                           Json settings) {
  if (auto valid = check_name(name); !valid) return valid.error();
  std::string arn = activity_arn(caller, name);
  if (const auto it = activities_.find(arn); it != activities_.end()) {
    if (it->second.settings == settings) return &it->second;
    return Error{"ActivityAlreadyExists", "Activity Already Exists: '" + arn + "'"};
  }
  Activity& activity = activities_[arn];
  activity = {.arn = arn, .name = name, .created = core_.now(), .settings = std::move(settings)};
  core_.put_document("activity", arn, to_json(activity));
  return &activity;
}

void Activities::remove(const std::string& arn) {
  if (activities_.erase(arn) == 0) return;
  core_.erase_document("activity", arn);
  core_.tags().forget(arn);
  for (const Poll& poll : std::exchange(polls_[arn], {})) core_.reply(poll.request, no_task());
  polls_.erase(arn);
}

Result<const Activity*> Activities::find(const std::string& arn) const {
  if (auto valid = check_arn(arn, "activity"); !valid) return valid.error();
  const auto it = activities_.find(arn);
  if (it == activities_.end()) return activity_does_not_exist(arn);
  return &it->second;
}

std::vector<const Activity*> Activities::list(const Caller& caller) const {
  const std::string prefix = activity_arn(caller, "");
  std::vector<const Activity*> found;
  for (auto it = activities_.lower_bound(prefix);
       it != activities_.end() && it->first.starts_with(prefix); ++it) {
    found.push_back(&it->second);
  }
  return found;
}

void Activities::schedule(TaskId task, const std::string& activity_arn) {
  if (tasks_.contains(task)) return;
  const DeliveryId row = core_.deliveries().next_id();
  core_.batch().put_deliveries.push_back({.id = row,
                                          .due = core_.now(),
                                          .attempts = 0,
                                          .value = dump_json(to_json(task, activity_arn))});
  tasks_[task] = {activity_arn, row};
  queues_[activity_arn].push_back(task);
  match(activity_arn);
}

bool Activities::cancelled(TaskId task) {
  const auto it = tasks_.find(task);
  if (it == tasks_.end()) return false;
  const auto queue = queues_.find(it->second.activity_arn);
  if (queue != queues_.end()) {
    std::erase(queue->second, task);
    if (queue->second.empty()) queues_.erase(queue);
  }
  erase(it);
  return true;
}

void Activities::poll(Poll poll) {
  const std::string arn = poll.activity_arn;
  polls_[arn].push_back(std::move(poll));
  match(arn);
}

void Activities::end_poll(RequestId request) {
  for (auto it = polls_.begin(); it != polls_.end(); ++it) {
    const auto ended =
        std::erase_if(it->second, [&](const Poll& poll) { return poll.request == request; });
    if (ended == 0) continue;
    core_.reply(request, no_task());
    if (it->second.empty()) polls_.erase(it);
    return;
  }
}

void Activities::end_polls() {
  for (const auto& [arn, polls] : std::exchange(polls_, {})) {
    for (const Poll& poll : polls) core_.reply(poll.request, no_task());
  }
}

// First come, first served, on both sides.
void Activities::match(const std::string& activity_arn) {
  const auto queue = queues_.find(activity_arn);
  const auto polls = polls_.find(activity_arn);
  if (queue == queues_.end() || polls == polls_.end()) return;
  while (!queue->second.empty() && !polls->second.empty()) {
    core_.enqueue(HandOver{queue->second.front(), std::move(polls->second.front())});
    queue->second.pop_front();
    polls->second.pop_front();
  }
  if (queue->second.empty()) queues_.erase(queue);
  if (polls->second.empty()) polls_.erase(polls);
}

// The task may have ended on the way here: then its worker is the first to get the next one.
void Activities::hand_over(HandOver over) {
  const auto it = tasks_.find(over.task);
  const auto taken = it == tasks_.end()
                         ? std::nullopt
                         : core_.executions().take_activity(over.task, over.poll.worker_name);
  if (it != tasks_.end()) erase(it);
  if (taken) {
    core_.reply(over.poll.request, task_answer(*taken));
    return;
  }
  const std::string arn = over.poll.activity_arn;
  polls_[arn].push_front(std::move(over.poll));
  match(arn);
}

void Activities::erase(std::map<TaskId, Queued>::iterator it) {
  core_.batch().erased_deliveries.push_back(it->second.row);
  tasks_.erase(it);
}

Result<void> Activities::restore(const Json& value) {
  const std::string* arn = as_string(find_member(value, "arn"));
  const std::string* name = as_string(find_member(value, "name"));
  const Json* created = find_member(value, "created");
  if (arn == nullptr || name == nullptr || created == nullptr || !created->is_number_integer()) {
    return corrupt("a member is missing");
  }
  Activity activity{.arn = *arn,
                    .name = *name,
                    .created = time_of_epoch_ms(created->get<std::int64_t>()),
                    .settings = Json::object()};
  if (const Json* settings = find_member(value, "settings")) activity.settings = *settings;
  activities_[*arn] = std::move(activity);
  return {};
}

bool Activities::is_row(const Json& value) {
  const std::string* kind = as_string(find_member(value, "kind"));
  return kind != nullptr && *kind == kKind;
}

Result<void> Activities::restore(DeliveryId row, const Json& value) {
  const std::string* activity = as_string(find_member(value, "activity"));
  const auto execution = number_if<std::uint64_t>(value, "execution");
  const auto event = number_if<std::uint64_t>(value, "event");
  if (activity == nullptr || !execution || !event) return corrupt("it does not name its task");
  const TaskId task{ExecutionNumber{*execution}, *event};
  tasks_[task] = {*activity, row};
  queues_[*activity].push_back(task);
  return {};
}

}  // namespace presso::core
