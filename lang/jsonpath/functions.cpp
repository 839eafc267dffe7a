#include "lang/jsonpath/functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "lang/jsonpath/evaluate.h"

namespace presso::jsonpath {

namespace {

Error not_computed(std::string message) { return Error{"InvalidPath", std::move(message)}; }

struct Input {
  const Json& value;
  std::vector<Json> arguments;
  bool is_gathered = false;  // the first argument is what an indefinite path found
  Budget& budget;
};

std::size_t children_of(const Json& value) { return value.is_structured() ? value.size() : 0; }

// AWS: `length` of a text is null.
Result<Json> length(Input& input) {
  if (input.arguments.empty()) {
    return input.value.is_structured() ? Json(input.value.size()) : Json();
  }
  const Json& argument = input.arguments.front();
  if (!input.is_gathered) return Json(children_of(argument));
  std::size_t count = 0;
  for (const Json& found : argument) count += children_of(found);
  return Json(count);
}

Result<Json> keys(Input& input) {
  const auto* members = input.value.get_ptr<const Json::object_t*>();
  if (members == nullptr) return Json();
  Json names = Json::array();
  for (const auto& member : *members) names.push_back(member.first);
  return names;
}

// The numbers of an array and of the arguments, which may be arrays themselves.
Result<std::vector<double>> numbers_of(const Input& input) {
  std::vector<double> numbers;
  const auto take = [&](const Json& value) {
    if (value.is_number()) numbers.push_back(value.get<double>());
  };
  const auto take_items = [&](const Json& value) {
    if (value.is_array()) std::for_each(value.begin(), value.end(), take);
  };
  take_items(input.value);
  for (const Json& argument : input.arguments) {
    take(argument);
    take_items(argument);
  }
  if (numbers.empty()) {
    return not_computed("Aggregation function attempted to calculate value using empty array");
  }
  return numbers;
}

double sum_of(const std::vector<double>& numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number;
  return sum;
}

double min_of(const std::vector<double>& numbers) {
  return *std::min_element(numbers.begin(), numbers.end());
}
double max_of(const std::vector<double>& numbers) {
  return *std::max_element(numbers.begin(), numbers.end());
}
double average_of(const std::vector<double>& numbers) {
  return sum_of(numbers) / static_cast<double>(numbers.size());
}
double deviation_of(const std::vector<double>& numbers) {
  double squares = 0;
  for (const double number : numbers) squares += number * number;
  const auto count = static_cast<double>(numbers.size());
  const double sum = sum_of(numbers);
  return std::sqrt(squares / count - sum * sum / count / count);
}

template <double aggregated(const std::vector<double>&)>
Result<Json> aggregate(Input& input) {
  const auto numbers = numbers_of(input);
  if (!numbers) return numbers.error();
  const double value = aggregated(*numbers);
  // Rounding may take the square of a deviation below zero; JSON has no NaN.
  return Json(std::isfinite(value) ? value : 0.0);
}

// The texts of an array and of the arguments; other values only within array arguments, as JSON.
Result<Json> concat(Input& input) {
  std::string text;
  if (input.value.is_array()) {
    for (const Json& item : input.value) {
      if (const auto* piece = as_string(&item)) text += *piece;
    }
  }
  for (const Json& argument : input.arguments) {
    if (const auto* piece = as_string(&argument)) text += *piece;
    if (!argument.is_array()) continue;
    for (const Json& item : argument) {
      const auto* piece = as_string(&item);
      if (!item.is_null()) text += piece != nullptr ? *piece : dump_json(item);
    }
  }
  return Json(std::move(text));
}

Result<Json> append(Input& input) {
  if (!input.budget.copy(input.value)) return not_computed("");
  Json list = input.value;
  if (!list.is_array()) return list;
  for (Json& argument : input.arguments) list.push_back(std::move(argument));
  return list;
}

struct Row {
  std::string_view name;
  Result<Json> (*run)(Input&);
};
constexpr std::array<Row, 10> kFunctions{{{"length", length},
                                          {"size", length},
                                          {"min", aggregate<min_of>},
                                          {"max", aggregate<max_of>},
                                          {"avg", aggregate<average_of>},
                                          {"sum", aggregate<sum_of>},
                                          {"stddev", aggregate<deviation_of>},
                                          {"keys", keys},
                                          {"concat", concat},
                                          {"append", append}}};

}  // namespace

Result<Json> apply(const Function& function, const Json& value, const Json& document,
                   Budget& budget) {
  const auto* const row =
      std::find_if(kFunctions.begin(), kFunctions.end(),
                   [&](const Row& candidate) { return candidate.name == function.name; });
  if (row == kFunctions.end()) {
    return not_computed("Function with name: " + function.name + " does not exist.");
  }
  Input input{value, {}, false, budget};
  for (const Function::Argument& argument : function.arguments) {
    if (const auto* literal = std::get_if<Json>(&argument)) {
      if (!budget.copy(*literal)) return not_computed("");
      input.arguments.push_back(*literal);
      continue;
    }
    const Program& path = *std::get<std::shared_ptr<const Program>>(argument);
    if (input.arguments.empty()) input.is_gathered = !path.is_definite;
    auto found = evaluate(path, {document, document, budget});
    if (!found) return found.error();
    input.arguments.push_back(*std::move(found));
  }
  return row->run(input);
}

}  // namespace presso::jsonpath
