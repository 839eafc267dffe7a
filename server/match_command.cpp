#include "server/match_command.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include "base/gzip.h"
#include "base/json.h"
#include "base/json_members.h"
#include "bus/rule_index.h"

namespace presso::server {

namespace {

using Stopwatch = std::chrono::steady_clock;

constexpr std::size_t kMostBytes = std::size_t{1} << 34;

Error unusable(std::string message) { return Error{"MatchCommand", std::move(message)}; }

Result<std::string> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return unusable("cannot read " + path);
  std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  if (!is_gzip(bytes)) return bytes;
  auto text = gunzip(bytes, kMostBytes);
  if (!text) return unusable(path + " is no whole gzip file");
  return *std::move(text);
}

// Those that hold a JSON object: the index is not asked about anything else.
Result<std::vector<std::string_view>> events_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto event = parse_json(line);
    if (!event || !event->is_object()) {
      return unusable("line " + std::to_string(lines.size() + 1) + " is no JSON object");
    }
    lines.push_back(line);
  }
  return lines;
}

struct RuleSet {
  std::string name;
  std::vector<bus::Pattern> rules;
};

Result<std::vector<RuleSet>> sets_of(const Json& rules) {
  std::vector<RuleSet> sets;
  const Json* listed = find_member(rules, "sets");
  if (listed == nullptr || !listed->is_array()) return unusable("the rules have no \"sets\"");
  for (const Json& entry : *listed) {
    RuleSet set{text_at(entry, "name"), {}};
    const Json* patterns = find_member(entry, "rules");
    if (patterns == nullptr) return unusable("the set " + set.name + " has no \"rules\"");
    for (const Json& pattern : *patterns) {
      auto compiled = bus::Pattern::compile(dump_json(pattern));
      if (!compiled) return unusable(set.name + ": " + compiled.error().message);
      set.rules.push_back(*std::move(compiled));
    }
    sets.push_back(std::move(set));
  }
  const Json* combined = find_member(rules, "combinations");
  if (combined == nullptr) return sets;
  for (const auto& [name, parts] : combined->items()) {
    RuleSet set{name, {}};
    for (const Json& part : parts) {
      const auto found = std::find_if(sets.begin(), sets.end(),
                                      [&](const RuleSet& known) { return part == known.name; });
      if (found == sets.end()) return unusable(name + " names a set that is not there");
      const std::vector<bus::Pattern> rules_of_part = found->rules;
      set.rules.insert(set.rules.end(), rules_of_part.begin(), rules_of_part.end());
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

Json measure(const RuleSet& set, const std::vector<std::string_view>& lines, double seconds) {
  bus::RuleIndex index;
  for (std::size_t i = 0; i < set.rules.size(); ++i) index.add(bus::RuleKey{i}, set.rules[i]);
  std::vector<std::uint64_t> matches(set.rules.size(), 0);
  const auto events = static_cast<double>(lines.size());
  double best = 0;
  double spent = 0;
  std::size_t passes = 0;
  while (passes < 2 || spent < seconds) {
    std::fill(matches.begin(), matches.end(), 0);
    const auto begin = Stopwatch::now();
    for (const std::string_view line : lines) {
      for (const bus::RuleKey key : index.match_text(line)) ++matches[key.value];
    }
    const double taken = std::chrono::duration<double>(Stopwatch::now() - begin).count();
    best = std::max(best, events / taken);
    spent += taken;
    ++passes;
  }
  return Json{{"events_per_s_best_pass", best},
              {"events_per_s_mean", events * static_cast<double>(passes) / spent},
              {"matches", matches}};
}

Result<Json> measure_all(std::span<const std::string> arguments, double seconds) {
  const auto data = read_file(arguments[0]);
  if (!data) return data.error();
  const auto lines = events_of(*data);
  if (!lines) return lines.error();
  const auto text = read_file(arguments[1]);
  if (!text) return text.error();
  const auto rules = parse_json(*text);
  if (!rules) return unusable(arguments[1] + ": " + rules.error().message);
  const auto sets = sets_of(*rules);
  if (!sets) return sets.error();
  const auto wanted = arguments.subspan(3);
  for (const std::string& name : wanted) {
    const bool is_known = std::any_of(sets->begin(), sets->end(),
                                      [&](const RuleSet& set) { return set.name == name; });
    if (!is_known) return unusable("there is no set " + name);
  }
  Json measured = Json::object();
  for (const RuleSet& set : *sets) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), set.name) == wanted.end()) {
      continue;
    }
    measured[set.name] = measure(set, *lines, seconds);
  }
  return Json{{"lines", lines->size()}, {"sets", std::move(measured)}};
}

}  // namespace

int match_command(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
  char* end = nullptr;
  const double seconds = arguments.size() < 3 ? -1 : std::strtod(arguments[2].c_str(), &end);
  if (arguments.size() < 3 || *end != '\0' || !(seconds >= 0)) {
    err << "usage: presso match DATA RULES SECONDS [SET...]\n";
    return 2;
  }
  const auto measured = measure_all(arguments, seconds);
  if (!measured) {
    err << "presso: " << measured.error().message << "\n";
    return 1;
  }
  out << dump_json(*measured) << "\n";
  return 0;
}

}  // namespace presso::server
