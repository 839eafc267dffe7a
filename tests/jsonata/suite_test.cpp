// The public part of the official suite, read where it is kept: PRESSO_JSONATA_SUITE names the
// folder. Each case is a test of its own sort: what fails is listed with its id.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/json.h"
#include "lang/jsonata/json_text.h"
#include "lang/jsonata/jsonata.h"

namespace presso::jsonata {

namespace {

namespace fs = std::filesystem;

fs::path suite_folder() {
  if (const char* folder = std::getenv("PRESSO_JSONATA_SUITE"); folder != nullptr) return folder;
  return fs::path{PRESSO_SOURCE_DIR}.parent_path() / "shared" / "jsonata-suite";
}

Json read_json(const fs::path& path) {
  std::ifstream file{path};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  auto parsed = parse_json(text);
  REQUIRE_MESSAGE(parsed.has_value(), path.string());
  return *std::move(parsed);
}

class Bindings final : public Variables {
 public:
  explicit Bindings(const Json* object) : object_{object} {}
  [[nodiscard]] Found find(std::string_view name) const override {
    const Json* value = object_ == nullptr ? nullptr : find_member(*object_, name);
    if (value == nullptr) return std::monostate{};
    return value;
  }

 private:
  const Json* object_;
};

// Numbers as JSON's readers in other languages see them.
bool is_close(const Json& left, const Json& right) {
  if (left.is_number() && right.is_number()) return left.get<double>() == right.get<double>();
  if (left.type() != right.type()) return false;
  if (left.is_array()) {
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!is_close(left[i], right[i])) return false;
    }
    return true;
  }
  if (!left.is_object()) return left == right;
  if (left.size() != right.size()) return false;
  for (const auto& [name, member] : left.get_ref<const Json::object_t&>()) {
    const Json* other = find_member(right, name);
    if (other == nullptr || !is_close(member, *other)) return false;
  }
  return true;
}

Json sorted(const Json& value) {
  if (!value.is_array()) return value;
  std::multiset<std::string> texts;
  for (const Json& item : value) texts.insert(json_text(item));
  return Json(std::vector<std::string>{texts.begin(), texts.end()});
}

std::string text_of(const QueryError& error) {
  return error.code + " " + error.message + " token=" + json_text(error.token);
}

// What is wrong with the error; empty: nothing.
std::string error_difference(const Json& expected, const QueryError& error) {
  const auto differs = [&](std::string_view name, const std::string& actual) {
    const Json* wanted = find_member(expected, name);
    return wanted != nullptr && wanted->is_string() && *as_string(wanted) != actual;
  };
  if (differs("code", error.code) || differs("message", error.message) ||
      differs("functionName", error.function_name)) {
    return "expected " + json_text(expected) + ", got " + text_of(error);
  }
  const Json* token = find_member(expected, "token");
  if (token != nullptr && *token != error.token) return "got token " + json_text(error.token);
  const Json* value = find_member(expected, "value");
  if (value != nullptr && (!error.value || !is_close(*value, *error.value))) {
    return "expected value " + json_text(*value) + ", got " +
           (error.value ? json_text(*error.value) : "none");
  }
  return {};
}

Answer answer_of(const Json& test, const Json* input) {
  const auto compiled = Expression::compile(*as_string(find_member(test, "expr")));
  if (const auto* error = std::get_if<QueryError>(&compiled)) return Answer::of_error(*error);
  SeededEntropy entropy{1};
  const Bindings bindings{find_member(test, "bindings")};
  Call call{.input = input,
            .variables = &bindings,
            .env = {.now = time_of_epoch_ms(1'700'000'000'000), .entropy = &entropy},
            .limits = {.steps = 1'000'000'000, .depth = kDeepest}};
  if (const Json* depth = find_member(test, "depth")) call.limits.depth = depth->get<std::size_t>();
  return evaluate(*std::get_if<Expression>(&compiled), call);
}

// What is wrong with the answer; empty: nothing.
std::string difference(const Json& test, const Json* input) {
  Answer answer = answer_of(test, input);
  if (const Json* expected = find_member(test, "error")) {
    if (answer.kind() == Answer::Kind::Error) return error_difference(*expected, answer.error());
    return "expected error " + json_text(*expected);
  }
  if (answer.kind() == Answer::Kind::Error) return "error " + text_of(answer.error());
  if (find_member(test, "undefinedResult") != nullptr) {
    if (answer.kind() != Answer::Kind::Value) return {};
    return "expected nothing, got " + json_text(answer.value());
  }
  const Json* expected = find_member(test, "result");
  if (expected == nullptr) return {};
  if (answer.kind() != Answer::Kind::Value) return "got nothing";
  const bool is_unordered = find_member(test, "unordered") != nullptr;
  const bool is_same = is_unordered ? sorted(*expected) == sorted(answer.value())
                                    : is_close(*expected, answer.value());
  if (is_same) return {};
  return "expected " + json_text(*expected) + ", got " + json_text(answer.value());
}

}  // namespace

TEST_CASE("every public case of the official suite gives what the suite says") {
  const fs::path folder = suite_folder();
  if (!fs::exists(folder / "groups")) {
    MESSAGE("skipped: there is no suite at " << folder.string()
                                             << "; PRESSO_JSONATA_SUITE names its folder");
    return;
  }
  std::map<std::string, Json> datasets;
  for (const auto& entry : fs::directory_iterator{folder / "datasets"}) {
    datasets.emplace(entry.path().stem().string(), read_json(entry.path()));
  }
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator{folder / "groups"}) files.insert(entry.path());
  std::size_t total = 0;
  std::size_t passed = 0;
  for (const fs::path& file : files) {
    const Json group = read_json(file);
    for (const Json& test : *find_member(group, "cases")) {
      const Json* input = find_member(test, "data");
      if (const auto* name = as_string(find_member(test, "dataset"))) input = &datasets.at(*name);
      const std::string wrong = difference(test, input);
      ++total;
      passed += wrong.empty() ? 1 : 0;
      CHECK_MESSAGE(wrong.empty(), *as_string(find_member(test, "id"))
                                       << ": " << *as_string(find_member(test, "expr")) << " — "
                                       << wrong);
    }
  }
  MESSAGE(passed << " of " << total << " cases pass");
  CHECK(total > 1'000);
}

}  // namespace presso::jsonata
