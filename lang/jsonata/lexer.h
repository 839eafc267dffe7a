// Text to tokens, one at a time: whether `/` divides or opens a regular expression depends on what
// the parser expects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lang/jsonata/jsonata.h"

namespace presso::jsonata {

struct Token {
  enum class Type : std::uint8_t { End, Operator, Name, Variable, Text, Number, Literal, Regex };

  Type type = Type::End;
  std::string text;   // operator, name, text; a regular expression's pattern; of a number too
  std::string flags;  // of a regular expression
  double number = 0;  // of a Literal: 0 is false, 1 is true, 2 is null
  std::size_t position = 0;  // a byte behind the token
};

class Lexer {
 public:
  Lexer(std::string_view text, Dialect dialect) : text_{text}, dialect_{dialect} {}

  // Throws Thrown. `is_infix`: an operator may come next, so that `/` is one.
  [[nodiscard]] Token next(bool is_infix);

 private:
  [[nodiscard]] char at(std::size_t place) const {
    return place < text_.size() ? text_[place] : '\0';
  }
  void skip_blanks();
  [[nodiscard]] Token token(Token::Type type, std::string text) const;
  [[nodiscard]] bool take_operator(Token& token);
  [[nodiscard]] Token take_text();
  void take_escape(std::string& text);
  [[nodiscard]] bool take_number(Token& token);
  [[nodiscard]] Token take_quoted_name();
  [[nodiscard]] Token take_name();
  [[nodiscard]] Token take_regex();
  [[nodiscard]] bool closes_regex(std::size_t place) const;

  std::string_view text_;
  Dialect dialect_;
  std::size_t at_ = 0;
};

}  // namespace presso::jsonata
