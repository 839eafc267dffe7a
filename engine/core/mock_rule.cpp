#include "engine/core/mock_rule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "engine/asl/place.h"

namespace presso::core {
namespace {

constexpr double kLongestLatencyMs = 365.0 * 86'400'000;
constexpr std::size_t kIdDigits = 8;
constexpr std::size_t kIdBytes = 100;

struct LatencyUnit {
  std::string_view name;
  double milliseconds;
};
constexpr std::array<LatencyUnit, 4> kLatencyUnits = {
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}}};

std::optional<std::uint64_t> place_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || at != text.data() + text.size() || value == 0) return std::nullopt;
  return value;
}

bool is_mock_id(std::string_view text) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !text.empty() && text.size() <= kIdBytes &&
         text.find_first_not_of(kLetters) == std::string_view::npos;
}

// Reads one rule; the first thing that is wrong is kept.
class MockRuleReader {
 public:
  explicit MockRuleReader(const CallWords& words) : words_(words) {}

  std::variant<MockRule, MockMistake> read(const Json& source) {
    if (!source.is_object()) return MockMistake{"", "a mock is a map of settings"};
    for (const auto& [name, value] : source.items()) {
      const auto row = std::ranges::find(kMembers, name, &Member::name);
      if (row == kMembers.end()) return MockMistake{name, "mocks have no such setting"};
      path_ = name;
      if (!(this->*row->read)(value)) return std::move(mistake_);
    }
    if (auto missing = missing_part()) return *std::move(missing);
    rule_.source = source;
    if (rule_.id.empty()) rule_.source["id"] = rule_.id = id_of(source);
    return std::move(rule_);
  }

 private:
  struct Member {
    std::string_view name;
    bool (MockRuleReader::*read)(const Json&);
  };

  static std::string id_of(const Json& source) {
    return "mock-" +
           hex_encode(digest(DigestAlgorithm::Sha256, dump_json(source))).substr(0, kIdDigits);
  }

  // What only the whole can lack.
  std::optional<MockMistake> missing_part() const {
    const bool says_which = rule_.is_for || rule_.arguments || !rule_.machine.empty() ||
                            !rule_.state.empty() || !rule_.test_case.empty();
    if (!says_which) {
      return MockMistake{"", R"(it says of no call that it is for it: call, with "*" for all, )"
                             "arguments, machine, state or case is needed"};
    }
    if (rule_.latency == Duration{0} && std::holds_alternative<std::monostate>(rule_.answer)) {
      return MockMistake{"", "it says nothing of what happens: return, throw or latency is needed"};
    }
    if (rule_.applies_once && rule_.counts_per_execution) {
      return MockMistake{"once", "is once over all executions; with per, use on"};
    }
    if (has_validation_ && !std::holds_alternative<MockRule::Returned>(rule_.answer)) {
      return MockMistake{"fieldValidationMode", "there is no return that it is for"};
    }
    return std::nullopt;
  }

  bool wrong(std::string what) { return wrong_at(path_, std::move(what)); }
  bool wrong_at(std::string path, std::string what) {
    mistake_ = {std::move(path), std::move(what)};
    return false;
  }
  bool text(const Json& value, std::string& to) {
    const std::string* found = as_string(&value);
    if (found == nullptr || found->empty()) return wrong("must be a text");
    to = *found;
    return true;
  }

  bool id(const Json& value) {
    const std::string* found = as_string(&value);
    if (found == nullptr || !is_mock_id(*found)) {
      return wrong("must be a text of up to 100 letters, digits, '-', '_' and '.'");
    }
    rule_.id = *found;
    return true;
  }
  bool call(const Json& value) {
    std::string words;
    if (!text(value, words)) return false;
    auto match = words_(words);
    if (!match) return wrong(match.error().message);
    rule_.is_for = *std::move(match);
    return true;
  }
  bool arguments(const Json& value) {
    if (!value.is_object()) return wrong("must be an event pattern");
    auto pattern = bus::Pattern::compile(dump_json(value));
    if (!pattern) return wrong(pattern.error().message);
    rule_.arguments = *std::move(pattern);
    return true;
  }
  bool machine(const Json& value) { return text(value, rule_.machine); }
  bool state(const Json& value) { return text(value, rule_.state); }
  bool test_case(const Json& value) { return text(value, rule_.test_case); }

  // on = NUMBER | FIRST "-" LAST | FIRST "-"
  bool on(const Json& value) {
    const std::string* found = as_string(&value);
    const std::string places =
        found != nullptr ? *found : (value.is_number_unsigned() ? dump_json(value) : "");
    const std::size_t dash = places.find('-');
    const auto first = place_number(std::string_view{places}.substr(0, dash));
    auto last = first;
    if (dash != std::string::npos) last = place_number(std::string_view{places}.substr(dash + 1));
    if (dash != std::string::npos && dash + 1 == places.size()) last = rule_.last;
    if (!first || !last || *first > *last) {
      return wrong(R"(must be the number of a call, from 1 on, or several, as in "2-4" or "3-")");
    }
    rule_.first = *first;
    rule_.last = *last;
    return true;
  }
  bool per(const Json& value) {
    if (value != "execution") return wrong(R"(must be "execution")");
    rule_.counts_per_execution = true;
    return true;
  }
  bool once(const Json& value) {
    if (!value.is_boolean()) return wrong("must be true or false");
    rule_.applies_once = value.get<bool>();
    return true;
  }
  bool rate(const Json& value) {
    const double rate = value.is_number() ? value.get<double>() : -1;
    if (!(rate >= 0 && rate <= 1)) return wrong("must be a number from 0 to 1");
    rule_.rate = rate;
    return true;
  }
  bool latency(const Json& value) {
    const std::string* found = as_string(&value);
    const auto latency = found == nullptr ? std::nullopt : parse_latency(*found);
    if (!latency) {
      return wrong(R"(must be a time as in "500ms", "20s", "5m" or "1h", and at most a year)");
    }
    rule_.latency = *latency;
    return true;
  }

