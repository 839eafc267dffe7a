// The actions of `elasticmapreduce` that only Step Functions has: each is one of EMR's own, with
// one cluster, step or instance group where EMR takes lists, some after a search by name.
// Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json_fwd.h"
#include "base/result.h"
#include "server/integrations/integration.h"

namespace presso::server {

struct EmrAction {
  std::string_view name;   // "addStep"
  std::string_view calls;  // "addJobFlowSteps"
  // The search by name: its call, the list that it answers with, whose name is looked for, and what
  // the id is called in the call afterwards. Empty: there is none.
  std::string_view search = {};
  std::string_view found_in = {};
  std::string_view named_by = {};
  std::string_view id_as = {};
};

// Null: no such action, or one of EMR's own.
[[nodiscard]] const EmrAction* find_emr_action(std::string_view service, std::string_view action);

// What EMR is called with; `id` is that which was found, for an action with a search. Error: the
// reason why it cannot be called so.
[[nodiscard]] Result<Json> emr_parameters(const EmrAction&, const Json& parameters,
                                          const std::string& id);
// What the task shows of EMR's answer.
[[nodiscard]] Json emr_result(const EmrAction&, Json answer);

// The next page of the search; `marker` is empty at first.
[[nodiscard]] Result<Json> emr_search(const EmrAction&, const Json& parameters,
                                      const std::string& marker);
// Of a page: the id, or where to go on, or the reason why there is no more to look for.
struct EmrFound {
  std::string id;
  std::string marker;
};
[[nodiscard]] Result<EmrFound> emr_found(const EmrAction&, const Json& parameters,
                                         const Json& page);

// Makes the calls of EMR's own by `run`, which calls a service as for any task.
void call_emr(const EmrAction&, const core::TaskCall&,
              std::function<void(const core::TaskCall&, Done)> run, Done done);

}  // namespace presso::server
