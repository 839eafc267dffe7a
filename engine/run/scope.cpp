#include "engine/run/scope.h"

#include <numeric>

#include "base/assert.h"

namespace presso::run {

namespace {

Json execution_context(const Execution& execution, bool is_whole) {
  const Identity& identity = execution.identity;
  Json context = Json::object();
  context["Id"] = identity.arn;
  if (is_whole) context["Input"] = execution.input.value();
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
  forget_context();
}

void Scope::set_map_item(std::uint64_t index, const Json& value) {
  map_item_ = MapItem{index, &value};
  forget_context();
}

void Scope::forget_context() {
  context_.reset();
  small_context_.reset();
}

std::optional<Scope::MapItem> Scope::item() const {
  if (map_item_) return map_item_;
  const Frame* iteration = iteration_of(execution_, frame_);
  if (iteration == nullptr) return std::nullopt;
  const Frame& map = execution_.frames.at(*iteration->parent);
  const auto* children = std::get_if<WaitingChildren>(&map.waiting);
  PRESSO_ASSERT(children != nullptr);
  return MapItem{iteration->index, &children->items.value().at(iteration->index)};
}

const Json* Scope::map_item() const {
  const auto found = item();
  return found ? found->value : nullptr;
}

Json Scope::map_context(const MapItem& from, bool is_whole) {
  Json item{{"Index", from.index}};
  if (is_whole) item["Value"] = *from.value;
  return Json{{"Item", std::move(item)}};
}

Json Scope::make_context(bool is_whole) const {
  Json context = Json::object();
  context["Execution"] = execution_context(execution_, is_whole);
  context["StateMachine"] = {{"Id", execution_.identity.machine_arn},
                             {"Name", execution_.identity.machine_name}};
  context["State"] = state_context(frame_);
  if (!task_token_.empty()) context["Task"] = {{"Token", task_token_}};
  if (const auto found = item()) context["Map"] = map_context(*found, is_whole);
  return context;
}

const Json& Scope::small_context() const {
  PRESSO_ASSERT(!has_given_context());
  if (small_context_ == nullptr) small_context_ = std::make_unique<Json>(make_context(false));
  return *small_context_;
}

jsonpath::Roots::Part Scope::context_part(std::span<const std::string_view> names) const {
  if (has_given_context() || names.empty()) return {context(), 0};
  if (names[0] == "Execution") {
    if (names.size() == 1) return {context(), 0};
    if (names[1] == "Input") return {&execution_input(), 2};
  }
  if (names[0] == "Map") {
    if (names.size() < 3) return {context(), 0};
    if (names[1] == "Item" && names[2] == "Value") return {map_item(), 3};
  }
  return {&small_context(), 0};
}

const Json* Scope::context() const {
  const bool is_given = has_given_context();
  if (is_given && !map_item_) return &execution_.context.value();
  if (context_ != nullptr) return context_.get();
  context_ = std::make_unique<Json>(is_given ? execution_.context.value() : make_context(true));
  if (is_given) (*context_)["Map"] = map_context(*map_item_, true);
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
