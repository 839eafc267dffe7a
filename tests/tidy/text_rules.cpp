#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "tests/tidy/rules.h"

namespace presso::tidy {

namespace {

constexpr std::size_t kMaxLines = 500;
constexpr std::size_t kMaxColumns = 100;

// In two halves, so that this file keeps its own rule.
constexpr std::array<std::string_view, 4> kBannedWords = {
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X",
    "HA"
    "CK"};
constexpr std::array<std::string_view, 3> kMachinePaths = {
    "/wo"
    "rk/",
    "/ho"
    "me/",
    "/Us"
    "ers/"};

bool has_word(std::string_view line, std::string_view word) {
  return find_token(line, word) != std::string_view::npos;
}

}  // namespace

Violations check_size(const Source& source) {
  Violations violations;
  if (source.kind != Kind::Cpp && source.kind != Kind::Script) return violations;
  if (source.lines.size() > kMaxLines) {
    violations.push_back(
        {source.path, kMaxLines + 1, std::to_string(source.lines.size()) + " lines, at most 500"});
  }
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    const std::size_t columns = utf8_length(source.lines[i]);
    if (columns <= kMaxColumns) continue;
    violations.push_back({source.path, i + 1, std::to_string(columns) + " columns, at most 100"});
  }
  return violations;
}

Violations check_words(const Source& source) {
  Violations violations;
  if (source.path == "docs/conventions.md") return violations;  // names the words it bans
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    const std::string& line = source.lines[i];
    for (const std::string_view word : kBannedWords) {
      if (source.kind == Kind::Data || !has_word(line, word)) continue;
      violations.push_back({source.path, i + 1, std::string{word} + ": open an issue instead"});
    }
    for (const std::string_view path : kMachinePaths) {
      if (line.find(path) == std::string::npos) continue;
      violations.push_back({source.path, i + 1, "a path of one machine: " + std::string{path}});
    }
    if (source.path.ends_with("package-lock.json") && has_word(line, "resolved")) {
      violations.push_back({source.path, i + 1, "a lock file names no registry"});
    }
  }
  return violations;
}

}  // namespace presso::tidy
