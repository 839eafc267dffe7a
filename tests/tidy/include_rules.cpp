#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/text.h"
#include "tests/tidy/rules.h"

namespace presso::tidy {

namespace {

struct Include {
  std::size_t line = 0;  // from 1
  bool is_ours = false;  // in quotes
  std::string target;
};

std::vector<Include> includes_of(const Source& source) {
  std::vector<Include> includes;
  for (std::size_t i = 0; i < source.code.size(); ++i) {
    if (!source.code[i].starts_with("#include ")) continue;
    const std::string& line = source.lines[i];
    const std::size_t open = line.find_first_of("\"<");
    if (open == std::string::npos) continue;
    const std::size_t close = line.find_first_of("\">", open + 1);
    if (close == std::string::npos) continue;
    includes.push_back({i + 1, line[open] == '"', line.substr(open + 1, close - open - 1)});
  }
  return includes;
}

// The folders of a path, or "" where there is none.
std::string_view folder_at(std::string_view path, std::size_t level) {
  const auto parts = split(path, '/');
  return level + 1 < parts.size() ? parts[level] : "";
}

template <std::size_t N>
std::optional<std::size_t> rank(const std::array<std::string_view, N>& order,
                                std::string_view folder) {
  const auto it = std::ranges::find(order, folder);
  if (it == order.end()) return std::nullopt;
  return static_cast<std::size_t>(it - order.begin());
}

constexpr std::array<std::string_view, 6> kModules = {"base",   "lang", "bus",
                                                      "engine", "api",  "server"};
constexpr std::array<std::string_view, 4> kEngine = {"models", "asl", "run", "core"};

bool is_allowed_in_engine(std::string_view from, std::string_view to) {
  const std::string_view part = folder_at(from, 1);
  if (folder_at(to, 0) == "bus") return part == "core";
  if (folder_at(to, 0) != "engine") return true;
  const auto own = rank(kEngine, part);
  const auto other = rank(kEngine, folder_at(to, 1));
  return !own || !other || *other <= *own;
}

bool is_allowed_in_lang(std::string_view from, std::string_view to) {
  if (folder_at(to, 0) != "lang") return true;
  const std::string_view own = folder_at(from, 1);
  const std::string_view other = folder_at(to, 1);
  if (own == other || other.empty()) return true;
  return own == "intrinsics" && other == "jsonpath";
}

bool is_allowed(std::string_view from, std::string_view to) {
  const auto own = rank(kModules, folder_at(from, 0));
  if (!own) return true;  // tests see everything
  const auto other = rank(kModules, folder_at(to, 0));
  if (!other || *other > *own) return false;
  if (folder_at(from, 0) == "engine") return is_allowed_in_engine(from, to);
  if (folder_at(from, 0) == "lang") return is_allowed_in_lang(from, to);
  return true;
}

struct Library {
  std::string_view header;  // a prefix
  std::string_view place;   // a prefix of the paths that may include it
};

constexpr std::array<Library, 6> kLibraries = {{{"boost/beast", "server/http_"},
                                                {"boost/asio", "server/"},
                                                {"expat.h", "server/integrations/s3_xml.cpp"},
                                                {"zlib.h", "base/gzip.cpp"},
                                                {"spdlog", "server/log.cpp"},
                                                {"sqlite3", "server/store/"}}};

constexpr std::array<std::string_view, 24> kShellHeaders = {
    "atomic",       "condition_variable",
    "csignal",      "ctime",
    "filesystem",   "fstream",
    "future",       "iostream",
    "mutex",        "pthread.h",
    "random",       "semaphore",
    "shared_mutex", "signal.h",
    "stop_token",   "sys/",
    "thread",       "time.h",
    "unistd.h",     "fcntl.h",
    "poll.h",       "netdb.h",
    "arpa/",        "netinet/",
};

bool is_shell_header(std::string_view target) {
  return std::ranges::any_of(kShellHeaders, [&](std::string_view header) {
    return header.ends_with('/') ? target.starts_with(header) : target == header;
  });
}

}  // namespace

Violations check_arrows(const Source& source) {
  Violations violations;
  for (const Include& include : includes_of(source)) {
    if (!include.is_ours || is_allowed(source.path, include.target)) continue;
    violations.push_back({source.path, include.line, "may not include " + include.target});
  }
  return violations;
}

Violations check_libraries(const Source& source) {
  Violations violations;
  if (source.path.starts_with("tests/")) return violations;
  const bool is_shell = source.path.starts_with("server/");
  for (const Include& include : includes_of(source)) {
    if (include.is_ours) continue;
    if (!is_shell && is_shell_header(include.target)) {
      violations.push_back(
          {source.path, include.line, "only server/ may include <" + include.target + ">"});
    }
    for (const Library& library : kLibraries) {
      if (!include.target.starts_with(library.header)) continue;
      if (source.path.starts_with(library.place)) continue;
      violations.push_back(
          {source.path, include.line,
           "only " + std::string{library.place} + " may include <" + include.target + ">"});
    }
  }
  return violations;
}

Violations check_unused_headers(const std::vector<Source>& sources) {
  std::set<std::string> used;
  for (const Source& source : sources) {
    for (const Include& include : includes_of(source)) used.insert(include.target);
  }
  Violations violations;
  for (const Source& source : sources) {
    if (source.path.ends_with(".h") && !used.contains(source.path)) {
      violations.push_back({source.path, 1, "included by nobody"});
    }
  }
  return violations;
}

}  // namespace presso::tidy
