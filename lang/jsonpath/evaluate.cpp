// Naive: a list of values, and each step makes another. Here each value is followed to the end of
// the path before the next is looked at, as Jayway does, so that the first error is the same one.
#include "lang/jsonpath/evaluate.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lang/jsonpath/filter.h"
#include "lang/jsonpath/functions.h"
#include "lang/jsonpath/java_text.h"

namespace presso::jsonpath {

namespace {

// The way to a value, a link per level; it lives on the stack and is read only for an error.
struct Place {
  const Place* parent = nullptr;
  const std::string* name = nullptr;  // or null: `index` counts
  std::size_t index = 0;
};

std::string text_of(const Place& place, bool is_from_item) {
  if (place.parent == nullptr) return is_from_item ? "@" : "$";
  const std::string before = text_of(*place.parent, is_from_item);
  if (place.name != nullptr) return before + "['" + *place.name + "']";
  return before + "[" + std::to_string(place.index) + "]";
}

const Json* element_at(const Json::array_t& items, std::int64_t index) {
  const auto size = static_cast<std::int64_t>(items.size());
  const std::int64_t from_start = index < 0 ? size + index : index;
  if (from_start < 0 || from_start >= size) return nullptr;
  return &items[static_cast<std::size_t>(from_start)];
}

Error too_costly() { return Error{"InvalidPath", "Evaluating the path takes too much work"}; }

// What became of one value: `NotFound` may be forgiven further out, `Failed` may not.
enum class Outcome { Done, NotFound, Failed };

class Walk {
 public:
  Walk(const Program& program, const Evaluation& evaluation)
      : program_(program), evaluation_(evaluation), budget_(evaluation.budget) {}

  Result<Json> run() {
    if (!program_.fault.empty()) return Error{"InvalidPath", program_.fault};
    const Outcome outcome = go(0, evaluation_.start, Place{});
    if (budget_.is_spent()) return too_costly();
    if (outcome != Outcome::Done) return std::move(error_);
    if (!program_.is_definite) return copy_all();
    if (found_.empty()) return Error{"PathNotFound", "No results for path: " + text_of(program_)};
    if (!budget_.copy(*found_.back())) return too_costly();
    return *found_.back();
  }

 private:
  Result<Json> copy_all() {
    Json all = Json::array();
    for (const Json* value : found_) {
      if (!budget_.copy(*value)) return too_costly();
      all.push_back(*value);
    }
    return all;
  }

  // Everything before the step leads to one value, so that its absence is an error.
  [[nodiscard]] bool is_certain(std::size_t at) const { return at <= program_.definite_steps; }
  [[nodiscard]] bool is_last(std::size_t at) const { return at + 1 == program_.steps.size(); }

  Outcome not_found(std::string message) {
    error_ = Error{"PathNotFound", std::move(message)};
    return Outcome::NotFound;
  }
  Outcome fail(Error error) {
    error_ = std::move(error);
    return Outcome::Failed;
  }

  [[nodiscard]] std::string text_of_place(const Place& place) const {
    return text_of(place, program_.is_from_item);
  }
  // The path from step `at` on.
  [[nodiscard]] std::string rest_of(std::size_t at) const {
    std::string text;
    for (; at < program_.steps.size(); ++at) text += text_of(program_.steps[at]);
    return text;
  }

  Outcome go(std::size_t at, const Json& value, const Place& place) {
    if (!budget_.visit() || !budget_.enter()) return Outcome::Failed;
    Outcome outcome = Outcome::Done;
    if (at == program_.steps.size()) {
      found_.push_back(&value);
    } else {
      outcome = std::visit([&](const auto& step) { return take(step, at, value, place); },
                           program_.steps[at]);
    }
    budget_.leave();
    return outcome;
  }

  Outcome take(const Names& step, std::size_t at, const Json& value, const Place& place) {
    if (!value.is_object()) {
      if (!is_certain(at)) return Outcome::Done;
      return not_found("Expected to find an object with property " + text_of(program_.steps[at]) +
                       " in path " + text_of_place(place) + " but found '" + java_class_of(value) +
                       "'. This is not a json object according to the JsonProvider: "
                       "'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.");
    }
    if (step.names.size() > 1 && is_last(at)) return merge(step, at, value, place);
    for (const std::string& name : step.names) {
      const bool is_certain_here = is_certain(at) && step.names.size() == 1;
      const Outcome outcome = take_member(name, is_certain_here, at, value, place);
      if (outcome != Outcome::Done) return outcome;
    }
    return Outcome::Done;
  }

