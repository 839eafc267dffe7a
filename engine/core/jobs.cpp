#include "engine/core/jobs.h"

#include <algorithm>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/core.h"
#include "engine/core/corrupt.h"

namespace presso::core {

namespace {

constexpr std::string_view kJobRow = "job";

Json to_json(TaskId task, const Job& job) {
  return Json{{"kind", kJobRow},
              {"execution", task.execution.value},
              {"event", task.event},
              {"service", job.kind->service},
              {"action", job.kind->action},
              {"describe", job.describe},
              {"stop", job.stop},
              {"account", job.caller.account},
              {"region", job.caller.region},
              {"arn", job.execution_arn}};
}

TaskCall call_of(TaskId task, const Job& job, std::string_view action, std::string parameters) {
  TaskCall call{.task = task,
                .resource = {},
                .parameters = std::move(parameters),
                .caller = job.caller,
                .execution_arn = job.execution_arn};
  call.resource.service = job.kind->service;
  call.resource.action = action;
  return call;
}

// What the job has deleted is not found any more: "EKS.ResourceNotFoundException".
bool is_gone(const run::Failure& failure) {
  return failure.error && failure.error->ends_with("NotFoundException");
}

}  // namespace

bool Jobs::is_job(const asl::Resource& resource) {
  return (resource.pattern == asl::IntegrationPattern::Sync ||
          resource.pattern == asl::IntegrationPattern::Sync2) &&
         models::find_job(resource.service, resource.action) != nullptr;
}

std::variant<Job, run::Failure> Jobs::started(const asl::Resource& resource, const Json& request,
                                              const Json& answer) {
  Job job;
  job.kind = models::find_job(resource.service, resource.action);
  if (auto refused = models::refused(*job.kind, answer)) {
    return run::Failure{.error = std::move(refused->error), .cause = std::move(refused->cause)};
  }
  auto described = models::describe_parameters(*job.kind, request, answer);
  if (!described) {
    return run::Failure{.error = "States.TaskFailed", .cause = described.error().message};
  }
  job.describe = dump_json(*described);
  if (!job.kind->stop.empty()) {
    const auto stopped = models::stop_parameters(*job.kind, request, answer);
    if (stopped) job.stop = dump_json(*stopped);
  }
  return job;
}

void Jobs::await(TaskId task, Job job) {
  const DeliveryId row = core_.deliveries().next_id();
  core_.batch().put_deliveries.push_back(
      {.id = row, .due = core_.now(), .attempts = 0, .value = dump_json(to_json(task, job))});
  Awaited& awaited = jobs_[task];
  awaited = Awaited{.job = std::move(job), .row = row};
  ask_again(task, awaited);
}

bool Jobs::cancelled(TaskId task) {
  const auto it = jobs_.find(task);
  if (it == jobs_.end()) return false;
  const Job job = it->second.job;
  core_.perform(CancelCall{task});
  remove(it);
  if (job.stop.empty()) return true;
  // Best effort, as AWS says: nobody hears of the answer.
  core_.call(call_of(task, job, job.kind->stop, job.stop), [](const CallAnswered&) {});
  return true;
}

std::size_t Jobs::fire_due(std::size_t limit) {
  std::size_t fired = 0;
  while (fired < limit && !due_.empty() && due_.begin()->first <= core_.now()) {
    const TaskId task = due_.begin()->second;
    due_.erase(due_.begin());
    ask(task, jobs_.at(task));
    ++fired;
  }
  return fired;
}

std::optional<Time> Jobs::next_deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void Jobs::ask(TaskId task, Awaited& awaited) {
  awaited.due.reset();
  core_.call(call_of(task, awaited.job, awaited.job.kind->describe, awaited.job.describe),
             [this, task](CallAnswered answer) { answered(task, std::move(answer)); });
}

void Jobs::ask_again(TaskId task, Awaited& awaited) {
  awaited.due = core_.now() + awaited.pause;
  awaited.pause = std::min(awaited.pause + awaited.pause / 2, kLastJobPoll);
  due_.emplace(*awaited.due, task);
}

void Jobs::answered(TaskId task, CallAnswered answer) {
  const auto it = jobs_.find(task);
  if (it == jobs_.end()) return;
  // The answer's execution was loaded for it. One whose task ended by its token has gone on.
  const run::Execution* execution = core_.executions().find_live(task.execution);
  if (execution == nullptr || run::find_waiting(*execution, task) == nullptr) return remove(it);
  Awaited& awaited = it->second;
  const models::JobKind& kind = *awaited.job.kind;
  if (auto* failure = std::get_if<run::Failure>(&answer.result)) {
    if (kind.ends_when_gone && is_gone(*failure)) return end(task, std::string{"{}"});
    if (++awaited.failures >= kJobPollFailures) return end(task, std::move(*failure));
    return ask_again(task, awaited);
  }
  awaited.failures = 0;
  const auto described = parse_json(std::get<std::string>(answer.result));
  const auto state = described ? models::judge(kind, *described) : models::JobState::Running;
  switch (state) {
    case models::JobState::Running: return ask_again(task, awaited);
    case models::JobState::Succeeded: return end(task, dump_json(models::shown(kind, *described)));
    case models::JobState::Failed:
      return end(task, run::Failure{.error = "States.TaskFailed",
                                    .cause = dump_json(models::shown(kind, *described))});
  }
}

void Jobs::end(TaskId task, std::variant<std::string, run::Failure> result) {
  remove(jobs_.find(task));
  core_.enqueue(EndTask{task, std::move(result)});
}

void Jobs::remove(std::map<TaskId, Awaited>::iterator it) {
  core_.batch().erased_deliveries.push_back(it->second.row);
  if (it->second.due) due_.erase({*it->second.due, it->first});
  jobs_.erase(it);
}

bool Jobs::is_row(const Json& value) { return text_at(value, "kind") == kJobRow; }

Result<void> Jobs::restore(DeliveryId row, const Json& value) {
  const auto execution = number_if<std::uint64_t>(value, "execution");
  const auto event = number_if<std::uint64_t>(value, "event");
  Job job{.kind = models::find_job(text_at(value, "service"), text_at(value, "action")),
          .describe = text_at(value, "describe"),
          .stop = text_at(value, "stop"),
          .caller = {text_at(value, "account"), text_at(value, "region")},
          .execution_arn = text_at(value, "arn")};
  if (!execution || !event) return corrupt("it does not name its task");
  if (job.kind == nullptr) return corrupt("nothing of this version knows its job");
  const TaskId task{ExecutionNumber{*execution}, *event};
  Awaited& awaited = jobs_[task];
  awaited = Awaited{.job = std::move(job), .row = row};
  // The first turn asks.
  awaited.due = Time{};
  due_.emplace(*awaited.due, task);
  return {};
}

}  // namespace presso::core
