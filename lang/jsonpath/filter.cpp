// Operand by operand, operator by operator, as Jayway's evaluators do it, but for one thing: values
// of different types are never equal and never in order.
#include "lang/jsonpath/filter.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "lang/jsonpath/evaluate.h"

namespace presso::jsonpath {

namespace {

// `Refused` is what makes a whole filter fail, whatever stands around it: a comparison that makes
// no sense, such as `@.x in 3`.
enum class Verdict { No, Yes, Refused };

Verdict verdict(bool is_true) { return is_true ? Verdict::Yes : Verdict::No; }

Verdict opposite(Verdict of) {
  if (of == Verdict::Refused) return of;
  return verdict(of == Verdict::No);
}

// An operand's value, borrowed from the document where it can be.
class Value {
 public:
  Value() = default;
  explicit Value(const Json* borrowed) : borrowed_(borrowed) {}
  explicit Value(Json owned) : owned_(std::move(owned)) {}

  // Null when the operand's path finds nothing.
  [[nodiscard]] const Json* get() const { return owned_ ? &*owned_ : borrowed_; }

 private:
  const Json* borrowed_ = nullptr;
  std::optional<Json> owned_;
};

const Json::array_t* list_of(const Json* value) {
  return value == nullptr ? nullptr : value->get_ptr<const Json::array_t*>();
}

bool are_equal(const Json* left, const Json* right) {
  return left != nullptr && right != nullptr && *left == *right;
}

// Below, equal, above: -1, 0, 1. As UTF-16, which Java compares: what lies beyond U+FFFF comes
// before U+E000…U+FFFF.
int compare_texts(std::string_view left, std::string_view right) {
  const auto [a, b] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (a == left.end() || b == right.end()) {
    return static_cast<int>(a != left.end()) - static_cast<int>(b != right.end());
  }
  const auto rank = [](char byte) {
    const auto lead = static_cast<unsigned char>(byte);
    constexpr unsigned kBeyond = 0xf0;
    constexpr unsigned kLastBlock = 0xee;
    if (lead >= kBeyond) return static_cast<int>(lead) - 0x10;
    return lead >= kLastBlock ? static_cast<int>(lead) + 0x10 : static_cast<int>(lead);
  };
  return rank(*a) < rank(*b) ? -1 : 1;
}

int compare_numbers(const Json& left, const Json& right) {
  const bool are_signed = left.is_number_integer() && right.is_number_integer() &&
                          !left.is_number_unsigned() && !right.is_number_unsigned();
  const bool are_unsigned = left.is_number_unsigned() && right.is_number_unsigned();
  const auto sign = [](auto a, auto b) {
    return static_cast<int>(a > b) - static_cast<int>(a < b);
  };
  if (are_signed) return sign(left.get<std::int64_t>(), right.get<std::int64_t>());
  if (are_unsigned) return sign(left.get<std::uint64_t>(), right.get<std::uint64_t>());
  return sign(left.get<double>(), right.get<double>());
}

std::optional<int> compare(const Json* left, const Json* right) {
  if (left == nullptr || right == nullptr) return std::nullopt;
  if (left->is_number() && right->is_number()) return compare_numbers(*left, *right);
  if (left->is_string() && right->is_string()) {
    return compare_texts(*as_string(left), *as_string(right));
  }
  return std::nullopt;
}

class Judge {
 public:
  Judge(const Json& item, const Json& document, Budget& budget)
      : item_(item), document_(document), budget_(budget) {}

  Verdict judge(const Filter& filter) {
    if (!budget_.visit() || !budget_.enter()) return Verdict::Refused;
    const Verdict found = std::visit([&](const auto& node) { return of(node); }, filter.node);
    budget_.leave();
    return found;
  }

 private:
  Verdict of(const AnyOfThese& node) {
    for (const Filter& filter : node.filters) {
      const Verdict found = judge(filter);
      if (found != Verdict::No) return found;
    }
    return Verdict::No;
  }
  Verdict of(const AllOfThese& node) {
    for (const Filter& filter : node.filters) {
      const Verdict found = judge(filter);
      if (found != Verdict::Yes) return found;
    }
    return Verdict::Yes;
  }
  Verdict of(const Negation& node) { return opposite(judge(*node.filter)); }

  Verdict of(const Existence& node) {
    const Json& start = node.path->is_from_item ? item_ : document_;
    if (node.path->is_pointer) {
      return verdict((follow(*node.path, start) != nullptr) == node.is_wanted);
    }
    const auto value = evaluate(*node.path, {document_, start, budget_, true});
    if (!value && value.error().code != "PathNotFound") return Verdict::Refused;
    return verdict(value.has_value() == node.is_wanted);
  }

  Verdict of(const Comparison& node) {
    if (node.op == Operator::Matches) return match(node.left, node.right);
    const bool has_regex =
        std::holds_alternative<Regex>(node.left) || std::holds_alternative<Regex>(node.right);
    if (has_regex) return verdict(node.op == Operator::NotEqual);
    const auto left = value_of(node.left);
    const auto right = value_of(node.right);
    if (!left || !right) return Verdict::Refused;
    return decide(node.op, left->get(), right->get());
  }

