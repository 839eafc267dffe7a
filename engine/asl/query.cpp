#include "engine/asl/query.h"

#include <algorithm>
#include <utility>

namespace presso::asl {
namespace {

constexpr std::string_view kOpening = "{%";
constexpr std::string_view kClosing = "%}";

bool has_both(std::string_view text) {
  return text.size() >= kOpening.size() + kClosing.size() && text.starts_with(kOpening) &&
         text.ends_with(kClosing);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

class Compiler {
 public:
  Compiler(const QueryPlace& where, std::vector<Diagnostic>& diagnostics)
      : where_(where), diagnostics_(diagnostics) {}

  Query compile(const Json& value, const Place& place) {
    if (value.is_object()) return compile_object(value, place);
    if (value.is_array()) return compile_array(value, place);
    const auto* text = as_string(&value);
    if (text == nullptr) return Query{value};
    if (has_both(*text)) return compile_expression(*text, place);
    if (text->starts_with(kOpening) || text->ends_with(kClosing)) {
      report_fault(diagnostics_, place,
                   "A JSONata expression must start with '{%' and end with '%}'");
    }
    return Query{value};
  }

 private:
  Query compile_object(const Json& value, const Place& place) {
    Query::Members members;
    bool is_literal = true;
    for (const auto& [name, member] : value.items()) {
      members.names.push_back(name);
      members.values.push_back(compile(member, Place{place, name}));
      is_literal = is_literal && members.values.back().literal() != nullptr;
    }
    if (is_literal) return Query{value};
    return Query{std::move(members)};
  }

  Query compile_array(const Json& value, const Place& place) {
    Query::Elements elements;
    bool is_literal = true;
    for (std::size_t i = 0; i < value.size(); ++i) {
      elements.push_back(compile(value[i], Place{place, i}));
      is_literal = is_literal && elements.back().literal() != nullptr;
    }
    if (is_literal) return Query{value};
    return Query{std::move(elements)};
  }

  Query compile_expression(std::string_view text, const Place& place) {
    text.remove_prefix(kOpening.size());
    text.remove_suffix(kClosing.size());
    auto compiled = jsonata::Expression::compile(trimmed(text), jsonata::Dialect::StepFunctions);
    std::string field = place.text().substr(where_.state_length + 1);
    if (const auto* error = std::get_if<jsonata::QueryError>(&compiled)) {
      report_fault(diagnostics_, place,
                   "The value for the field '" + field + "' must be a valid JSONata expression. " +
                       error->code + ": " + error->message);
      return Query{};
    }
    auto& expression = std::get<jsonata::Expression>(compiled);
    check_states(expression.references(), place);
    return Query{Query::Computed{std::move(expression), std::move(field)}};
  }

  void check_states(const jsonata::References& references, const Place& place) {
    const auto check = [&](std::string_view member, bool is_there) {
      const auto& read = references.states_members;
      if (is_there || std::find(read.begin(), read.end(), member) == read.end()) return;
      report_fault(diagnostics_, place,
                   "The variable '$states." + std::string{member} + "' is not available here");
    };
    check("result", where_.members.has_result);
    check("errorOutput", where_.members.has_error_output);
  }

  const QueryPlace& where_;
  std::vector<Diagnostic>& diagnostics_;
};

}  // namespace

Query compile_query(const Json& value, const QueryPlace& where,
                    std::vector<Diagnostic>& diagnostics) {
  return Compiler{where, diagnostics}.compile(value, where.place);
}

bool is_query_text(const Json& value) {
  const auto* text = as_string(&value);
  return text != nullptr && has_both(*text);
}

void append_variables(const Query& query, std::vector<std::string>& names) {
  if (const auto* computed = std::get_if<Query::Computed>(&query.form)) {
    for (const auto& name : computed->expression.references().variables) {
      if (name != "states") names.push_back(name);
    }
  } else if (const auto* members = std::get_if<Query::Members>(&query.form)) {
    for (const auto& value : members->values) append_variables(value, names);
  } else if (const auto* elements = std::get_if<Query::Elements>(&query.form)) {
    for (const auto& element : *elements) append_variables(element, names);
  }
}

}  // namespace presso::asl
