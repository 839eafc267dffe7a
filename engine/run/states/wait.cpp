#include "engine/run/dataflow.h"
#include "engine/run/limits.h"
#include "engine/run/states/states.h"

namespace presso::run {

namespace {

Computed<Time> end_of(const asl::WaitState& wait, const Scope& scope, const Env& env) {
  if (wait.timestamp) return *wait.timestamp;
  if (wait.timestamp_query) return moment(*wait.timestamp_query, scope, env);
  if (wait.seconds) {
    const auto count = number(*wait.seconds, "Seconds", scope, env);
    if (!count) return count.error();
    return env.now + seconds(*count);
  }
  const jsonpath::Path& path = *wait.timestamp_path;
  const auto value = jsonpath::select(path, scope);
  if (!value) {
    return Error{"States.Runtime",
                 "The TimestampPath parameter does not reference an input value: " + path.text()};
  }
  const auto time = value->is_string() ? parse_rfc3339(value->get_ref<const std::string&>())
                                       : std::optional<Time>{};
  if (time) return *time;
  const std::string shown = value->is_string() ? value->get<std::string>() : dump_json(*value);
  return Error{"States.Runtime",
               "The TimestampPath parameter does not reference a valid ISO-8601 extended offset "
               "date-time format string: " +
                   path.text() + " == " + shown};
}

void leave(Stepper& step, Frame& frame, const SharedJson& input) {
  if (uses_jsonata(frame)) return exit_through_output(step, frame);
  exit_through_output_path(step, frame,
                           {.output = input,
                            .assign = frame.state->assign,
                            .assign_input = input,
                            .next = frame.state->next});
}

}  // namespace

void begin_wait(Stepper& step, Frame& frame, const asl::WaitState& wait) {
  const auto input = effective_input(step, frame);
  if (!input) return;
  const Scope scope{step.execution(), frame, input->value()};
  const Time now = step.env().now;
  const auto until = end_of(wait, scope, step.env());
  if (!until) return step.fail(frame, until.error());
  if (*until <= now) return leave(step, frame, *input);
  if (*until - now > seconds(kMaxWaitSeconds)) {
    return step.fail(frame, Error{"States.Runtime", "Wait state delay is too long."});
  }
  step.emit_private(frame.id, WaitScheduled{*until});
}

void finish_wait(Stepper& step, Frame& frame) {
  if (const auto input = effective_input(step, frame)) leave(step, frame, *input);
}

}  // namespace presso::run
