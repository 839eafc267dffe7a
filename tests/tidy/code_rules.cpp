#include <algorithm>
#include <array>
#include <initializer_list>
#include <regex>
#include <string>
#include <string_view>

#include "tests/tidy/rules.h"

namespace presso::tidy {

namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool is_in(const Source& source, std::initializer_list<std::string_view> folders) {
  return std::ranges::any_of(
      folders, [&](std::string_view folder) { return source.path.starts_with(folder); });
}

// `= delete` declares; everything else called delete frees.
bool frees(std::string_view line) {
  for (std::size_t at = find_token(line, "delete"); at != kNowhere;
       at = find_token(line, "delete", at + 1)) {
    const std::size_t before = line.find_last_not_of(' ', at == 0 ? 0 : at - 1);
    if (at == 0 || before == kNowhere || line[before] != '=') return true;
  }
  return false;
}

struct BannedToken {
  std::string_view token;
  std::string_view reason;
};

constexpr std::array<BannedToken, 19> kNotDeterministic = {{
    {"system_clock::now", "reads a clock"},
    {"steady_clock::now", "reads a clock"},
    {"high_resolution_clock", "reads a clock"},
    {"gettimeofday", "reads a clock"},
    {"clock_gettime", "reads a clock"},
    {"std::time", "reads a clock"},
    {"random_device", "draws its own randomness"},
    {"std::rand", "draws its own randomness"},
    {"rand()", "draws its own randomness"},
    {"getenv", "reads the environment"},
    {"fopen", "opens a file"},
    {"printf", "prints"},
    {"fprintf", "prints"},
    {"puts", "prints"},
    {"std::cout", "prints"},
    {"std::cerr", "prints"},
    {"std::thread", "starts a thread"},
    {"std::async", "starts a thread"},
    {"thread_local", "is a global"},
}};

constexpr std::string_view kJson = "base/json.cpp";
constexpr std::array<std::string_view, 5> kJsonParsers = {
    "Json::parse", "json::parse", "Json::accept", "json::accept", "sax_parse"};

bool is_allowed_macro(const Source& source, std::string_view name) {
  if (name == "PRESSO_ASSERT") return source.path == "base/assert.h";
  return name.starts_with("DOCTEST_CONFIG_") || name == "PCRE2_CODE_UNIT_WIDTH";
}

}  // namespace

Violations check_ownership(const Source& source) {
  Violations violations;
  for (std::size_t i = 0; i < source.code.size(); ++i) {
    const std::string& line = source.code[i];
    if (line.starts_with('#')) continue;
    if (find_token(line, "new") != kNowhere) {
      violations.push_back({source.path, i + 1, "no new: std::make_unique"});
    }
    if (frees(line)) violations.push_back({source.path, i + 1, "no delete: std::unique_ptr"});
  }
  return violations;
}

Violations check_determinism(const Source& source) {
  Violations violations;
  const bool is_ordered = is_in(source, {"bus/", "engine/"});
  const bool is_pure = is_in(source, {"base/", "lang/", "bus/", "engine/", "api/"}) &&
                       source.path != "base/assert.cpp";  // prints before it aborts
  for (std::size_t i = 0; i < source.code.size(); ++i) {
    const std::string& line = source.code[i];
    if (is_ordered && line.find("unordered_") != kNowhere) {
      violations.push_back({source.path, i + 1, "no unordered_* where order is an answer"});
    }
    if (!is_pure) continue;
    for (const BannedToken& banned : kNotDeterministic) {
      if (find_token(line, banned.token) == kNowhere) continue;
      // The memory of a parser, which no result depends on.
      if (source.path == kJson && banned.token == "thread_local") continue;
      violations.push_back(
          {source.path, i + 1, std::string{banned.token} + " " + std::string{banned.reason}});
    }
  }
  return violations;
}

Violations check_json_parsing(const Source& source) {
  Violations violations;
  if (source.path == kJson || source.path == "tests/unit/base/json_test.cpp") return violations;
  for (std::size_t i = 0; i < source.code.size(); ++i) {
    const std::string& line = source.code[i];
    const bool has_literal = line.find("\"_json") != kNowhere;
    if (has_literal || std::ranges::any_of(kJsonParsers, [&](std::string_view parser) {
          return find_token(line, parser) != kNowhere;
        })) {
      violations.push_back({source.path, i + 1, "parse JSON with parse_json"});
    }
  }
  return violations;
}

Violations check_macros(const Source& source) {
  Violations violations;
  for (std::size_t i = 0; i < source.code.size(); ++i) {
    constexpr std::string_view kDefine = "#define ";
    const std::string_view line = source.code[i];
    if (!line.starts_with(kDefine)) continue;
    const std::string_view rest = line.substr(kDefine.size());
    const std::string_view name = rest.substr(
        0, static_cast<std::size_t>(std::ranges::find_if_not(rest, is_word) - rest.begin()));
    if (is_allowed_macro(source, name)) continue;
    violations.push_back({source.path, i + 1, "no macro: " + std::string{name}});
  }
  return violations;
}

// A comment that is one whole statement, right behind "// ". Examples in a header are indented.
Violations check_dead_code(const Source& source) {
  static const std::regex kStatement{
      "^ (return\\b.*;|#include .*|[A-Za-z_][A-Za-z0-9_:.>-]*\\(.*\\);|"
      "[A-Za-z_][A-Za-z0-9_:<>*&. ]* [+|-]?= .*;|(if|for|while|switch) \\(.*\\) *\\{?|\\}+;?)$"};
  Violations violations;
  for (std::size_t i = 0; i < source.comments.size(); ++i) {
    const std::string& comment = source.comments[i];
    const std::size_t end = comment.find_last_not_of(' ');
    const std::size_t begin = comment.find_first_not_of(' ');
    if (end == kNowhere || begin == 0) continue;
    const std::string text = comment.substr(begin - 1, end - begin + 2);
    const bool is_indented = source.lines[i].find("//  ") != kNowhere;
    if (is_indented || !std::regex_match(text, kStatement)) continue;
    violations.push_back({source.path, i + 1, "commented-out code"});
  }
  return violations;
}

}  // namespace presso::tidy
