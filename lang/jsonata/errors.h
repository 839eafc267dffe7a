// Thrown: how an error leaves the parser or the evaluator on its way to the one place that catches
// it. Its texts are the reference implementation's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "lang/jsonata/jsonata.h"

namespace presso::jsonata {

struct Thrown {
  std::string code;
  std::string token = {};
  bool is_token_literal = false;             // the token is a number, true or false, not text
  std::optional<std::size_t> position = {};  // a byte of the expression's text
  std::optional<Json> value = {};            // fills {{value}}
  std::optional<Json> value2 = {};
  std::size_t index = 0;           // {{index}}: which argument, from one
  std::string type = {};           // {{type}}
  std::string function_name = {};  // {{functionName}}
  std::string message = {};        // complete when it is no template's: $error, $assert, limits
};

[[nodiscard]] Thrown failure(std::string_view code);
[[nodiscard]] Thrown failure_at(std::string_view code, std::size_t position,
                                std::string_view token = {});
[[nodiscard]] Thrown out_of_range();                     // "D1001": infinity, which no JSON holds
[[nodiscard]] Thrown over_limit(std::string_view what);  // "U1001"

// The error as the world sees it; `text` is the expression, in which the position is counted.
[[nodiscard]] QueryError to_query_error(const Thrown&, std::string_view text);
[[nodiscard]] std::string message_of(const Thrown&);

}  // namespace presso::jsonata
