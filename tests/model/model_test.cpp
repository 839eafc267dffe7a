// Our tables against the service models: each operation, field, length, range, pattern, enum and
// error. What is compared are facts, read where they lie; without them nothing is compared, and the
// test says so.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "api/error.h"
#include "api/operation.h"
#include "api/scheduler/rest.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/asl/shape.h"

namespace presso::api {
namespace {

std::filesystem::path facts_folder() {
  const char* given = std::getenv("PRESSO_FACTS");
  if (given != nullptr) return given;
  return std::filesystem::path{PRESSO_SOURCE_DIR}.parent_path() / "shared" / "facts";
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

// Null when the facts are not here.
Json model_in(const char* name) {
  const auto path = facts_folder() / "api" / name;
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: there is no service model at " << path.string());
    return {};
  }
  auto model = parse_json(read_text(path));
  REQUIRE(model);
  return *std::move(model);
}
Json model_of(Service service) {
  return model_in(service == Service::StepFunctions ? "stepfunctions.json" : "events.json");
}

// One place of the model beside the same place of ours. Differences are collected as texts.
class Comparison {
 public:
  explicit Comparison(const Json& model) : shapes_{*find_member(model, "shapes")} {}

  void compare_members(const Json& model, const Shape& ours, const std::string& place) {
    for (const auto& [name, member] : model.items()) {
      const auto found =
          std::find_if(ours.members.begin(), ours.members.end(),
                       [&, wanted = std::string_view{name}](const Member& candidate) {
                         return candidate.name == wanted;
                       });
      if (found == ours.members.end()) {
        differ(place + "." + name, "is missing");
      } else {
        compare_member(member, *found, place + "." + name);
      }
    }
    for (const Member& member : ours.members) {
      if (find_member(model, member.name) == nullptr) {
        differ(place + "." + std::string{member.name}, "is not in the model");
      }
    }
  }

  [[nodiscard]] const std::vector<std::string>& differences() const { return differences_; }

 private:
  void compare_member(const Json& model, const Member& ours, const std::string& place) {
    const Json* required = find_member(model, "required");
    if ((required != nullptr && required->get<bool>()) != ours.is_required && !is_answer(place)) {
      differ(place, ours.is_required ? "is not required" : "is required");
    }
    compare_type(model, *ours.type, ours.constraint, place);
  }

  void compare_type(const Json& model, const Type& type, const Constraint& constraint,
                    const std::string& place) {
    const std::string* shape = as_string(find_member(model, "shape"));
    if (type.kind == Kind::Document) return;
    if (shape == nullptr) {
      compare_scalar(model, type, constraint, place);
      return;
    }
    const Json* target = find_member(shapes_, *shape);
    REQUIRE(target != nullptr);
    const std::string kind = *as_string(find_member(*target, "type"));
    if (kind == "structure") {
      compare_structure(*target, *shape, type, place);
    } else if (kind == "list" && type.kind == Kind::List) {
      compare_bounds(*target, constraint, place);
      compare_type(*find_member(*target, "item"), *type.item, item_of(constraint), place + "[]");
    } else if (kind == "map" && type.kind == Kind::Map) {
      compare_bounds(*target, constraint, place);
      const Constraint key = constraint.key == nullptr ? Constraint{} : *constraint.key;
      compare_scalar(*find_member(*target, "key"), {.kind = Kind::Text}, key, place + "{key}");
      compare_type(*find_member(*target, "value"), *type.item, item_of(constraint),
                   place + "{value}");
    } else {
      differ(place, "is a " + kind);
    }
  }

  void compare_structure(const Json& model, const std::string& name, const Type& type,
                         const std::string& place) {
    if (type.kind != Kind::Structure) {
      differ(place, "is a structure");
      return;
    }
    // RemoveTargetsResultEntry and PutTargetsResultEntry are one shape of ours.
    if (type.shape->name != name && !name.ends_with("TargetsResultEntry")) {
      differ(place, "is called " + name);
    }
    compare_members(*find_member(model, "members"), *type.shape, place);
  }

