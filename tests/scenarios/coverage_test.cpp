// What no scenario shows is not known to work: every type of event that the history knows, every
// error that the interpreter makes, and every field of the language has to be in one.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "engine/asl/shape.h"
#include "engine/run/history.h"
#include "tests/scenarios/scenario.h"
#include "tests/support/gen.h"

namespace presso::test {
namespace {

namespace fs = std::filesystem;

// Why something is in no scenario, and the test that shows it.
struct Elsewhere {
  std::string_view name;
  std::string_view why;
};

constexpr std::string_view kNeverWritten =
    "never written: AWS names the type, and nowhere what leads to it; the names are held by "
    "unit_run: a task's failure is named by its kind and how it failed";
constexpr Elsewhere kEventsElsewhere[] = {{"ActivityScheduleFailed", kNeverWritten},
                                          {"LambdaFunctionScheduleFailed", kNeverWritten},
                                          {"LambdaFunctionStartFailed", kNeverWritten},
                                          {"TaskStartFailed", kNeverWritten}};

// What is written like an error's name and is none.
constexpr std::string_view kNoErrors[] = {
    "States.ALL",          "States.Array",          "States.ArrayContains", "States.ArrayGetItem",
    "States.ArrayLength",  "States.ArrayPartition", "States.ArrayRange",    "States.ArrayUnique",
    "States.Base64Decode", "States.Base64Encode",   "States.Format",        "States.Hash",
    "States.JsonMerge",    "States.JsonToString",   "States.MathAdd",       "States.MathRandom",
    "States.StringSplit",  "States.StringToJson",   "States.UUID"};

constexpr Elsewhere kErrorsElsewhere[] = {
    {"States.HeartbeatTimeout",
     "never told: a missed heartbeat is told as States.Timeout, and caught by this name; "
     "callback.scn catches it"}};

std::string read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<Scenario> scenarios_of_all_files() {
  std::vector<Scenario> all;
  for (const auto& entry :
       fs::directory_iterator{fs::path{PRESSO_SOURCE_DIR} / "tests/scenarios"}) {
    if (entry.path().extension() != ".scn") continue;
    auto scenarios = parse_scenarios(read_file(entry.path()));
    REQUIRE(scenarios.has_value());
    std::move(scenarios->begin(), scenarios->end(), std::back_inserter(all));
  }
  return all;
}

using Names = std::set<std::string, std::less<>>;

// "7 6 +1s TaskFailed {…}": an event's line, whose type is the fourth word.
Names event_types(const std::vector<Scenario>& scenarios) {
  Names types;
  for (const Scenario& scenario : scenarios) {
    for (const std::string& line : scenario.expected) {
      if (line.empty() || line.front() < '0' || line.front() > '9') continue;
      std::size_t begin = 0;
      for (int word = 0; word < 3; ++word) begin = line.find(' ', begin) + 1;
      types.insert(line.substr(begin, line.find(' ', begin) - begin));
    }
  }
  return types;
}

// By making events of every kind at random: each kind of each is among so many.
Names known_event_types() {
  SeededEntropy entropy{1};
  Names types;
  for (const run::Event& event : random_events(entropy, 100'000)) {
    const std::string_view type = run::public_type(event);
    if (!type.empty()) types.emplace(type);
  }
  return types;
}

// "States.Timeout" in `text` after `before`, which may be empty.
void collect_errors(std::string_view text, std::string_view before, Names& names) {
  const std::string wanted = std::string{before} + "States.";
  for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) {
    const std::size_t begin = at + before.size();
    std::size_t end = begin + 7;
    while (end < text.size() && std::isalnum(static_cast<unsigned char>(text[end])) != 0) ++end;
    if (end > begin + 7) names.emplace(text.substr(begin, end - begin));
  }
}

Names errors_in_code() {
  Names names;
  for (const char* folder : {"engine/run", "engine/asl", "lang"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator{fs::path{PRESSO_SOURCE_DIR} / folder}) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".h") continue;
      collect_errors(read_file(entry.path()), "\"", names);
    }
  }
  for (const std::string_view other : kNoErrors) names.erase(std::string{other});
  return names;
}

Names errors_told(const std::vector<Scenario>& scenarios) {
  Names names;
  for (const Scenario& scenario : scenarios) {
    for (const std::string& line : scenario.expected) {
      collect_errors(line, R"("error":")", names);
      collect_errors(line, "= FAILED ", names);
      collect_errors(line, "= TIMED_OUT ", names);
    }
  }
  return names;
}