  Outcome take_member(const std::string& name, bool is_certain_here, std::size_t at,
                      const Json& value, const Place& place) {
    const Place inner{&place, &name};
    const Json* member = find_member(value, name);
    if (member != nullptr) return go(at + 1, *member, inner);
    if (is_last(at)) {
      if (!evaluation_.requires_members) return Outcome::Done;
      return not_found("No results for path: " + text_of_place(inner));
    }
    if (!is_certain_here && !evaluation_.requires_members) return Outcome::Done;
    return not_found("Missing property in path " + text_of_place(inner));
  }

  // AWS: ['a','b'] at the end of a path is one object with those members that are there.
  Outcome merge(const Names& step, std::size_t at, const Json& value, const Place& place) {
    Json merged = Json::object();
    for (const std::string& name : step.names) {
      const Json* member = find_member(value, name);
      if (member != nullptr) {
        if (!budget_.copy(*member)) return Outcome::Failed;
        merged[name] = *member;
      } else if (evaluation_.requires_members) {
        return not_found("Missing property in path " + text_of_place(place) +
                         text_of(program_.steps[at]));
      }
    }
    return go(at + 1, made_.emplace_back(std::move(merged)), place);
  }

  // The elements of an array, or null when the value is none; `outcome` says whether that matters.
  const Json::array_t* elements(std::size_t at, const Json& value, const Place& place,
                                Outcome& outcome) {
    const auto* items = value.get_ptr<const Json::array_t*>();
    if (items != nullptr || !is_certain(at)) return items;
    if (value.is_null()) {
      outcome = not_found("The path " + text_of_place(place) + " is null");
    } else {
      outcome =
          not_found("Filter: " + rest_of(at) +
                    " can only be applied to arrays. Current context is: " + java_text_of(value));
    }
    return nullptr;
  }

  Outcome take_element(const Json::array_t& items, std::int64_t index, std::size_t at,
                       const Place& place) {
    const Json* element = element_at(items, index);
    if (element == nullptr) return Outcome::Done;
    return go(at + 1, *element,
              Place{&place, nullptr, static_cast<std::size_t>(element - items.data())});
  }

  Outcome take(const Indices& step, std::size_t at, const Json& value, const Place& place) {
    Outcome outcome = Outcome::Done;
    const Json::array_t* items = elements(at, value, place, outcome);
    if (items == nullptr) return outcome;
    for (const std::int32_t index : step.indices) {
      outcome = take_element(*items, index, at, place);
      if (outcome != Outcome::Done) return outcome;
    }
    return Outcome::Done;
  }

  // AWS: with both bounds nothing is counted from the end to compare them, so that [1:-1] is empty,
  // while [-2:-1] is the last but one.
  Outcome take(const Slice& step, std::size_t at, const Json& value, const Place& place) {
    Outcome outcome = Outcome::Done;
    const Json::array_t* items = elements(at, value, place, outcome);
    if (items == nullptr) return outcome;
    const auto size = static_cast<std::int64_t>(items->size());
    std::int64_t from = step.from.value_or(0);
    std::int64_t to = step.to.value_or(size);
    if (!step.to && from < 0) from = std::max<std::int64_t>(0, size + from);
    if (!step.from && to < 0) to = size + to;
    from = std::max(from, -size);
    to = std::min(to, size);
    for (std::int64_t i = from; i < to; ++i) {
      outcome = take_element(*items, i, at, place);
      if (outcome != Outcome::Done) return outcome;
    }
    return Outcome::Done;
  }

  Outcome take(const Wildcard&, std::size_t at, const Json& value, const Place& place) {
    if (const auto* members = value.get_ptr<const Json::object_t*>()) {
      for (const auto& [name, member] : *members) {
        const Outcome outcome = go(at + 1, member, Place{&place, &name});
        if (outcome != Outcome::Done) return outcome;
      }
      return Outcome::Done;
    }
    if (const auto* items = value.get_ptr<const Json::array_t*>()) {
      for (std::size_t i = 0; i < items->size(); ++i) {
        const Outcome outcome = go(at + 1, (*items)[i], Place{&place, nullptr, i});
        const bool is_forgiven = outcome == Outcome::NotFound && !evaluation_.requires_members;
        if (outcome != Outcome::Done && !is_forgiven) return outcome;
      }
      return Outcome::Done;
    }
    if (is_last(at)) return Outcome::Done;
    return not_found("Expected to find an object or array in path " + text_of_place(place) +
                     " but found '" + java_class_of(value) + "'. ");
  }

