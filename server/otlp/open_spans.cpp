#include "server/otlp/open_spans.h"

#include <utility>
#include <variant>

namespace presso::server {
namespace {

std::string failure_text(const std::optional<std::string>& error,
                         const std::optional<std::string>& cause) {
  std::string text = error.value_or("");
  if (cause && !cause->empty()) text += (text.empty() ? "" : ": ") + *cause;
  return text;
}

// "arn:…:stateMachine:NAME" and "arn:…:stateMachine:NAME/LABEL" → NAME, NAME/LABEL.
std::string behind_colon(const std::string& arn) { return arn.substr(arn.rfind(':') + 1); }

}  // namespace

std::string execution_span_id(const std::string& execution_arn, std::uint64_t redrive_count) {
  return span_id_of(execution_arn + "#" + std::to_string(redrive_count));
}

OpenSpans::OpenSpans(const core::ExecutionRow& row, std::string execution_arn, TraceContext context)
    : arn_(std::move(execution_arn)),
      name_(behind_colon(row.machine_arn)),
      machine_arn_(row.machine_arn),
      context_(std::move(context)),
      id_(execution_span_id(arn_, 0)),
      start_(row.start_time) {}

void OpenSpans::apply(const std::vector<run::Event>& events, std::vector<Span>& spans) {
  for (const run::Event& event : events) apply(event, spans);
}

void OpenSpans::apply(const run::Event& event, std::vector<Span>& spans) {
  const run::Detail& detail = event.detail;
  if (std::holds_alternative<run::ExecutionStarted>(detail)) {
    start_ = event.time;
  } else if (std::holds_alternative<run::ExecutionSucceeded>(detail)) {
    end_execution(event.time, std::nullopt, spans);
  } else if (const auto* ended = std::get_if<run::ExecutionEnded>(&detail)) {
    end_execution(event.time, failure_text(ended->error, ended->cause), spans);
  } else if (const auto* redriven = std::get_if<run::ExecutionRedriven>(&detail)) {
    id_ = execution_span_id(arn_, redriven->redrive_count);
    start_ = event.time;
    is_over_ = false;
  } else if (const auto* entered = std::get_if<run::StateEntered>(&detail)) {
    enter(event, *entered);
  } else if (const auto* exited = std::get_if<run::StateExited>(&detail)) {
    // One that a redrive opened again was entered before it.
    if (!states_.contains(event.frame)) {
      enter(event, {.type = exited->type, .name = exited->name, .input = {}});
    }
    leave(event.frame, event.time, std::nullopt, spans);
  } else if (const auto* task = std::get_if<run::TaskScheduled>(&detail)) {
    schedule(event, *task);
  } else if (std::holds_alternative<run::TaskSucceeded>(detail)) {
    end(tasks_, event.frame, event.time, std::nullopt, spans);
  } else if (const auto* failed = std::get_if<run::TaskFailed>(&detail)) {
    end(tasks_, event.frame, event.time, failure_text(failed->error, failed->cause), spans);
  } else if (const auto* child = std::get_if<run::ChildStarted>(&detail)) {
    parents_[event.frame] = child->parent;
  } else if (const auto* child_end = std::get_if<run::ChildEnded>(&detail)) {
    const bool is_success = child_end->how == run::ChildEnded::How::Succeeded;
    leave(event.frame, event.time,
          is_success ? std::nullopt : std::optional<std::string>{"the child did not succeed"},
          spans);
    parents_.erase(event.frame);
  } else if (const auto* run_started = std::get_if<run::MapRunStarted>(&detail)) {
    map_runs_[event.frame] = {
        .name = "map run " + behind_colon(arn_),
        .id = span_id_of(run_started->map_run_arn),
        .start = event.time,
        .attributes = {{"aws.step_functions.map_run.arn", run_started->map_run_arn}}};
  } else if (const auto* run_ended = std::get_if<run::MapRunEnded>(&detail)) {
    const bool is_success = run_ended->how == run::MapRunEnded::How::Succeeded;
    end(map_runs_, event.frame, event.time,
        is_success ? std::nullopt : std::optional{failure_text(run_ended->error, run_ended->cause)},
        spans);
  }
}

void OpenSpans::enter(const run::Event& event, const run::StateEntered& entered) {
  const bool is_entered = std::holds_alternative<run::StateEntered>(event.detail);
  states_[event.frame] = {
      .name = entered.name,
      .id = span_id(event.id),
      .start = is_entered ? event.time : start_,
      .attributes = {{"aws.step_functions.state.name", entered.name},
                     {"aws.step_functions.state.type", std::string{asl::to_string(entered.type)}}}};
}

void OpenSpans::leave(FrameId frame, Time time, std::optional<std::string> error,
                      std::vector<Span>& spans) {
  end(tasks_, frame, time, error, spans);
  end(map_runs_, frame, time, error, spans);
  end(states_, frame, time, std::move(error), spans);
}

void OpenSpans::schedule(const run::Event& event, const run::TaskScheduled& task) {
  std::string name = task.resource;
  if (task.kind == run::TaskKind::Integration) name = task.resource_type + ":" + task.resource;
  tasks_[event.frame] = {.name = std::move(name),
                         .id = span_id(event.id),
                         .start = event.time,
                         .attributes = {{"aws.step_functions.resource_type", task.resource_type},
                                        {"aws.step_functions.resource", task.resource}},
                         .kind = Span::Kind::Client};
}

void OpenSpans::end(ByFrame& open, FrameId frame, Time time, std::optional<std::string> error,
                    std::vector<Span>& spans) {
  const auto found = open.find(frame);
  if (found == open.end()) return;
  const bool is_state = &open == &states_;
  Span span{.context = {context_.trace_id, is_state ? parent_of(frame) : state_of(frame)},
            .id = std::move(found->second.id),
            .name = std::move(found->second.name),
            .kind = found->second.kind,
            .start = found->second.start,
            .end = time,
            .attributes = std::move(found->second.attributes),
            .error = std::move(error)};
  span.attributes.emplace_back("aws.step_functions.execution.arn", arn_);
  open.erase(found);
  spans.push_back(std::move(span));
}

// What is open goes down with it, children before their parents.
void OpenSpans::end_execution(Time time, std::optional<std::string> error,
                              std::vector<Span>& spans) {
  while (!tasks_.empty()) end(tasks_, tasks_.rbegin()->first, time, error, spans);
  while (!map_runs_.empty()) end(map_runs_, map_runs_.rbegin()->first, time, error, spans);
  while (!states_.empty()) end(states_, states_.rbegin()->first, time, error, spans);
  spans.push_back({.context = context_,
                   .id = id_,
                   .name = name_,
                   .kind = context_.parent_id.empty() ? Span::Kind::Internal : Span::Kind::Server,
                   .start = start_,
                   .end = time,
                   .attributes = {{"aws.step_functions.state_machine.arn", machine_arn_},
                                  {"aws.step_functions.execution.arn", arn_}},
                   .error = std::move(error)});
  is_over_ = true;
}

std::string OpenSpans::span_id(std::uint64_t event) const {
  return span_id_of(arn_ + "/" + std::to_string(event));
}

std::string OpenSpans::state_of(FrameId frame) const {
  const auto state = states_.find(frame);
  return state == states_.end() ? parent_of(frame) : state->second.id;
}

std::string OpenSpans::parent_of(FrameId frame) const {
  const auto parent = parents_.find(frame);
  return parent == parents_.end() ? id_ : state_of(parent->second);
}

}  // namespace presso::server
