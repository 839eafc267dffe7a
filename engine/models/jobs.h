// Jobs that a `.sync` task starts and awaits: by which call one asks how a job stands, what the
// answer means, what of it the task shows, and by which call the job is stopped.
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
//
//   const JobKind* kind = find_job("batch", "submitJob");
//   Json asked = describe_parameters(*kind, request, answer);   // {"Jobs":["…"]}
//   switch (judge(*kind, described)) …
//
// Names are those that an optimised integration shows: with a large first letter. AWS documents
// the patterns and shows some results in its examples; it does not publish the calls themselves.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json_fwd.h"
#include "base/result.h"

namespace presso::models {

enum class JobState { Running, Succeeded, Failed };

struct JobKind {
  // A parameter and where its value stands: "request:" or "answer:" and a JSON pointer into the
  // parameters of the call that started the job or into what it answered, or "text:" and the value.
  struct Argument {
    std::string_view name;  // empty: no argument
    std::string_view from;
    bool is_listed = false;    // a list with this one value
    bool is_optional = false;  // it may not be there
  };
  using Arguments = std::array<Argument, 5>;

  std::string_view service;     // as in a Resource: "glue"
  std::string_view action;      // "startJobRun"
  std::string_view calls = {};  // the service's own action, where only Step Functions has `action`
  std::string_view describe;
  Arguments describe_arguments;
  std::string_view status;         // JSON pointer into what `describe` answers
  std::string_view succeeded;      // statuses, separated by '|'
  std::string_view failed;         // the same; any other means that the job runs
  std::string_view shown = "";     // JSON pointer: what the task shows of that answer
  std::string_view shown_as = {};  // in an object with this one member; empty: as it is
  // A member that is added, and where its value stands in what `describe` answers.
  std::string_view also_shown = {};
  std::string_view also_from = {};
  std::string_view stop = {};  // empty: a job that cannot be stopped
  Arguments stop_arguments = {};
  bool ends_when_gone = false;  // the job deletes what it describes
};

[[nodiscard]] std::span<const JobKind> all_jobs();
// Null: no `.sync` of this action is known.
[[nodiscard]] const JobKind* find_job(std::string_view service, std::string_view action);

// Error code "NoJob": `answer` does not name what was started.
[[nodiscard]] Result<Json> describe_parameters(const JobKind&, const Json& request,
                                               const Json& answer);
// Of a kind that has `stop`; the same error.
[[nodiscard]] Result<Json> stop_parameters(const JobKind&, const Json& request, const Json& answer);
// AWS: RunTask may answer 200 and have started nothing. Then the task fails with this.
struct Refused {
  std::string error;
  std::string cause;
};
[[nodiscard]] std::optional<Refused> refused(const JobKind&, const Json& answer);

[[nodiscard]] JobState judge(const JobKind&, const Json& described);
// The task's result, or as JSON text the cause of its failure.
[[nodiscard]] Json shown(const JobKind&, const Json& described);

}  // namespace presso::models