// "Map.ItemsPath" and the like, from the objects of a definition that are of these shapes.
class Fields {
 public:
  void add(const Json& machine) {
    members("machine", machine);
    states(machine);
  }
  [[nodiscard]] const Names& names() const { return names_; }

 private:
  void members(const std::string& shape, const Json& object) {
    for (const auto& [name, value] : object.items()) {
      const bool is_template = name.ends_with(".$");
      names_.insert(shape + "." + (is_template ? name.substr(0, name.size() - 2) : name));
    }
  }

  void states(const Json& machine) {
    for (const auto& [name, state] : machine.at("States").items()) {
      const std::string type = state.at("Type").get<std::string>();
      members(type, state);
      for (const auto& [field, value] : state.items()) part(field, value);
    }
  }

  void part(const std::string& field, const Json& value) {
    static const std::map<std::string, std::string, std::less<>> kLists = {
        {"Retry", "retrier"}, {"Catch", "catcher"}, {"Branches", "branch"}};
    if (const auto list = kLists.find(field); list != kLists.end()) {
      for (const Json& each : value) {
        members(list->second, each);
        if (field == "Branches") states(each);
      }
    } else if (field == "ItemProcessor" || field == "Iterator") {
      members("processor", value);
      states(value);
      if (value.contains("ProcessorConfig")) members("config", value.at("ProcessorConfig"));
    } else if (field == "ItemReader" || field == "ItemBatcher" || field == "ResultWriter") {
      members(field, value);
      for (const char* inner : {"ReaderConfig", "WriterConfig"}) {
        if (value.contains(inner)) members(inner, value.at(inner));
      }
    } else if (field == "Choices") {
      for (const Json& rule : value) {
        if (rule.contains("Condition")) members("rule", rule);
      }
    }
  }

  Names names_;
};

Names fields_of_the_language() {
  std::vector<std::pair<std::string, const asl::Shape*>> shapes = {
      {"machine", &asl::kMachineShape},          {"branch", &asl::kBranchShape},
      {"processor", &asl::kProcessorShape},      {"config", &asl::kProcessorConfigShape},
      {"retrier", &asl::kRetrierShape},          {"catcher", &asl::kCatcherShape},
      {"ItemReader", &asl::kItemReaderShape},    {"ReaderConfig", &asl::kReaderConfigShape},
      {"ItemBatcher", &asl::kItemBatcherShape},  {"ResultWriter", &asl::kResultWriterShape},
      {"WriterConfig", &asl::kWriterConfigShape}};
  for (const std::string_view type : asl::state_type_names()) {
    shapes.emplace_back(type, &asl::state_shape(*asl::find_state_type(type)));
  }
  Names names;
  for (const auto& [owner, shape] : shapes) {
    for (const asl::Field& field : shape->fields) {
      names.insert(owner + "." + std::string{field.name});
    }
  }
  for (const char* field : {"Condition", "Next", "Comment", "Assign", "Output"}) {
    names.insert(std::string{"rule."} + field);  // the rest of its shape is what JSONata forbids
  }
  return names;
}

// What is known has to be shown, or listed with its reason; what is listed must not be shown.
void compare(const Names& known, const Names& shown, std::span<const Elsewhere> elsewhere) {
  for (const std::string& name : known) {
    const bool is_listed = std::any_of(elsewhere.begin(), elsewhere.end(),
                                       [&](const Elsewhere& it) { return it.name == name; });
    CHECK_MESSAGE(shown.contains(name) != is_listed,
                  name << (is_listed ? " is in a scenario after all" : " is in no scenario"));
  }
  for (const Elsewhere& listed : elsewhere) CHECK(known.contains(listed.name));
}

}  // namespace

TEST_CASE("every type of event that can be written is in a scenario, with its details") {
  const Names known = known_event_types();
  const Names shown = event_types(scenarios_of_all_files());
  CHECK(known.size() == 62);
  for (const std::string& name : shown) CHECK(known.contains(name));
  compare(known, shown, kEventsElsewhere);
}

TEST_CASE("every error that the interpreter makes is in a scenario") {
  compare(errors_in_code(), errors_told(scenarios_of_all_files()), kErrorsElsewhere);
}

TEST_CASE("every field of the language is in a scenario's definition") {
  Fields fields;
  for (const Scenario& scenario : scenarios_of_all_files()) {
    const auto machine = parse_json(scenario.definition);
    REQUIRE(machine.has_value());
    fields.add(*machine);
  }
  compare(fields_of_the_language(), fields.names(), {});
}

}  // namespace presso::test