  // Nothing when evaluating the operand is itself an error.
  std::optional<Value> value_of(const Operand& operand) {
    if (const auto* literal = std::get_if<Json>(&operand)) return Value{literal};
    const auto& path = *std::get<std::shared_ptr<const Program>>(operand);
    const Json& start = path.is_from_item ? item_ : document_;
    if (path.is_pointer) return Value{follow(path, start)};
    auto value = evaluate(path, {document_, start, budget_});
    if (value) return Value{*std::move(value)};
    if (value.error().code != "PathNotFound") return std::nullopt;
    return Value{};
  }

  Verdict decide(Operator op, const Json* left, const Json* right) {
    switch (op) {
      case Operator::Equal: return verdict(are_equal(left, right));
      case Operator::NotEqual: return verdict(!are_equal(left, right));
      case Operator::Less: return verdict(compare(left, right).value_or(0) < 0);
      case Operator::LessOrEqual: return verdict(compare(left, right).value_or(1) <= 0);
      case Operator::Greater: return verdict(compare(left, right).value_or(0) > 0);
      case Operator::GreaterOrEqual: return verdict(compare(left, right).value_or(-1) >= 0);
      case Operator::In: return is_in(left, right);
      case Operator::NotIn: return opposite(is_in(left, right));
      case Operator::SubsetOf:
      case Operator::AnyOf:
      case Operator::NoneOf:
      case Operator::All: return compare_lists(op, left, right);
      case Operator::Contains: return contains(left, right);
      case Operator::Size: return has_size(left, right);
      case Operator::Empty: return is_empty(left, right);
      case Operator::Matches: return Verdict::Refused;
    }
    return Verdict::Refused;
  }

  // Lists can be long on both sides: each comparison is paid for.
  bool is_among(const Json& value, const Json::array_t& list) {
    for (const Json& item : list) {
      if (!budget_.visit()) return false;
      if (item == value) return true;
    }
    return false;
  }

  Verdict is_in(const Json* left, const Json* right) {
    if (right != nullptr && right->is_object()) return Verdict::No;
    const auto* list = list_of(right);
    if (list == nullptr) return Verdict::Refused;
    return verdict(left != nullptr && is_among(*left, *list));
  }

  Verdict compare_lists(Operator op, const Json* left, const Json* right) {
    const auto* have = list_of(left);
    const auto* want = list_of(right);
    if (have == nullptr || want == nullptr) {
      const bool is_object =
          (left != nullptr && left->is_object()) || (right != nullptr && right->is_object());
      return is_object || op == Operator::All ? Verdict::No : Verdict::Refused;
    }
    const auto& outer = op == Operator::All ? *want : *have;
    const auto& inner = op == Operator::All ? *have : *want;
    const auto shared = std::count_if(outer.begin(), outer.end(),
                                      [&](const Json& value) { return is_among(value, inner); });
    if (op == Operator::NoneOf) return verdict(shared == 0);
    if (op == Operator::AnyOf) return verdict(shared > 0);
    return verdict(static_cast<std::size_t>(shared) == outer.size());
  }

  Verdict contains(const Json* left, const Json* right) {
    if (left == nullptr || right == nullptr) return Verdict::No;
    if (left->is_string() && right->is_string()) {
      return verdict(as_string(left)->find(*as_string(right)) != std::string::npos);
    }
    const auto* list = list_of(left);
    return verdict(list != nullptr && is_among(*right, *list));
  }

  static Verdict has_size(const Json* left, const Json* right) {
    if (left == nullptr || right == nullptr || !right->is_number()) return Verdict::No;
    const auto wanted = right->get<double>();
    if (const auto* text = as_string(left)) {
      return verdict(static_cast<double>(utf16_length(*text)) == wanted);
    }
    const auto* list = list_of(left);
    return verdict(list != nullptr && static_cast<double>(list->size()) == wanted);
  }

  static Verdict is_empty(const Json* left, const Json* right) {
    if (left == nullptr || (!left->is_string() && !left->is_structured())) return Verdict::No;
    if (right == nullptr || !right->is_boolean()) return Verdict::Refused;
    const bool is_empty = left->is_string() ? as_string(left)->empty() : left->empty();
    return verdict(is_empty == right->get<bool>());
  }

  Verdict match(const Operand& left, const Operand& right) {
    const auto* pattern = std::get_if<Regex>(&right);
    const Operand* subject = &left;
    if (pattern == nullptr) {
      pattern = std::get_if<Regex>(&left);
      subject = &right;
    }
    if (pattern == nullptr || std::holds_alternative<Regex>(*subject)) return Verdict::No;
    const auto value = value_of(*subject);
    if (!value) return Verdict::Refused;
    const auto* list = list_of(value->get());
    if (list == nullptr) return verdict(matches(*pattern, value->get()));
    return verdict(std::any_of(list->begin(), list->end(),
                               [&](const Json& item) { return matches(*pattern, &item); }));
  }

  bool matches(const Regex& pattern, const Json* value) {
    if (!budget_.visit()) return false;
    const bool is_scalar = value != nullptr && (value->is_number() || value->is_boolean());
    const std::string* text = as_string(value);
    const std::string shown = is_scalar ? dump_json(*value) : std::string{};
    const auto found = pattern.matches(text != nullptr ? *text : shown);
    if (found == Regex::Match::TooCostly) budget_.spend_all();
    return found == Regex::Match::Yes;
  }

  const Json& item_;
  const Json& document_;
  Budget& budget_;
};

}  // namespace

bool accepts(const Filter& filter, const Json& item, const Json& document, Budget& budget) {
  return Judge{item, document, budget}.judge(filter) == Verdict::Yes;
}

}  // namespace presso::jsonpath