  void compare_scalar(const Json& model, const Type& type, const Constraint& constraint,
                      const std::string& place) {
    const std::string kind = *as_string(find_member(model, "type"));
    if (kind_of(kind) != type.kind) differ(place, "is a " + kind);
    compare_bounds(model, constraint, place);
    const std::string* pattern = as_string(find_member(model, "pattern"));
    const std::string_view our_pattern =
        constraint.pattern == nullptr ? "" : constraint.pattern->text;
    if ((pattern == nullptr ? "" : *pattern) != our_pattern) {
      differ(place, "has the pattern " + (pattern == nullptr ? "(none)" : *pattern));
    }
    std::set<std::string> values;
    if (const Json* list = find_member(model, "enum")) {
      for (const Json& value : *list) values.insert(value.get<std::string>());
    }
    if (values != std::set<std::string>{constraint.values.begin(), constraint.values.end()}) {
      differ(place, "has other values");
    }
  }

  void compare_bounds(const Json& model, const Constraint& constraint, const std::string& place) {
    for (const auto& [name, ours] : {std::pair{"min", constraint.min}, {"max", constraint.max}}) {
      const Json* bound = find_member(model, name);
      const auto theirs =
          bound == nullptr ? std::nullopt : std::optional{bound->get<std::int64_t>()};
      if (theirs != ours) differ(place, std::string{"has another "} + name);
    }
    const Json* sensitive = find_member(model, "sensitive");
    if ((sensitive != nullptr && sensitive->get<bool>()) != constraint.is_sensitive) {
      differ(place, constraint.is_sensitive ? "is not sensitive" : "is sensitive");
    }
  }

  static Kind kind_of(const std::string& type) {
    if (type == "string") return Kind::Text;
    if (type == "boolean") return Kind::Boolean;
    if (type == "integer" || type == "long") return Kind::Integer;
    if (type == "timestamp") return Kind::Time;
    return Kind::Number;
  }
  static Constraint item_of(const Constraint& constraint) {
    return constraint.item == nullptr ? Constraint{} : *constraint.item;
  }
  // What we always answer may be optional in the model.
  static bool is_answer(const std::string& place) {
    return place.find(" answer") != std::string::npos;
  }

  void differ(const std::string& place, const std::string& what) {
    differences_.push_back(place + " " + what);
  }

