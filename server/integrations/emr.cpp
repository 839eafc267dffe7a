#include "server/integrations/emr.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/json.h"
#include "base/json_members.h"
#include "server/integrations/task_parameters.h"

namespace presso::server {
namespace {

constexpr std::array kActions{
    EmrAction{.name = "createCluster", .calls = "runJobFlow"},
    EmrAction{.name = "setClusterTerminationProtection", .calls = "setTerminationProtection"},
    EmrAction{.name = "terminateCluster", .calls = "terminateJobFlows"},
    EmrAction{.name = "addStep", .calls = "addJobFlowSteps"},
    EmrAction{.name = "cancelStep", .calls = "cancelSteps"},
    EmrAction{.name = "modifyInstanceFleetByName",
              .calls = "modifyInstanceFleet",
              .search = "listInstanceFleets",
              .found_in = "InstanceFleets",
              .named_by = "InstanceFleetName",
              .id_as = "InstanceFleetId"},
    EmrAction{.name = "modifyInstanceGroupByName",
              .calls = "modifyInstanceGroups",
              .search = "listInstanceGroups",
              .found_in = "InstanceGroups",
              .named_by = "InstanceGroupName",
              .id_as = "InstanceGroupId"},
};

// The object of a search's action that is changed: its list's name without the s.
std::string changed_member(const EmrAction& action) {
  return std::string{action.found_in.substr(0, action.found_in.size() - 1)};
}

// AWS shows the name beside the object in its example, and within it in its text.
std::string name_looked_for(const EmrAction& action, const Json& parameters) {
  std::string name = text_at(parameters, action.named_by);
  const Json* changed = find_member(parameters, changed_member(action));
  if (name.empty() && changed != nullptr) name = text_at(*changed, action.named_by);
  return name;
}

Error not_allowed(std::string_view member) {
  return unusable_field("The field '" + std::string{member} +
                        "' is not supported by Step Functions");
}

// A cluster that ends by itself could not be given steps.
Result<Json> cluster_parameters(const Json& parameters) {
  if (parameters.contains("Steps")) return not_allowed("Steps");
  const Json* instances = find_member(parameters, "Instances");
  const Json* alive =
      instances == nullptr ? nullptr : find_member(*instances, "KeepJobFlowAliveWhenNoSteps");
  if (alive == nullptr || *alive != true) {
    return unusable_field("The value of the field 'KeepJobFlowAliveWhenNoSteps' must be TRUE");
  }
  return parameters;
}

// `one` becomes the list `many`.
Result<Json> listed(Json parameters, std::string_view one, std::string_view many) {
  const auto it = parameters.find(std::string{one});
  if (it == parameters.end()) return missing_field(one);
  Json value = *it;
  parameters.erase(it);
  parameters[std::string{many}] = Json::array({std::move(value)});
  return parameters;
}

Result<Json> renamed(Json parameters, std::string_view from, std::string_view to) {
  const auto it = parameters.find(std::string{from});
  if (it == parameters.end()) return missing_field(from);
  Json value = *it;
  parameters.erase(it);
  parameters[std::string{to}] = std::move(value);
  return parameters;
}

// The first of a list, under another name.
Json first_as(Json answer, std::string_view many, std::string_view one) {
  const auto it = answer.find(std::string{many});
  if (it == answer.end()) return answer;
  const Json list = *it;
  answer.erase(it);
  if (list.is_array() && !list.empty()) answer[std::string{one}] = list.front();
  return answer;
}

// Lives until its last call is answered.
class ComposedCall : public std::enable_shared_from_this<ComposedCall> {
 public:
  struct Setup {
    EmrAction action;
    core::TaskCall call;
    Json parameters;
    std::function<void(const core::TaskCall&, Done)> run;
    Done done;
  };
  explicit ComposedCall(Setup setup) : setup_(std::move(setup)) {}

  // Page after page.
  void search(const std::string& marker) {
    const auto asked = emr_search(setup_.action, setup_.parameters, marker);
    if (!asked) return refuse(asked.error());
    setup_.run(within(setup_.action.search, *asked),
               [self = shared_from_this()](CallResult result) {
                 if (std::holds_alternative<run::Failure>(result)) {
                   return self->setup_.done(std::move(result));
                 }
                 const auto page = parse_json(std::get<std::string>(result));
                 const auto found = emr_found(self->setup_.action, self->setup_.parameters,
                                              page ? *page : Json::object());
                 if (!found) return self->refuse(found.error());
                 if (found->id.empty()) return self->search(found->marker);
                 self->act(found->id);
               });
  }

