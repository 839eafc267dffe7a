#include "engine/run/scope.h"

#include <numeric>

#include "base/assert.h"

namespace presso::run {

namespace {

Json execution_context(const Execution& execution) {
  const Identity& identity = execution.identity;
  Json context = Json::object();
  context["Id"] = identity.arn;
  context["Input"] = execution.input.value();
  context["StartTime"] = to_iso_milliseconds(execution.start_time);
  context["Name"] = identity.name;
  context["RoleArn"] = identity.role_arn;
  context["RedriveCount"] = execution.redrive_count;
  if (execution.redrive_time) context["RedriveTime"] = to_iso_milliseconds(*execution.redrive_time);
  return context;
}

// AWS: RetryCount is there for states that may be retried.
bool may_retry(const asl::State& state) {
  switch (state.type()) {
    case asl::StateType::Task:
    case asl::StateType::Parallel:
    case asl::StateType::Map: return true;
    case asl::StateType::Pass:
    case asl::StateType::Choice:
    case asl::StateType::Wait:
    case asl::StateType::Succeed:
    case asl::StateType::Fail: return false;
  }
  PRESSO_ASSERT(false);
}

Json state_context(const Frame& frame) {
  Json context = Json::object();
  if (frame.state == nullptr) return context;
  context["Name"] = frame.state->name;
  context["EnteredTime"] = to_iso_milliseconds(frame.entered_time);
  if (may_retry(*frame.state)) {
    context["RetryCount"] =
        std::accumulate(frame.retries.begin(), frame.retries.end(), std::uint64_t{0});
  }
  return context;
}

// The item that this frame's iteration works on: the one of the nearest Map around it.
const Frame* iteration_of(const Execution& execution, const Frame& frame) {
  const Frame* child = &frame;
  while (child->parent) {
    const Frame& parent = execution.frames.at(*child->parent);
    if (parent.state != nullptr && parent.state->type() == asl::StateType::Map) return child;
    child = &parent;
  }
  return nullptr;
}

}  // namespace

void Scope::set_task_token(std::string token) {
  task_token_ = std::move(token);
  context_.reset();
}

void Scope::set_map_item(std::uint64_t index, const Json& value) {
  map_item_ = MapItem{index, &value};
  context_.reset();
}

const Json* Scope::context() const {
  if (execution_.context.has_value()) return &execution_.context.value();
  if (context_ != nullptr) return context_.get();
  Json context = Json::object();
  context["Execution"] = execution_context(execution_);
  context["StateMachine"] = {{"Id", execution_.identity.machine_arn},
                             {"Name", execution_.identity.machine_name}};
  context["State"] = state_context(frame_);
  if (!task_token_.empty()) context["Task"] = {{"Token", task_token_}};
  if (map_item_) {
    context["Map"] = {{"Item", {{"Index", map_item_->index}, {"Value", *map_item_->value}}}};
  } else if (const Frame* iteration = iteration_of(execution_, frame_)) {
    const Frame& map = execution_.frames.at(*iteration->parent);
    const auto* children = std::get_if<WaitingChildren>(&map.waiting);
    PRESSO_ASSERT(children != nullptr);
    context["Map"] = {
        {"Item",
         {{"Index", iteration->index}, {"Value", children->items.value().at(iteration->index)}}}};
  }
  context_ = std::make_unique<Json>(std::move(context));
  return context_.get();
}

const SharedJson* Scope::handle_of(const Json* value) const {
  if (value == nullptr) return nullptr;
  for (const SharedJson* handle : {&frame_.input, result_, error_output_}) {
    if (handle != nullptr && handle->has_value() && &handle->value() == value) return handle;
  }
  return nullptr;
}

// Inner scopes read outer variables; a name is assigned in one scope only, so the nearest is the
// one.
const Json* Scope::variable(std::string_view name) const {
  for (const Frame* frame = &frame_;;) {
    if (const auto it = frame->variables.find(name); it != frame->variables.end()) {
      return &it->second.value();
    }
    if (!frame->parent) return nullptr;
    frame = &execution_.frames.at(*frame->parent);
  }
}

}  // namespace presso::run
