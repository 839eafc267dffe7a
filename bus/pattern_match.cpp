// The naive idea: try each value of each field, and go back where two stand in different elements
// of one array. With n elements and k fields that takes n^k steps.
//
// Instead the fields are taken in order, and what is kept between two of them is only the set of
// different places — array and index — that the values chosen so far have settled, without the
// arrays that no later field lies in. Fields of one array follow each other in the order of paths,
// so there are no more such places than elements.
//
// AWS: a field that may be absent is absent when none of its values could stand together with the
// values chosen for the fields *before* it in Java's order of paths; event-ruler looks no further.
#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

#include "bus/pattern.h"
#include "bus/pattern_match.h"
#include "bus/pattern_program.h"

namespace presso::bus {
namespace {

using Settled = std::pair<std::uint32_t, std::uint32_t>;  // array, index
using Places = std::vector<Settled>;                      // by array, so from the outermost inwards

// Whether one event has values at both: no array in two different elements.
bool agree(const Places& left, const Places& right) {
  auto l = left.begin();
  for (auto r = right.begin(); l != left.end() && r != right.end();) {
    if (l->first == r->first && l->second != r->second) return false;
    l->first < r->first ? ++l : ++r;
  }
  return true;
}

// Of many places, the few that may agree with one: while all that are left lie in an array, only
// those in the same element of it.
class PlaceIndex {
 public:
  explicit PlaceIndex(const std::vector<Places>& all) : all_(all.size()) {
    std::iota(all_.begin(), all_.end(), std::size_t{0});
    if (all.size() < kScanned) return;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const Settled& settled : all[i]) {
        at_[settled].push_back(i);
        ++in_array_[settled.first];
      }
    }
  }

  [[nodiscard]] const std::vector<std::size_t>& near(const Places& places) const {
    const auto* left = &all_;
    for (const Settled& place : places) {
      const auto in_array = in_array_.find(place.first);
      if (in_array == in_array_.end() || in_array->second != left->size()) continue;
      const auto there = at_.find(place);
      if (there == at_.end()) return none_;
      left = &there->second;
    }
    return *left;
  }

 private:
  static constexpr std::size_t kScanned = 16;  // fewer are looked through faster than indexed

  std::vector<std::size_t> all_;
  std::vector<std::size_t> none_;
  std::map<Settled, std::vector<std::size_t>> at_;
  std::map<std::uint32_t, std::size_t> in_array_;
};

class AlternativeMatch {
 public:
  AlternativeMatch(std::span<const TestedField> tests, const std::vector<ArrayElement>& elements)
      : tests_(tests), elements_(elements) {}

  bool run() {
    if (!prepare()) return false;
    for (position_ = 0; position_ < tests_.size(); ++position_) {
      step();
      if (states_.empty()) return false;
    }
    return true;
  }

 private:
  const std::vector<Clause>& clauses(std::size_t test) const { return *tests_[test].clauses; }

  // A field without a value that must have one decides at once.
  bool prepare() {
    for (std::size_t i = 0; i < tests_.size(); ++i) {
      if (allows_absence(clauses(i))) last_absence_ = i;
      const auto* found = tests_[i].values;
      if (found == nullptr) {
        if (!allows_absence(clauses(i))) return false;
        continue;
      }
      for (const FieldValue& value : *found) {
        for (auto at = value.element; at != 0; at = elements_[at].parent) {
          last_use_[elements_[at].array] = i;
        }
      }
    }
    return true;
  }

  Places places_of(std::uint32_t element) const {
    Places places;
    for (; element != 0; element = elements_[element].parent) {
      const ArrayElement& place = elements_[element];
      places.emplace_back(place.array, place.index);
    }
    std::reverse(places.begin(), places.end());
    return places;
  }

  // Without the arrays that no later field lies in.
  Places merge(const Places& state, const Places& places) const {
    Places merged;
    std::set_union(state.begin(), state.end(), places.begin(), places.end(),
                   std::back_inserter(merged));
    std::erase_if(merged,
                  [&](const Settled& settled) { return last_use_.at(settled.first) <= position_; });
    return merged;
  }

  void step() {
    std::vector<Places> next;
    const auto* found = tests_[position_].values;
    if (allows_absence(clauses(position_))) add_absent(found, next);
    if (found != nullptr) add_present(*found, next);
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    if (!next.empty() && is_enough(next.front())) next.resize(1);
    states_ = std::move(next);
  }

  // With nothing settled every later field is free to choose; only absence likes to be bound.
  bool is_enough(const Places& state) const { return state.empty() && position_ >= last_absence_; }

  void add_absent(const std::vector<FieldValue>* present, std::vector<Places>& next) const {
    std::vector<Places> places;
    if (present != nullptr) {
      for (const FieldValue& value : *present) places.push_back(places_of(value.element));
    }
    const PlaceIndex index{places};
    for (const Places& state : states_) {
      const auto& near = index.near(state);
      const bool is_present = std::any_of(near.begin(), near.end(),
                                          [&](std::size_t i) { return agree(state, places[i]); });
      if (!is_present) next.push_back(merge(state, {}));
    }
  }

  void add_present(const std::vector<FieldValue>& present, std::vector<Places>& next) const {
    const PlaceIndex index{states_};
    for (const FieldValue& value : present) {
      if (!satisfies_any(clauses(position_), value.value)) continue;
      const Places places = places_of(value.element);
      for (const std::size_t state : index.near(places)) {
        if (agree(states_[state], places)) next.push_back(merge(states_[state], places));
      }
      if (!next.empty() && is_enough(next.back())) return;
    }
  }

  std::span<const TestedField> tests_;
  const std::vector<ArrayElement>& elements_;
  std::size_t position_ = 0;
  std::size_t last_absence_ = 0;
  std::map<std::uint32_t, std::size_t> last_use_;  // array → the last test with values in it
  std::vector<Places> states_{{}};
};

// Where no value lies in an array's element, each field stands for itself.
bool has_no_places(std::span<const TestedField> tests) {
  return std::all_of(tests.begin(), tests.end(), [](const TestedField& test) {
    return test.values == nullptr ||
           std::all_of(test.values->begin(), test.values->end(),
                       [](const FieldValue& value) { return value.element == 0; });
  });
}

bool is_satisfied(const TestedField& test) {
  if (test.values == nullptr || test.values->empty()) return allows_absence(*test.clauses);
  return std::any_of(test.values->begin(), test.values->end(), [&](const FieldValue& value) {
    return satisfies_any(*test.clauses, value.value);
  });
}

}  // namespace

bool matches_alternative(std::span<const TestedField> tests,
                         const std::vector<ArrayElement>& elements) {
  if (has_no_places(tests)) return std::all_of(tests.begin(), tests.end(), is_satisfied);
  return AlternativeMatch{tests, elements}.run();
}

bool Pattern::matches(const Fields& fields) const {
  return std::any_of(program_->alternatives.begin(), program_->alternatives.end(),
                     [&](const std::vector<FieldTest>& tests) {
                       std::vector<TestedField> tested;
                       for (const FieldTest& test : tests) {
                         tested.push_back({&program_->clauses[test.clauses],
                                           test.is_unseen ? nullptr : fields.find(test.path)});
                       }
                       return matches_alternative(tested, fields.elements());
                     });
}

bool Pattern::matches(const Json& event) const { return matches(Fields::of(event)); }
bool Pattern::matches(const Event& event) const { return matches(Fields::of(event)); }

}  // namespace presso::bus