  void act(const std::string& id) {
    const auto made = emr_parameters(setup_.action, setup_.parameters, id);
    if (!made) return refuse(made.error());
    setup_.run(within(setup_.action.calls, *made), [self = shared_from_this()](CallResult result) {
      const auto* text = std::get_if<std::string>(&result);
      auto answer = text == nullptr ? Result<Json>{Json()} : parse_json(*text);
      if (text != nullptr && answer) {
        result = dump_json(emr_result(self->setup_.action, *std::move(answer)));
      }
      self->setup_.done(std::move(result));
    });
  }

 private:
  void refuse(const Error& error) {
    setup_.done(unusable_parameters(setup_.call.parameters, error.message));
  }

  [[nodiscard]] core::TaskCall within(std::string_view called, const Json& with) const {
    core::TaskCall inner = setup_.call;
    inner.resource.action = std::string{called};
    inner.resource.pattern = asl::IntegrationPattern::RequestResponse;
    inner.parameters = dump_json(with);
    return inner;
  }

  Setup setup_;
};

}  // namespace

const EmrAction* find_emr_action(std::string_view service, std::string_view action) {
  if (service != "elasticmapreduce") return nullptr;
  const auto* it = std::ranges::find(kActions, action, &EmrAction::name);
  return it == kActions.end() ? nullptr : &*it;
}

Result<Json> emr_parameters(const EmrAction& action, const Json& parameters,
                            const std::string& id) {
  if (action.name == "createCluster") return cluster_parameters(parameters);
  if (action.name == "cancelStep") return listed(parameters, "StepId", "StepIds");
  if (action.name == "addStep") {
    auto made = renamed(parameters, "ClusterId", "JobFlowId");
    return made ? listed(*std::move(made), "Step", "Steps") : made;
  }
  if (action.search.empty()) return listed(parameters, "ClusterId", "JobFlowIds");
  const std::string member = changed_member(action);
  const auto it = parameters.find(member);
  if (it == parameters.end() || !it->is_object()) return missing_field(member);
  if (it->contains(std::string{action.id_as})) return not_allowed(action.id_as);
  Json changed = *it;
  changed.erase(std::string{action.named_by});
  changed[std::string{action.id_as}] = id;
  Json made = parameters;
  made.erase(std::string{action.named_by});
  made[member] = std::move(changed);
  if (action.name == "modifyInstanceFleetByName") return made;
  return listed(std::move(made), member, action.found_in);
}

Json emr_result(const EmrAction& action, Json answer) {
  if (action.name == "addStep") return first_as(std::move(answer), "StepIds", "StepId");
  if (action.name == "cancelStep") {
    return first_as(std::move(answer), "CancelStepsInfoList", "CancelStepsInfo");
  }
  if (action.name == "createCluster" && answer.contains("JobFlowId")) {
    answer["ClusterId"] = answer["JobFlowId"];
    answer.erase("JobFlowId");
  }
  return answer;
}

Result<Json> emr_search(const EmrAction& action, const Json& parameters,
                        const std::string& marker) {
  const Json* cluster = find_member(parameters, "ClusterId");
  if (cluster == nullptr) return missing_field("ClusterId");
  if (name_looked_for(action, parameters).empty()) return missing_field(action.named_by);
  Json search{{"ClusterId", *cluster}};
  if (!marker.empty()) search["Marker"] = marker;
  return search;
}

Result<EmrFound> emr_found(const EmrAction& action, const Json& parameters, const Json& page) {
  const std::string name = name_looked_for(action, parameters);
  const Json* list = find_member(page, action.found_in);
  if (list != nullptr && list->is_array()) {
    for (const Json& one : *list) {
      if (text_at(one, "Name") == name) return EmrFound{.id = text_at(one, "Id"), .marker = {}};
    }
  }
  std::string marker = text_at(page, "Marker");
  if (marker.empty()) {
    return unusable_field("There is no " + changed_member(action) + " with the name '" + name +
                          "'");
  }
  return EmrFound{.id = {}, .marker = std::move(marker)};
}

void call_emr(const EmrAction& action, const core::TaskCall& call,
              std::function<void(const core::TaskCall&, Done)> run, Done done) {
  auto parameters = parse_json(call.parameters);
  const auto composed = std::make_shared<ComposedCall>(
      ComposedCall::Setup{.action = action,
                          .call = call,
                          .parameters = parameters ? *std::move(parameters) : Json::object(),
                          .run = std::move(run),
                          .done = std::move(done)});
  if (action.search.empty()) return composed->act({});
  composed->search({});
}

}  // namespace presso::server