  Outcome take(const Where& step, std::size_t at, const Json& value, const Place& place) {
    if (value.is_object()) {
      if (!passes(step, value)) return Outcome::Done;
      return go(at + 1, value, place);
    }
    if (const auto* items = value.get_ptr<const Json::array_t*>()) {
      for (std::size_t i = 0; i < items->size(); ++i) {
        if (!passes(step, (*items)[i])) continue;
        const Outcome outcome = go(at + 1, (*items)[i], Place{&place, nullptr, i});
        if (outcome != Outcome::Done) return outcome;
      }
      return Outcome::Done;
    }
    if (!is_certain(at)) return Outcome::Done;
    return fail(Error{"InvalidPath", "Filter: " + rest_of(at) +
                                         " can not be applied to primitives. Current context is: " +
                                         java_text_of(value)});
  }

  [[nodiscard]] bool passes(const Where& step, const Json& value) {
    return accepts(*step.filter, value, evaluation_.document, budget_) && !budget_.is_spent();
  }

  Outcome take(const Function& step, std::size_t at, const Json& value, const Place& place) {
    auto result = apply(step, value, evaluation_.document, budget_);
    if (!result) return fail(result.error());
    return go(at + 1, made_.emplace_back(*std::move(result)), place);
  }

  // The value itself and everything below it, each before what it contains.
  Outcome take(const Scan&, std::size_t at, const Json& value, const Place& place) {
    if (!budget_.visit() || !budget_.enter()) return Outcome::Failed;
    Outcome outcome = Outcome::Done;
    if (is_target(at + 1, value)) outcome = go(at + 1, value, place);
    if (outcome == Outcome::Done) outcome = scan_inside(at, value, place);
    budget_.leave();
    return outcome;
  }

  Outcome scan_inside(std::size_t at, const Json& value, const Place& place) {
    if (const auto* members = value.get_ptr<const Json::object_t*>()) {
      for (const auto& [name, member] : *members) {
        if (!member.is_structured()) continue;
        const Outcome outcome = take(Scan{}, at, member, Place{&place, &name});
        if (outcome != Outcome::Done) return outcome;
      }
    } else if (const auto* items = value.get_ptr<const Json::array_t*>()) {
      for (std::size_t i = 0; i < items->size(); ++i) {
        if (!(*items)[i].is_structured()) continue;
        const Outcome outcome = take(Scan{}, at, (*items)[i], Place{&place, nullptr, i});
        if (outcome != Outcome::Done) return outcome;
      }
    }
    return Outcome::Done;
  }

  // Whether a scan tries its next step, `at`, on the value.
  [[nodiscard]] bool is_target(std::size_t at, const Json& value) {
    const Step& next = program_.steps[at];
    if (const auto* names = std::get_if<Names>(&next)) {
      const bool is_choice = names->names.size() > 1 && !is_last(at);
      return is_choice ? value.is_object() : has_names(*names, value);
    }
    if (const auto* where = std::get_if<Where>(&next)) {
      // An array's elements are met one by one, as the scan goes on.
      return value.is_object() && passes(*where, value);
    }
    if (std::holds_alternative<Wildcard>(next)) return value.is_structured();
    return value.is_array();
  }

  [[nodiscard]] bool has_names(const Names& names, const Json& value) const {
    if (!value.is_object()) return false;
    if (evaluation_.requires_members) return true;
    for (const std::string& name : names.names) {
      if (find_member(value, name) == nullptr) return false;
    }
    return true;
  }

  const Program& program_;
  const Evaluation& evaluation_;
  Budget& budget_;
  std::vector<const Json*> found_;
  std::deque<Json> made_;  // values that no document holds; addresses stay good
  Error error_;
};

}  // namespace

Result<Json> evaluate(const Program& program, const Evaluation& evaluation) {
  if (program.is_pointer && program.fault.empty()) {
    const Json* value = follow(program, evaluation.start);
    if (value != nullptr) {
      if (!evaluation.budget.copy(*value)) return too_costly();
      return *value;
    }
  }
  return Walk{program, evaluation}.run();
}

const Json* follow(const Program& program, const Json& start, std::size_t done) {
  const Json* value = &start;
  for (std::size_t i = done; i < program.steps.size(); ++i) {
    const Step& step = program.steps[i];
    if (const auto* names = std::get_if<Names>(&step)) {
      value = find_member(*value, names->names.front());
    } else {
      const auto* items = value->get_ptr<const Json::array_t*>();
      const auto& indices = std::get<Indices>(step).indices;
      value = items == nullptr ? nullptr : element_at(*items, indices.front());
    }
    if (value == nullptr) return nullptr;
  }
  return value;
}

}  // namespace presso::jsonpath
