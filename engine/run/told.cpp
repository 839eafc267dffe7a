#include "engine/run/told.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/run/history.h"

namespace presso::run {

namespace {

constexpr std::string_view kPutEvents = "putEvents";
constexpr std::string_view kStartExecution = "startExecution";

// "putEvents", "startExecution.sync", whichever integration it is of.
bool is_told(const std::string& resource) {
  return resource.starts_with(kPutEvents) || resource.starts_with(kStartExecution);
}

void tell_answer(const std::string& resource, const Json& answer, Told& told) {
  if (!answer.is_object()) return;
  if (resource.starts_with(kPutEvents)) {
    const Json* entries = find_member(answer, "Entries");
    if (entries == nullptr || !entries->is_array()) return;
    for (const Json& entry : *entries) {
      if (!entry.is_object()) continue;
      if (const auto id = text_if(entry, "EventId")) told.events.push_back(*id);
    }
  } else {
    const auto child = text_if(answer, "ExecutionArn");
    const auto& known = told.executions;
    // .sync answers twice: when it has begun, and when it has ended.
    if (child && std::find(known.begin(), known.end(), *child) == known.end()) {
      told.executions.push_back(*child);
    }
  }
}

}  // namespace

void tell(const Event& event, Told& told) {
  if (const auto* entered = std::get_if<StateEntered>(&event.detail)) {
    const std::string type{public_type(event)};
    told.states.push_back({entered->name, type.substr(0, type.find("State")), event.time});
  } else if (const auto* done = std::get_if<TaskSucceeded>(&event.detail)) {
    if (is_told(done->resource)) tell_answer(done->resource, done->output.value(), told);
  } else if (const auto* submitted = std::get_if<TaskSubmitted>(&event.detail)) {
    if (!is_told(submitted->resource)) return;
    tell_answer(submitted->resource, submitted->output.value(), told);
  } else if (const auto* failed = std::get_if<TaskFailed>(&event.detail)) {
    // Some entries may have been accepted.
    if (!failed->resource.starts_with(kPutEvents)) return;
    const auto cause = parse_json(failed->cause.value_or(""));
    if (cause) tell_answer(failed->resource, *cause, told);
  } else if (const auto* run = std::get_if<MapRunStarted>(&event.detail)) {
    told.map_runs[event.frame] = run->map_run_arn;
  } else if (const auto* begun = std::get_if<MapRunChildrenStarted>(&event.detail)) {
    const std::string& arn = told.map_runs[event.frame];
    const auto known = std::find_if(told.children.begin(), told.children.end(),
                                    [&](const auto& children) { return children.first == arn; });
    if (known == told.children.end()) {
      told.children.emplace_back(arn, begun->count);
    } else {
      known->second += begun->count;
    }
  }
}

}  // namespace presso::run