  const Json& shapes_;
  std::vector<std::string> differences_;
};

void compare_operations(const Json& model, std::span<const Operation> ours) {
  if (model.is_null()) return;
  const Json& operations_of_model = *find_member(model, "operations");
  for (const Operation& operation : ours) {
    CAPTURE(operation.name);
    const Json* row = find_member(operations_of_model, operation.name);
    REQUIRE(row != nullptr);
    Comparison comparison{model};
    const std::string name{operation.name};
    comparison.compare_members(*find_member(*row, "input"), *operation.request, name + " request");
    comparison.compare_members(*find_member(*row, "output"), *operation.response, name + " answer");
    for (const std::string& difference : comparison.differences()) FAIL_CHECK(difference);
  }
}

void compare_names(Service service) {
  const Json model = model_of(service);
  if (model.is_null()) return;
  std::set<std::string> ours;
  for (const Operation& operation : operations(service)) ours.insert(std::string{operation.name});
  for (const std::string_view name : absent_operations(service)) ours.insert(std::string{name});
  std::set<std::string> theirs;
  for (const auto& [name, row] : find_member(model, "operations")->items()) theirs.insert(name);
  CHECK(ours == theirs);
}

void compare_errors(Service service) {
  const Json model = model_of(service);
  if (model.is_null()) return;
  const Json& errors = *find_member(model, "errors");
  CHECK(modelled_errors(service).size() == errors.size());
  for (const ErrorKind& kind : modelled_errors(service)) {
    CAPTURE(kind.name);
    const Json* error = find_member(errors, kind.name);
    REQUIRE(error != nullptr);
    CHECK(find_member(*error, "status")->get<int>() == kind.http_status);
    CHECK(http_status_of(kind.name) == kind.http_status);
  }
}

}  // namespace

TEST_CASE("each field of Step Functions' operations is as the service model has it") {
  compare_operations(model_of(Service::StepFunctions), operations(Service::StepFunctions));
}
TEST_CASE("each field of EventBridge's operations is as the service model has it") {
  compare_operations(model_of(Service::EventBridge), operations(Service::EventBridge));
}
TEST_CASE("the Scheduler is as its model has it: fields, names and statuses of errors") {
  const Json model = model_in("scheduler.json");
  if (model.is_null()) return;
  compare_operations(model, scheduler::operations());
  CHECK(scheduler::operations().size() == find_member(model, "operations")->size());
  for (const auto& [name, error] : find_member(model, "errors")->items()) {
    CAPTURE(name);
    CHECK(scheduler::http_status_of(name) == find_member(error, "status")->get<int>());
  }
}
TEST_CASE("every operation of the service models is served or named as absent") {
  compare_names(Service::StepFunctions);
  compare_names(Service::EventBridge);
}
TEST_CASE("the errors are those of the service models, with their statuses") {
  compare_errors(Service::StepFunctions);
  compare_errors(Service::EventBridge);
}

TEST_CASE("docs/compatibility.md has one row for each operation, and it is true") {
  const std::string page =
      read_text(std::filesystem::path{PRESSO_SOURCE_DIR} / "docs" / "compatibility.md");
  for (const Service service : {Service::StepFunctions, Service::EventBridge}) {
    const auto begin = page.find(service == Service::StepFunctions ? "\n## Step Functions\n"
                                                                   : "\n## EventBridge\n");
    REQUIRE(begin != std::string::npos);
    for (const Operation& operation : operations(service)) {
      CAPTURE(operation.name);
      const std::string row = "\n| " + std::string{operation.name} + " | ";
      const auto place = page.find(row, begin);
      REQUIRE(place != std::string::npos);
      const std::string_view state = std::string_view{page}.substr(place + row.size());
      CHECK((state.starts_with("done") || state.starts_with("differs")));
    }
    for (const std::string_view name : absent_operations(service)) {
      CAPTURE(name);
      CHECK(page.find("\n| " + std::string{name} + " | absent |", begin) != std::string::npos);
    }
  }
  const auto chapter = page.find("\n## EventBridge Scheduler\n");
  REQUIRE(chapter != std::string::npos);
  for (const Operation& operation : scheduler::operations()) {
    CAPTURE(operation.name);
    CHECK(page.find("\n| " + std::string{operation.name} + " | d", chapter) != std::string::npos);
  }
}

// Lines of a name, where its model lies, how much of it, and its actions.
TEST_CASE("docs/compatibility.md has every field of the language") {
  const std::string page =
      read_text(std::filesystem::path{PRESSO_SOURCE_DIR} / "docs" / "compatibility.md");
  std::vector<std::pair<std::string, const asl::Shape*>> shapes = {
      {"the machine", &asl::kMachineShape},      {"a branch", &asl::kBranchShape},
      {"ItemProcessor", &asl::kProcessorShape},  {"ProcessorConfig", &asl::kProcessorConfigShape},
      {"a retrier", &asl::kRetrierShape},        {"a catcher", &asl::kCatcherShape},
      {"ItemReader", &asl::kItemReaderShape},    {"ReaderConfig", &asl::kReaderConfigShape},
      {"ItemBatcher", &asl::kItemBatcherShape},  {"ResultWriter", &asl::kResultWriterShape},
      {"WriterConfig", &asl::kWriterConfigShape}};
  for (const std::string_view type : asl::state_type_names()) {
    shapes.emplace_back(type, &asl::state_shape(*asl::find_state_type(type)));
  }
  for (const auto& [owner, shape] : shapes) {
    CAPTURE(owner);
    std::string row = "\n| " + owner + " | ";
    for (const asl::Field& field : shape->fields) row.append(field.name).append(", ");
    row.replace(row.size() - 2, 2, " | d");
    CHECK(page.find(row) != std::string::npos);
  }
}

TEST_CASE("docs/compatibility.md names every service that tasks can call") {
  const std::filesystem::path root{PRESSO_SOURCE_DIR};
  const std::string page = read_text(root / "docs" / "compatibility.md");
  const auto begin = page.find("\nServices of `aws-sdk`: ");
  REQUIRE(begin != std::string::npos);
  std::string named = page.substr(begin, page.find(".\n", begin) - begin) + ",";
  std::replace(named.begin(), named.end(), '\n', ' ');
  std::istringstream index{read_text(root / "engine" / "models" / "data" / "services.index")};
  std::size_t services = 0;
  for (std::string line; std::getline(index, line);) {
    std::istringstream words{line};
    std::string name;
    std::string action;
    words >> name >> action >> action >> action;
    CAPTURE(name);
    CHECK((named.find(" " + name + ",") != std::string::npos) == bool{words});
    services += words ? 1 : 0;
  }
  CHECK(services > 100);
}

}  // namespace presso::api