  bool returned(const Json& value) {
    if (!std::holds_alternative<std::monostate>(rule_.answer)) {
      return wrong("there cannot be both, return and throw");
    }
    std::vector<asl::Diagnostic> diagnostics;
    const asl::Place root{"mock"};
    const asl::Place place{root, "return"};
    auto query = asl::compile_query(
        value, {.place = place, .state_length = root.text().size(), .members = {}}, diagnostics);
    if (!diagnostics.empty()) {
      const asl::Diagnostic& first = diagnostics.front();
      return wrong_at(path_, first.message);
    }
    rule_.answer = MockRule::Returned{std::move(query), validation_};
    return true;
  }
  bool thrown(const Json& value) {
    if (!std::holds_alternative<std::monostate>(rule_.answer)) {
      return wrong("there cannot be both, return and throw");
    }
    if (!value.is_object()) return wrong("must be a map with error and cause");
    MockRule::Thrown thrown;
    for (const auto& [name, part] : value.items()) {
      const std::string* found = as_string(&part);
      if (name != "error" && name != "cause") {
        return wrong_at("throw." + name, "there are only error and cause");
      }
      if (found == nullptr) return wrong_at("throw." + name, "must be a text");
      if (name == "error") thrown.error = *found;
      if (name == "cause") thrown.cause = *found;
    }
    if (thrown.error.empty()) return wrong("throws without an error, a text");
    rule_.answer = std::move(thrown);
    return true;
  }
  bool validation(const Json& value) {
    constexpr std::array<std::pair<std::string_view, FieldValidation>, 3> kModes = {
        {{"STRICT", FieldValidation::Strict},
         {"PRESENT", FieldValidation::Present},
         {"NONE", FieldValidation::None}}};
    const auto mode =
        std::ranges::find_if(kModes, [&](const auto& row) { return value == row.first; });
    if (mode == kModes.end()) return wrong("must be STRICT, PRESENT or NONE");
    has_validation_ = true;
    validation_ = mode->second;
    if (auto* answer = std::get_if<MockRule::Returned>(&rule_.answer)) {
      answer->validation = validation_;
    }
    return true;
  }

  static constexpr std::array<Member, 14> kMembers = {{
      {"id", &MockRuleReader::id},
      {"call", &MockRuleReader::call},
      {"arguments", &MockRuleReader::arguments},
      {"machine", &MockRuleReader::machine},
      {"state", &MockRuleReader::state},
      {"case", &MockRuleReader::test_case},
      {"on", &MockRuleReader::on},
      {"per", &MockRuleReader::per},
      {"once", &MockRuleReader::once},
      {"rate", &MockRuleReader::rate},
      {"latency", &MockRuleReader::latency},
      {"return", &MockRuleReader::returned},
      {"throw", &MockRuleReader::thrown},
      {"fieldValidationMode", &MockRuleReader::validation},
  }};

  const CallWords& words_;
  MockRule rule_;
  std::string path_;
  MockMistake mistake_;
  bool has_validation_ = false;
  FieldValidation validation_ = FieldValidation::Strict;
};

}  // namespace

std::optional<Duration> parse_latency(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc{} || number < 0) return std::nullopt;
  const std::string_view unit{at, static_cast<std::size_t>(end - at)};
  const auto row = std::ranges::find(kLatencyUnits, unit, &LatencyUnit::name);
  if (row == kLatencyUnits.end()) return std::nullopt;
  const double milliseconds = number * row->milliseconds;
  if (!(milliseconds <= kLongestLatencyMs)) return std::nullopt;
  return Duration{static_cast<std::int64_t>(std::llround(milliseconds))};
}

std::variant<MockRule, MockMistake> parse_mock_rule(const Json& source, const CallWords& words) {
  return MockRuleReader{words}.read(source);
}

std::variant<std::vector<MockRule>, MockMistake> parse_mock_rules(const Json& list,
                                                                  const CallWords& words) {
  std::vector<MockRule> rules;
  std::map<std::string, std::size_t, std::less<>> ids;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto parsed = parse_mock_rule(list[i], words);
    if (auto* mistake = std::get_if<MockMistake>(&parsed)) {
      mistake->index = i;
      return std::move(*mistake);
    }
    auto& rule = rules.emplace_back(std::move(std::get<MockRule>(parsed)));
    const std::size_t same = ++ids[rule.id];
    if (same == 1) continue;
    if (find_member(list[i], "id") != nullptr) {
      return MockMistake{"id", "is that of an earlier mock: " + rule.id, i};
    }
    rule.id += "-" + std::to_string(same);
    rule.source["id"] = rule.id;
  }
  return rules;
}

std::string to_string(const MockMistake& mistake) {
  std::string text = "[" + std::to_string(mistake.index) + "]";
  if (!mistake.path.empty()) text += "." + mistake.path;
  return text + ": " + mistake.what;
}

}  // namespace presso::core
