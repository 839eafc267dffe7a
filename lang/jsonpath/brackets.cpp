// Naive: count brackets. Beyond it: quoted text and regular expressions may hold any of them.
#include <string>

#include "lang/jsonpath/compiler.h"

namespace presso::jsonpath {

namespace {

bool is_opening(char character) { return character == '(' || character == '[' || character == '{'; }

char partner_of(char opening) {
  if (opening == '(') return ')';
  return opening == '[' ? ']' : '}';
}

// The position of the character that ends the text quoted from `open`, or npos.
std::size_t closing_quote(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[open]) {
      return i;
    }
  }
  return std::string_view::npos;
}

// A slash begins a regular expression after `=~`, and where an operand is expected: `/a/ =~ @.x`.
bool begins_regex(std::string_view text, std::size_t slash) {
  const std::size_t before = text.find_last_not_of(' ', slash == 0 ? 0 : slash - 1);
  return before != std::string_view::npos &&
         std::string_view{"~(&|!"}.find(text[before]) != std::string_view::npos;
}

}  // namespace

std::size_t closing_bracket(std::string_view text, std::size_t open) {
  std::string awaited{partner_of(text[open])};
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    const char character = text[i];
    if (character == '\'' || character == '"' || (character == '/' && begins_regex(text, i))) {
      i = closing_quote(text, i);
      if (i == std::string_view::npos) return i;
    } else if (is_opening(character)) {
      awaited += partner_of(character);
    } else if (character == awaited.back()) {
      awaited.pop_back();
      if (awaited.empty()) return i;
    }
  }
  return std::string_view::npos;
}

std::size_t path_end(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == ',' || text[i] == ')') return i;
    if (text[i] != '[' && text[i] != '(') continue;
    i = closing_bracket(text, i);
    if (i == std::string_view::npos) break;
  }
  return text.size();
}

}  // namespace presso::jsonpath
