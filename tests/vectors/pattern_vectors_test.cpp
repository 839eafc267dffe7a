// tests/vectors/patterns/*.json: a pattern, with events that match it and events that do not, or
// with the reason for which it is refused.
//   {"pattern": {…} or "text": "…", "matches": [event, …], "rejects": [event, …]}
//   {"text": "…", "refused": "…"}
//
// Where AWS's recorded answers are at hand (PRESSO_RECORDINGS, or ../shared/aws-recordings beside
// the repository), they are asked too.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.h"
#include "bus/flatten.h"
#include "bus/pattern.h"
#include "bus/rule_index.h"
#include "bus/test_event_pattern.h"
#include "tests/vectors/vector_files.h"

namespace presso::bus {

namespace {

constexpr std::string_view kReason = "Event pattern is not valid. Reason: ";

std::filesystem::path recordings() {
  const char* given = std::getenv("PRESSO_RECORDINGS");
  const std::filesystem::path root{given != nullptr ? given : PRESSO_SOURCE_DIR};
  return given != nullptr ? root / "events" : root / ".." / "shared" / "aws-recordings" / "events";
}

bool are_recordings_here(const std::filesystem::path& path) {
  if (std::filesystem::exists(path)) return true;
  std::cout << "skipped: no recorded answers at " << path.string()
            << " (set PRESSO_RECORDINGS to their folder)\n";
  return false;
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream stream{path};
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Both ways of asking: the pattern alone, and in an index.
void check_verdict(const Pattern& pattern, const std::string& event, bool expected) {
  INFO("event " << event);
  CHECK(pattern.matches(Fields::of_text(event)) == expected);
  RuleIndex index;
  index.add({1}, pattern);
  CHECK(index.match_text(event).size() == (expected ? 1U : 0U));
}

void check_case(const Json& test, const Json&) {
  const std::string* text = as_string(find_member(test, "text"));
  const auto pattern =
      Pattern::compile(text != nullptr ? *text : dump_json(*find_member(test, "pattern")));
  if (const std::string* refused = as_string(find_member(test, "refused"))) {
    REQUIRE_FALSE(pattern.has_value());
    CHECK(pattern.error() ==
          Error{"InvalidEventPatternException", std::string{kReason} + *refused});
    return;
  }
  REQUIRE_MESSAGE(pattern.has_value(), (pattern ? "" : pattern.error().message));
  for (const Json& event : *find_member(test, "matches")) {
    check_verdict(*pattern, dump_json(event), true);
  }
  for (const Json& event : *find_member(test, "rejects")) {
    check_verdict(*pattern, dump_json(event), false);
  }
}

// As Python's json.dumps writes it, because the places in recorded refusals count its characters.
std::string python_dump(const Json& json) {
  if (!json.is_structured()) return json.dump(-1, ' ', true);
  std::string text;
  for (const auto& [name, member] : json.items()) {
    if (!text.empty()) text += ", ";
    if (json.is_object()) text += Json(name).dump(-1, ' ', true) + ": ";
    text += python_dump(member);
  }
  return json.is_object() ? "{" + text + "}" : "[" + text + "]";
}

std::string with_placeholders(std::string text) {
  const std::string arn = "arn:aws:events:us-east-1:";
  for (auto at = text.find(arn); at != std::string::npos; at = text.find(arn, at + 1)) {
    text.replace(at, arn.size(), "arn:<partition>:events:<region>:");
  }
  return text;
}

void check_recorded(const Json& recorded) {
  const auto verdict = test_event_pattern(python_dump(*find_member(recorded, "pattern")),
                                          python_dump(*find_member(recorded, "event")));
  const Json& expected = *find_member(recorded, "expected");
  if (expected.is_boolean()) {
    REQUIRE_MESSAGE(verdict.has_value(), (verdict ? "" : verdict.error().message));
    CHECK(*verdict == expected.get<bool>());
    return;
  }
  REQUIRE_FALSE(verdict.has_value());
  const Json& error = *find_member(expected, "error");
  CHECK(verdict.error().code == *as_string(find_member(error, "code")));
  CHECK(with_placeholders(verdict.error().message) ==
        *as_string(find_member(error, "message_with_position")));
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// The verdicts were made with an older Jackson than AWS's recorded answers show, which points
// behind an unexpected character instead of at it.
bool is_placed_by_older_parser(const std::string& message) {
  return message.starts_with("Unexpected character");
}

void check_ruler_case(const Json& test) {
  const std::string& event = *as_string(find_member(test, "event"));
  const std::string& expected = *as_string(find_member(test, "expected"));
  const std::string& message = *as_string(find_member(test, "message"));
  const auto pattern = Pattern::compile(*as_string(find_member(test, "pattern")));
  REQUIRE(pattern.has_value() == (expected != "invalid"));
  if (pattern) return check_verdict(*pattern, event, expected == "match");
  const std::string reason = pattern.error().message.substr(kReason.size());
  if (is_placed_by_older_parser(message)) {
    CHECK(first_line(reason) == first_line(message));
  } else {
    CHECK(reason == message);
  }
}

}  // namespace

TEST_CASE("each pattern of the vectors matches what its vector says") {
  CHECK(for_each_vector("patterns", check_case) > 100);
}

TEST_CASE("patterns with recorded answers get AWS's verdicts and refusals") {
  const auto folder = recordings() / "patterns";
  if (!are_recordings_here(folder)) return;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    const auto recorded = parse_json(read_text(entry.path()));
    INFO(entry.path().filename().string());
    REQUIRE(recorded.has_value());
    check_recorded(*recorded);
    ++count;
  }
  CHECK(count > 0);
}

TEST_CASE("recorded requests to test a pattern get AWS's answers") {
  const auto folder = recordings() / "recordings";
  if (!are_recordings_here(folder)) return;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().string().find("TestEventPattern") == std::string::npos) continue;
    const auto file = parse_json(read_text(entry.path()));
    REQUIRE(file.has_value());
    for (const Json& test : *find_member(*file, "cases")) {
      const Json* recorded = find_member(test, "recorded");
      if (recorded == nullptr || !recorded->is_object()) continue;
      const Json* error = find_member(recorded->front(), "Error");
      const Json& call = find_member(test, "steps")->front();
      if (error == nullptr || *as_string(find_member(call, "call")) != "events:TestEventPattern") {
        continue;
      }
      const Json& params = *find_member(call, "params");
      const auto verdict = test_event_pattern(*as_string(find_member(params, "EventPattern")),
                                              *as_string(find_member(params, "Event")));
      INFO(dump_json(params));
      REQUIRE_FALSE(verdict.has_value());
      CHECK(verdict.error().code == *as_string(find_member(*error, "Code")));
      CHECK(verdict.error().message == *as_string(find_member(*error, "Message")));
    }
  }
}

TEST_CASE("event-ruler's verdicts are ours") {
  const auto path = recordings() / "ruler-cases.jsonl";
  if (!are_recordings_here(path)) return;
  std::ifstream lines{path};
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto test = parse_json(line);
    REQUIRE(test.has_value());
    INFO("line " << count + 1 << ": " << line);
    check_ruler_case(*test);
  }
  CHECK(count > 0);
}

}  // namespace presso::bus
