// The table is held to the models: what it names is there.
#include "engine/models/jobs.h"

#include <doctest/doctest.h>

#include <string>

#include "base/json.h"
#include "engine/models/optimised.h"
#include "engine/models/service_model.h"

using namespace presso;
using namespace presso::models;

namespace {

// The number of the shape at a pointer's first name, by the names that are shown.
std::optional<std::size_t> member(const ServiceModel& model, std::size_t shape,
                                  std::string_view name) {
  for (const Member& member : model.shape(shape).members) {
    if (capital_name(member.name) == name) return member.shape;
  }
  return std::nullopt;
}

bool has(const ServiceModel& model, std::size_t shape, std::string_view pointer) {
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto slash = std::min(pointer.find('/'), pointer.size());
    const std::string_view name = pointer.substr(0, slash);
    pointer.remove_prefix(slash);
    if (name == "0") {
      if (model.shape(shape).kind != ShapeKind::List) return false;
      shape = model.shape(shape).item.shape;
      continue;
    }
    const auto next = member(model, shape, name);
    if (!next) return false;
    shape = *next;
  }
  return true;
}

std::optional<std::size_t> input_of(const ServiceModel& model, std::string_view action) {
  const auto found = model.action(action);
  return found ? found->input : std::nullopt;
}
std::optional<std::size_t> output_of(const ServiceModel& model, std::string_view action) {
  const auto found = model.action(action);
  return found ? found->output : std::nullopt;
}

void check_arguments(const ServiceModel& model, const JobKind& kind, std::string_view action,
                     const JobKind::Arguments& arguments) {
  const auto taken = input_of(model, action);
  REQUIRE(taken);
  for (const JobKind::Argument& argument : arguments) {
    if (argument.name.empty()) continue;
    CAPTURE(argument.name);
    const auto shape = member(model, *taken, argument.name);
    REQUIRE(shape);
    CHECK((model.shape(*shape).kind == ShapeKind::List) == argument.is_listed);
    if (!kind.calls.empty() && !argument.from.starts_with("text:")) {
      // Names of Step Functions' own.
      CHECK((argument.from.ends_with(":/ClusterId") || argument.from.ends_with(":/StepId")));
    } else if (argument.from.starts_with("request:")) {
      CHECK(has(model, *input_of(model, kind.action), argument.from.substr(8)));
    } else if (argument.from.starts_with("answer:")) {
      CHECK(has(model, *output_of(model, kind.action), argument.from.substr(7)));
    } else {
      CHECK(argument.from.starts_with("text:"));
    }
  }
}

// The statuses of the enum at the end of the pointer; none when it is a plain text.
std::vector<std::string_view> values_at(const ServiceModel& model, std::size_t shape,
                                        std::string_view pointer) {
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto slash = std::min(pointer.find('/'), pointer.size());
    const std::string_view name = pointer.substr(0, slash);
    pointer.remove_prefix(slash);
    shape = name == "0" ? model.shape(shape).item.shape : *member(model, shape, name);
  }
  return model.shape(shape).values;
}

void check_statuses(const std::vector<std::string_view>& known, std::string_view statuses) {
  if (known.empty()) return;
  while (!statuses.empty()) {
    const auto bar = std::min(statuses.find('|'), statuses.size());
    const std::string_view status = statuses.substr(0, bar);
    CAPTURE(status);
    CHECK(std::find(known.begin(), known.end(), status) != known.end());
    statuses.remove_prefix(std::min(bar + 1, statuses.size()));
  }
}

}  // namespace

TEST_CASE("calls, parameters, members and statuses of jobs are those of the models") {
  std::size_t checked = 0;
  for (const JobKind& kind : all_jobs()) {
    const std::string name = std::string{kind.service} + ":" + std::string{kind.action};
    CAPTURE(name);
    CHECK(find_job(kind.service, kind.action) == &kind);
    if (name == "eks:runJob") continue;  // no action of EKS's own
    const auto* optimised =
        find_optimised(kind.service, kind.calls.empty() ? kind.action : kind.calls);
    REQUIRE(optimised != nullptr);
    REQUIRE(find_optimised(kind.service, kind.describe) == optimised);
    const auto model = load_model(optimised->model);
    REQUIRE(model != nullptr);
    check_arguments(*model, kind, kind.describe, kind.describe_arguments);
    if (!kind.stop.empty()) check_arguments(*model, kind, kind.stop, kind.stop_arguments);
    const auto answered = output_of(*model, kind.describe);
    REQUIRE(answered);
    REQUIRE(has(*model, *answered, kind.status));
    CHECK(has(*model, *answered, kind.shown));
    CHECK(has(*model, *answered, kind.also_from));
    const auto values = values_at(*model, *answered, kind.status);
    check_statuses(values, kind.succeeded);
    check_statuses(values, kind.failed);
    ++checked;
  }
  CHECK(checked > 20);
}

TEST_CASE("an action that starts no job is none") {
  CHECK(find_job("glue", "getJobRun") == nullptr);
  CHECK(find_job("states", "startExecution") == nullptr);
}

TEST_CASE("of a job its own description is shown, not that of the question about it") {
  const Json described{{"QueryExecution", {{"Status", {{"State", "SUCCEEDED"}}}}},
                       {"SdkHttpMetadata", {{"HttpStatusCode", 200}}}};
  const JobKind& query = *find_job("athena", "startQueryExecution");
  CHECK(judge(query, described) == JobState::Succeeded);
  CHECK(dump_json(shown(query, described)) ==
        R"({"QueryExecution":{"Status":{"State":"SUCCEEDED"}}})");
  const Json builds{{"Builds", {{{"BuildStatus", "FAULT"}, {"Id", "b"}}}}};
  const JobKind& build = *find_job("codebuild", "startBuild");
  CHECK(judge(build, builds) == JobState::Failed);
  CHECK(dump_json(shown(build, builds)) == R"({"Build":{"BuildStatus":"FAULT","Id":"b"}})");
  CHECK(judge(build, Json::object()) == JobState::Running);
}

TEST_CASE("of a cluster its id is shown beside it, as where it is not awaited") {
  const Json described{{"Cluster", {{"Id", "j-1"}, {"Status", {{"State", "WAITING"}}}}}};
  const JobKind& cluster = *find_job("elasticmapreduce", "createCluster");
  CHECK(judge(cluster, described) == JobState::Succeeded);
  CHECK(shown(cluster, described) == Json{{"Cluster", described["Cluster"]}, {"ClusterId", "j-1"}});
}
