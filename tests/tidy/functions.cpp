// How long each function is. Naively, a function is what stands between two braces that are no
// namespace and no type; this walks the braces of a file and tells them apart by the text in front
// of them, its head: what came since the last ';', or the end of the last scope or function.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/rules.h"

namespace presso::tidy {

namespace {

constexpr std::size_t kMaxFunctionLines = 70;

// Scope: namespace or type, looked into. Function: measured. Value: an initialiser, or anything
// inside a function; skipped as part of what holds it.
enum class Brace { Scope, Function, Value };

// The head without what is inside (), [] and <>: "template<> Result<> f()".
std::string outline(const std::string& head) {
  std::string text;
  int depth = 0;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const char character = head[i];
    const bool is_operator = text.ends_with("operator");
    const bool is_arrow = character == '>' && i > 0 && head[i - 1] == '-';
    const bool opens = character == '(' || character == '[' || (character == '<' && !is_operator);
    const bool closes = character == ')' || character == ']' || (character == '>' && !is_arrow);
    if (closes && depth > 0) --depth;
    if (depth == 0) text += character;
    if (opens) ++depth;
  }
  return text;
}

// f(…) : member_{…}, and not the body that follows.
bool is_member_initializer(const std::string& text) {
  const std::size_t end = text.find_last_not_of(' ');
  const bool follows_name = is_word(text[end]) || text[end] == '>';
  const std::size_t colon = text.find(" : ");
  return follows_name && colon != std::string::npos && text.rfind(')', colon) != std::string::npos;
}

Brace classify(const std::string& head) {
  constexpr std::array<std::string_view, 6> kScopes = {"namespace", "class", "struct",
                                                       "union",     "enum",  "extern"};
  const std::string text = outline(head);
  if (text.find_first_not_of(' ') == std::string::npos) return Brace::Value;
  const bool has_parameters = text.find('(') != std::string::npos;
  if (!has_parameters && std::ranges::any_of(kScopes, [&](std::string_view keyword) {
        return find_token(text, keyword) != std::string::npos;
      })) {
    return Brace::Scope;
  }
  if (!has_parameters || text[text.find_last_not_of(' ')] == '=') return Brace::Value;
  return is_member_initializer(text) ? Brace::Value : Brace::Function;
}

class Walker {
 public:
  explicit Walker(const Source& source) : source_{source} {}

  Violations run() && {
    bool continues = false;  // a preprocessor line that ends in a backslash
    for (line_ = 0; line_ < source_.code.size(); ++line_) {
      const std::string& line = source_.code[line_];
      const bool is_directive = continues || line.starts_with('#');
      continues = is_directive && line.ends_with('\\');
      if (is_directive) continue;
      for (const char character : line) visit(character);
      if (!head_.empty()) head_ += ' ';
    }
    return std::move(violations_);
  }

 private:
  struct Open {
    Brace brace;
    std::size_t first_line;
  };

  void visit(char character) {
    if (character == '{') return open();
    if (character == '}') return close();
    if (is_inside()) return;
    if (character == '(') ++parentheses_;
    if (character == ')' && parentheses_ > 0) --parentheses_;
    if (character == ';' && parentheses_ == 0) return head_.clear();
    if (head_.empty() && character == ' ') return;
    if (head_.empty()) head_line_ = line_;
    head_ += character;
    constexpr std::array<std::string_view, 3> kLabels = {"public:", "private:", "protected:"};
    if (std::ranges::find(kLabels, head_) != kLabels.end()) head_.clear();
  }

  [[nodiscard]] bool is_inside() const {
    return !open_.empty() && open_.back().brace != Brace::Scope;
  }

  void open() {
    const bool is_value = is_inside() || parentheses_ > 0;
    const Brace brace = is_value ? Brace::Value : classify(head_);
    open_.push_back({brace, head_.empty() ? line_ : head_line_});
    if (brace == Brace::Scope) head_.clear();
  }

  void close() {
    if (open_.empty()) return;
    const Open closed = open_.back();
    open_.pop_back();
    if (closed.brace == Brace::Function) {
      const std::size_t size = line_ - closed.first_line + 1;
      if (size > kMaxFunctionLines) {
        violations_.push_back({source_.path, closed.first_line + 1,
                               "a function of " + std::to_string(size) + " lines, at most 70"});
      }
    }
    if (closed.brace != Brace::Value) head_.clear();
    if (closed.brace == Brace::Value && !is_inside()) head_ += "{}";
  }

  const Source& source_;
  std::vector<Open> open_;
  std::string head_;
  std::size_t head_line_ = 0;
  std::size_t line_ = 0;
  int parentheses_ = 0;
  Violations violations_;
};

}  // namespace

Violations check_function_length(const Source& source) { return Walker{source}.run(); }

}  // namespace presso::tidy
