// Recursive descent; the number of calls in one field, which is limited, bounds the recursion.
#include <utility>

#include "lang/intrinsics/expression.h"
#include "lang/intrinsics/limits.h"
#include "lang/jsonpath/compiler.h"

namespace presso::intrinsics {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) { expression_.text = text; }

  Result<Expression> parse() {
    auto call = read_call();
    if (!call) return call.error();
    skip_blanks();
    if (position_ != text_.size()) return unexpected();
    expression_.call = *std::move(call);
    return std::move(expression_);
  }

 private:
  static Error invalid(std::string message) {
    return Error{"InvalidIntrinsic", std::move(message)};
  }
  [[nodiscard]] Error unexpected() const {
    if (position_ == text_.size()) {
      return invalid("Unexpected end of the intrinsic function call");
    }
    return invalid("Unexpected character at position " + std::to_string(position_) +
                   " of the intrinsic function call");
  }

  void skip_blanks() {
    position_ = std::min(text_.find_first_not_of(kBlanks, position_), text_.size());
  }
  [[nodiscard]] bool at(char character) const {
    return position_ < text_.size() && text_[position_] == character;
  }
  [[nodiscard]] bool take(char character) {
    skip_blanks();
    if (!at(character)) return false;
    ++position_;
    return true;
  }

  // call := "States." name "(" [ argument { "," argument } ] ")"
  Result<Invocation> read_call() {
    if (++calls_ > kMaxCalls) {
      return invalid("A field must not have more than " + std::to_string(kMaxCalls) +
                     " intrinsic function calls");
    }
    const std::size_t open = text_.find('(', position_);
    if (open == std::string_view::npos) return invalid("Missing '(' after the function's name");
    const std::string_view name = text_.substr(position_, open - position_);
    Invocation call{function_named(name), {}};
    if (call.function == nullptr) {
      return invalid("The intrinsic function '" + std::string{name} + "' does not exist");
    }
    position_ = open + 1;
    skip_blanks();
    if (!at(')')) {
      do {
        auto argument = read_argument();
        if (!argument) return argument.error();
        call.arguments.push_back(*std::move(argument));
      } while (take(','));
    }
    if (!take(')')) return unexpected();
    const std::size_t count = call.arguments.size();
    if (count < call.function->least || count > call.function->most) {
      return invalid("Invalid number of arguments for " + std::string{name});
    }
    return call;
  }

  // argument := path | call | text | number | "true" | "false" | "null"
  Result<Argument> read_argument() {
    skip_blanks();
    if (at('$')) return read_path();
    if (at('\'')) return read_text();
    if (text_.substr(position_).starts_with("States.")) {
      auto call = read_call();
      if (!call) return call.error();
      return Argument{std::make_shared<const Invocation>(*std::move(call))};
    }
    return read_literal();
  }

  Result<Argument> read_path() {
    const std::size_t end = jsonpath::path_end(text_, position_);
    std::string_view text = text_.substr(position_, end - position_);
    text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
    auto path = jsonpath::Path::compile(text);
    if (!path) return invalid("Invalid path '" + std::string{text} + "' : " + path.error().message);
    position_ = end;
    expression_.paths.push_back(*path);
    return Argument{*std::move(path)};
  }

  Result<Argument> read_text() {
    const std::size_t begin = ++position_;
    while (position_ < text_.size() && !at('\'')) position_ += at('\\') ? 2 : 1;
    if (position_ >= text_.size()) {
      position_ = text_.size();
      return invalid("Quoted text without a closing quote");
    }
    return Argument{Text{std::string{text_.substr(begin, position_++ - begin)}}};
  }

  Result<Argument> read_literal() {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n,)", position_), text_.size());
    auto value = parse_json(text_.substr(position_, end - position_));
    const bool is_literal = value && !value->is_string() && !value->is_structured();
    if (!is_literal) return unexpected();
    position_ = end;
    return Argument{*std::move(value)};
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t calls_ = 0;
  Expression expression_;
};

}  // namespace

Result<Expression> parse(std::string_view text) { return Parser{text}.parse(); }

}  // namespace presso::intrinsics
