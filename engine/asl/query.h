// What a field of a JSONata state holds, compiled once: JSON in which every text `{% … %}`, at any
// depth but in names, is an expression. Everything else is literal.
// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
//
// Evaluating it is run's business (dataflow.h): a query is a plain tree to walk.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "engine/asl/place.h"
#include "lang/jsonata/jsonata.h"

namespace presso::asl {

struct Query {
  struct Computed {
    jsonata::Expression expression;
    std::string field;  // "Output/a[0]", "Choices[1]/Condition": where in its state it stands
  };
  struct Members {
    std::vector<std::string> names;
    std::vector<Query> values;
  };
  using Elements = std::vector<Query>;

  // Members and Elements are what holds something computed; a part without is one literal.
  std::variant<Json, Computed, Members, Elements> form;

  [[nodiscard]] const Json* literal() const { return std::get_if<Json>(&form); }
};

// What `$states` holds beside `input` and `context`.
struct StatesMembers {
  bool has_result = false;        // when a Task, Map or Parallel has succeeded
  bool has_error_output = false;  // in a Catcher
};

// Where a query is compiled: `place` in the definition, of which the first `state_length`
// characters are the state's own.
struct QueryPlace {
  const Place& place;
  std::size_t state_length = 0;
  StatesMembers members = {};
};

// A text with only one of the delimiters, a faulty expression and a member of `$states` that is not
// there are appended to `diagnostics`; the query is then of no use. Recursion is bounded by the
// depth of the JSON text.
[[nodiscard]] Query compile_query(const Json&, const QueryPlace&, std::vector<Diagnostic>&);

// Begins with `{%` and ends with `%}`.
[[nodiscard]] bool is_query_text(const Json&);

// The variables that are read: free ones, without `$states`; in order of first use, repeated.
void append_variables(const Query&, std::vector<std::string>& names);

}  // namespace presso::asl
