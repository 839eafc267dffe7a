// The tokens of an event pattern, with the place in the text that each was read up to.
//
// Patterns are JSON, but parse_json does not do here: AWS's refusals end with the line and column
// at which Jackson's streaming parser stood, and name its tokens. So this lexer stands where
// Jackson stands: a text value is only begun when its token is given and read when it is asked for,
// and the token after a field's name is begun together with the name. Columns count UTF-16 units.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace presso::bus {

class PatternLexer {
 public:
  enum class Token {
    EndOfInput,
    StartObject,
    EndObject,
    StartArray,
    EndArray,
    FieldName,
    String,
    Number,
    True,
    False,
    Null
  };

  explicit PatternLexer(std::string_view text);

  // Fails where the text is no JSON; what follows the end of the first value is not looked at.
  [[nodiscard]] Result<Token> next();
  [[nodiscard]] Token current() const { return current_; }
  // Of a field's name, a string, a number as it is written; the brackets themselves.
  [[nodiscard]] Result<std::string> text();
  [[nodiscard]] const std::string& name() const { return name_; }

  // `message`, and where the lexer stands.
  [[nodiscard]] Error error(std::string_view message) const;

 private:
  struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
  };
  struct Scope {
    bool is_array = false;
    bool has_entries = false;
    Place start;
  };

  [[nodiscard]] Place place_at(std::size_t position) const;
  [[nodiscard]] std::string source_at(Place) const;
  [[nodiscard]] Error error_at(std::string_view message, std::size_t position) const;
  [[nodiscard]] Error unexpected(char16_t character, std::string_view comment) const;
  [[nodiscard]] Error unexpected_end(std::string_view comment) const;
  [[nodiscard]] Error invalid_token(std::string token);
  [[nodiscard]] std::string scope_name() const;

  Result<bool> skip_space();  // false at the end of the input
  Result<Token> close_scope(char16_t bracket);
  Result<Token> open_scope(Token);
  Result<void> skip_comma();
  Result<void> skip_colon();
  Result<std::string> read_string(bool is_name);
  Result<char16_t> read_escape();
  Result<Token> begin_value();
  Result<Token> odd_value(char16_t character);
  Result<Token> match_literal(std::string_view literal, Token);
  Result<Token> read_number();
  Result<void> read_fraction_and_exponent();

  std::u16string text_;
  std::size_t position_ = 0;
  std::size_t row_start_ = 0;
  std::size_t row_ = 1;
  std::vector<Scope> scopes_;
  Token current_ = Token::EndOfInput;
  Token pending_ = Token::EndOfInput;  // the value begun together with its name
  bool string_begun_ = false;
  Place token_start_;
  std::string name_;
  std::string value_;
};

}  // namespace presso::bus
