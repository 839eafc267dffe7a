// The naive idea: ask each pattern. Instead one walk through the event, along a tree of the names
// that any pattern mentions, hands each value to the FieldIndex of its path. That finds the
// alternatives that were entered there, each under one of its fields only: the one that lets the
// fewest values through. The reference matcher then looks at those few whole, with the values the
// walk has kept.
//
// Two alternatives to this were left: an automaton over all fields, which is faster when many rules
// share several common values, but multiplies its states where they do not; and counting satisfied
// fields for each rule, which anything-but and exists turn into work for every rule.
#include "bus/rule_index.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "bus/event_walk.h"
#include "bus/field_index.h"
#include "bus/flatten.h"
#include "bus/pattern_match.h"
#include "bus/pattern_program.h"
#include "bus/text_table.h"

namespace presso::bus {
namespace {

constexpr std::uint32_t kRoot = 0;
constexpr std::uint32_t kNoField = 0xFFFFFFFFU;
constexpr std::size_t kTolerated = 64;  // removed alternatives, before the index is built anew

struct Alternative {
  RuleKey rule;
  bool is_alive = true;
  std::vector<std::pair<const std::vector<Clause>*, std::uint32_t>> tests;  // clauses, field
};

// What one match works with; kept from one to the next for its memory.
struct Scratch {
  std::vector<std::vector<FieldValue>> values;  // by field
  std::vector<std::uint32_t> touched;           // fields that have values
  std::vector<ArrayElement> elements;
  std::deque<std::string> texts;
  std::vector<std::uint32_t> found;
  std::vector<TestedField> tested;
  std::vector<std::uint64_t> seen;  // by alternative: the match in which it was last looked at
  std::uint64_t match = 0;
};

}  // namespace

struct RuleIndex::State {
  struct Entry {
    Pattern pattern;
    std::vector<std::uint32_t> alternatives;
  };
  struct Node {
    std::uint32_t field = kNoField;
    std::uint64_t child_lengths = 0;  // of the names below: bit n, the last for all that are longer
  };
  // Most names of an event are of no interest, and most of those have a length of their own.
  static std::uint64_t length_bit(std::string_view name) {
    return std::uint64_t{1} << std::min<std::size_t>(name.size(), 63);
  }

  std::map<RuleKey, Entry> rules;
  std::vector<Alternative> alternatives;
  std::size_t removed = 0;
  TextTable steps;              // scope: the node above; the text's number + 1 is the node below
  std::vector<Node> nodes{{}};  // of names; the first is the event itself
  std::vector<FieldIndex> fields;
  std::vector<std::uint32_t> absence_fields;  // those with something to do when they are absent
  std::vector<std::uint32_t> always;          // alternatives whose fields no event can have
  mutable Scratch scratch;

  std::uint32_t find_step(std::uint32_t node, std::string_view name) const {
    if ((nodes[node].child_lengths & length_bit(name)) == 0) return TextTable::kNone;
    const auto id = steps.find(node, name, hash_text(name));
    return id == TextTable::kNone ? id : id + 1;
  }
  // A name with dots is several steps.
  std::uint32_t find_node(std::uint32_t node, std::string_view name) const {
    for (;;) {
      const auto dot = name.find('.');
      node = find_step(node, name.substr(0, dot));
      if (node == TextTable::kNone || dot == std::string_view::npos) return node;
      name.remove_prefix(dot + 1);
    }
  }

  std::uint32_t field_of(std::string_view path) {
    std::uint32_t node = kRoot;
    for (bool is_last = false; !is_last;) {
      const auto dot = path.find('.');
      is_last = dot == std::string_view::npos;
      const std::string_view name = path.substr(0, dot);
      const auto child = steps.insert(node, name, hash_text(name)) + 1;
      nodes[node].child_lengths |= length_bit(name);
      if (child == nodes.size()) nodes.emplace_back();
      node = child;
      if (!is_last) path.remove_prefix(dot + 1);
    }
    if (nodes[node].field == kNoField) {
      nodes[node].field = static_cast<std::uint32_t>(fields.size());
      fields.emplace_back();
    }
    return nodes[node].field;
  }

  void enter(RuleKey key, Entry& entry) {
    const PatternProgram& program = entry.pattern.program();
    for (const auto& tests : program.alternatives) {
      const auto id = static_cast<std::uint32_t>(alternatives.size());
      entry.alternatives.push_back(id);
      Alternative& alternative = alternatives.emplace_back();
      alternative.rule = key;
      std::size_t best = 0;
      std::size_t lowest = 0;
      for (std::size_t i = 0; i < tests.size(); ++i) {
        const auto field = tests[i].is_unseen ? kNoField : field_of(tests[i].path);
        alternative.tests.emplace_back(&program.clauses[tests[i].clauses], field);
        // A field that is not seen is absent in every event and decides nothing.
        const bool is_usable = field != kNoField || tests.size() == 1;
        if (!is_usable) continue;
        const std::size_t cost =
            field == kNoField ? 0 : fields[field].cost(*alternative.tests.back().first);
        if (lowest == 0 || cost <= lowest) {
          best = i;
          lowest = cost;
        }
      }
      enter_field(id, best);
    }
  }

  void enter_field(std::uint32_t id, std::size_t test) {
    const auto& [clauses, field] = alternatives[id].tests[test];
    if (field == kNoField) {
      always.push_back(id);
      return;
    }
    const bool had_absence = !fields[field].on_absence().empty();
    fields[field].add(*clauses, id);
    if (!had_absence && !fields[field].on_absence().empty()) absence_fields.push_back(field);
  }

