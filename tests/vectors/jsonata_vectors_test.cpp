// tests/vectors/jsonata/*.json: a document and what each expression gives from it, as the reference
// implementation does.
//   {"expr": "order.id", "value": "o-1"}
//   {"expr": "missing", "nothing": true}
//   {"expr": "1+", "error": "S0207", "message": …, "token": …, "position": …}
#include <doctest/doctest.h>

#include <string>

#include "base/json.h"
#include "lang/jsonata/json_text.h"
#include "lang/jsonata/jsonata.h"
#include "tests/vectors/vector_files.h"

namespace presso {

namespace {

jsonata::Answer answer_of(const std::string& text, const Json& document) {
  const auto compiled = jsonata::Expression::compile(text);
  if (const auto* error = std::get_if<jsonata::QueryError>(&compiled)) {
    return jsonata::Answer::of_error(*error);
  }
  const jsonata::Call call{.input = &document};
  return jsonata::evaluate(*std::get_if<jsonata::Expression>(&compiled), call);
}

void check_error(const Json& test, const jsonata::QueryError& error) {
  CHECK(error.code == *as_string(find_member(test, "error")));
  CHECK(error.message == *as_string(find_member(test, "message")));
  const Json* token = find_member(test, "token");
  CHECK(jsonata::json_text(error.token) == jsonata::json_text(token == nullptr ? Json() : *token));
  const Json* position = find_member(test, "position");
  CHECK((error.position ? Json(*error.position) : Json()) ==
        (position == nullptr ? Json() : *position));
}

void check_case(const Json& test, const Json& document) {
  using Kind = jsonata::Answer::Kind;
  const std::string& text = *as_string(find_member(test, "expr"));
  CAPTURE(text);
  const jsonata::Answer answer = answer_of(text, document);
  if (find_member(test, "error") != nullptr) {
    REQUIRE(answer.kind() == Kind::Error);
    check_error(test, answer.error());
  } else if (find_member(test, "nothing") != nullptr) {
    CHECK((answer.kind() == Kind::Nothing || answer.kind() == Kind::Function));
  } else {
    REQUIRE_MESSAGE(answer.kind() == Kind::Value,
                    (answer.kind() == Kind::Error ? answer.error().message : "nothing"));
    CHECK(answer.value() == *find_member(test, "value"));
  }
}

}  // namespace

TEST_CASE("each expression of the vectors gives what its vector says") {
  const std::size_t count = for_each_vector("jsonata", [](const Json& test, const Json& file) {
    check_case(test, *find_member(file, "document"));
  });
  CHECK(count > 300);
}

}  // namespace presso