  void leave(Entry& entry) {
    for (const std::uint32_t id : entry.alternatives) {
      alternatives[id].is_alive = false;
      ++removed;
    }
  }

  void rebuild() {
    State fresh;
    fresh.rules = std::move(rules);
    for (auto& [key, entry] : fresh.rules) {
      entry.alternatives.clear();
      fresh.enter(key, entry);
    }
    *this = std::move(fresh);
  }

  void begin() const {
    scratch.values.resize(fields.size());
    for (const std::uint32_t field : scratch.touched) scratch.values[field].clear();
    scratch.touched.clear();
    scratch.elements.assign(1, {});
    scratch.texts.clear();
    scratch.seen.resize(alternatives.size());
    ++scratch.match;
  }

  void add_value(std::uint32_t field, std::string_view text, std::uint32_t element) const {
    auto& values = scratch.values[field];
    if (values.empty()) scratch.touched.push_back(field);
    values.push_back({Value{text}, element});
  }

  bool is_match(const Alternative& alternative) const {
    scratch.tested.clear();
    for (const auto& [clauses, field] : alternative.tests) {
      const bool is_present = field != kNoField && !scratch.values[field].empty();
      scratch.tested.push_back({clauses, is_present ? &scratch.values[field] : nullptr});
    }
    return matches_alternative(scratch.tested, scratch.elements);
  }

  std::vector<RuleKey> finish() const {
    auto& found = scratch.found;
    found = always;
    for (const std::uint32_t field : scratch.touched) {
      for (const FieldValue& value : scratch.values[field]) {
        fields[field].collect(value.value, found);
      }
    }
    for (const std::uint32_t field : absence_fields) {
      const auto& values = scratch.values[field];
      const bool is_outside_arrays = std::any_of(
          values.begin(), values.end(), [](const FieldValue& value) { return value.element == 0; });
      if (is_outside_arrays) continue;
      const auto& entries = fields[field].on_absence();
      found.insert(found.end(), entries.begin(), entries.end());
    }
    std::vector<RuleKey> keys;
    for (const std::uint32_t id : found) {
      if (scratch.seen[id] == scratch.match) continue;
      scratch.seen[id] = scratch.match;
      if (alternatives[id].is_alive && is_match(alternatives[id])) {
        keys.push_back(alternatives[id].rule);
      }
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  }
};

// Keeps the values of fields that patterns mention, and skips what leads to none.
class RuleIndex::Sink {
 public:
  explicit Sink(const State& state) : state_(state) {}

  bool enter(std::string_view name) {
    const auto node = state_.find_node(path_.back(), name);
    if (node == TextTable::kNone) return false;
    path_.push_back(node);
    return true;
  }
  void leave() { path_.pop_back(); }
  void begin_array() { arrays_.push_back(next_array_++); }
  void end_array() { arrays_.pop_back(); }
  void begin_element(std::size_t index) {
    auto& elements = state_.scratch.elements;
    elements.push_back({element_, arrays_.back(), static_cast<std::uint32_t>(index)});
    element_ = static_cast<std::uint32_t>(elements.size() - 1);
  }
  void end_element() { element_ = state_.scratch.elements[element_].parent; }
  void value(std::string_view text) {
    if (field() != kNoField) lasting_value(state_.scratch.texts.emplace_back(text));
  }
  void lasting_value(std::string_view text) {
    if (field() != kNoField) state_.add_value(field(), text, element_);
  }

 private:
  [[nodiscard]] std::uint32_t field() const { return state_.nodes[path_.back()].field; }

  const State& state_;
  std::vector<std::uint32_t> path_{kRoot};
  std::vector<std::uint32_t> arrays_;
  std::uint32_t next_array_ = 0;
  std::uint32_t element_ = 0;
};

RuleIndex::RuleIndex() : state_(std::make_unique<State>()) {}
RuleIndex::~RuleIndex() = default;
RuleIndex::RuleIndex(RuleIndex&&) noexcept = default;
RuleIndex& RuleIndex::operator=(RuleIndex&&) noexcept = default;

void RuleIndex::add(RuleKey key, Pattern pattern) {
  remove(key);
  const auto [entry, is_new] = state_->rules.emplace(key, State::Entry{std::move(pattern), {}});
  state_->enter(key, entry->second);
}

void RuleIndex::remove(RuleKey key) {
  const auto entry = state_->rules.find(key);
  if (entry == state_->rules.end()) return;
  state_->leave(entry->second);
  state_->rules.erase(entry);
  const std::size_t alive = state_->alternatives.size() - state_->removed;
  if (state_->removed > alive + kTolerated) state_->rebuild();
}

std::size_t RuleIndex::size() const { return state_->rules.size(); }

std::vector<RuleKey> RuleIndex::match(const Event& event) const {
  state_->begin();
  Sink sink{*state_};
  walk_event(event, sink);
  return state_->finish();
}

std::vector<RuleKey> RuleIndex::match(const Json& event) const {
  state_->begin();
  Sink sink{*state_};
  if (event.is_object()) walk_json(event, sink);
  return state_->finish();
}

std::vector<RuleKey> RuleIndex::match_text(std::string_view event) const {
  state_->begin();
  Sink sink{*state_};
  walk_text(event, sink);
  return state_->finish();
}

}  // namespace presso::bus
