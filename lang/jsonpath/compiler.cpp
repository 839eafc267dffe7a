// One pass over the text, step by step. What is refused, and in which words, is Jayway's
// PathCompiler: the service refuses a definition with the same paths.
#include "lang/jsonpath/compiler.h"

#include <charconv>
#include <optional>
#include <utility>

#include "lang/jsonpath/limits.h"

namespace presso::jsonpath {

namespace {

Error invalid(std::string message) { return Error{"InvalidPath", std::move(message)}; }

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_name_start(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         character == '_' || static_cast<unsigned char>(character) >= 0x80;
}

std::optional<std::int32_t> to_int(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// AWS: within brackets only the quote itself can be escaped; `['a\"b']` names the member `a\"b`,
// with its backslash.
std::string unescaped(std::string_view raw, char quote) {
  std::string name;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\\' && i + 1 < raw.size() && raw[i + 1] == quote) ++i;
    name += raw[i];
  }
  return name;
}

class Compiler {
 public:
  Compiler(std::string_view text, std::size_t nesting) : text_(text), nesting_(nesting) {}

  Result<std::shared_ptr<const Program>> compile_top() {
    program_.text = text_;
    text_ = text_.substr(0, text_.find_last_not_of(' ') + 1);
    if (text_.empty() || text_[0] != '$') return invalid("Path must start with '$'");
    position_ = 1;
    if (at('$')) {
      program_.root = Path::Root::Context;
      ++position_;
    } else if (position_ < text_.size() && is_name_start(text_[position_])) {
      program_.root = Path::Root::Variable;
      read_variable();
    }
    return compile_steps();
  }

  Result<std::shared_ptr<const Program>> compile_within() {
    program_.text = text_;
    text_ = trimmed(text_);
    const bool starts_well = text_.starts_with('$') || text_.starts_with('@');
    if (!starts_well) return invalid("Path must start with '$' or '@'");
    program_.is_from_item = text_[0] == '@';
    position_ = 1;
    return compile_steps();
  }

 private:
  [[nodiscard]] bool at(char character) const {
    return position_ < text_.size() && text_[position_] == character;
  }
  // The first character from `from` on that is no blank; 0 at the end.
  [[nodiscard]] char significant(std::size_t from) const {
    const std::size_t found = text_.find_first_not_of(' ', from);
    return found == std::string_view::npos ? '\0' : text_[found];
  }

  void read_variable() {
    const std::size_t begin = position_;
    while (position_ < text_.size() &&
           (is_name_start(text_[position_]) || is_digit(text_[position_]))) {
      ++position_;
    }
    program_.variable = text_.substr(begin, position_ - begin);
  }

  // path := root { step }
  Result<std::shared_ptr<const Program>> compile_steps() {
    if (nesting_ > kMaxNesting) return invalid("Path is nested too deeply");
    if (text_.size() > 1 && text_.ends_with('.')) {
      return invalid("Path must not end with a '.' or '..'");
    }
    if (position_ < text_.size() && !at('.') && !at('[')) {
      return invalid("Illegal character at position " + std::to_string(position_) +
                     " expected '.' or '['");
    }
    while (position_ < text_.size()) {
      if (auto error = read_step()) return *std::move(error);
      if (program_.steps.size() > kMaxSteps) {
        return invalid("Path has more than " + std::to_string(kMaxSteps) + " steps");
      }
    }
    if (auto error = gather_scan()) return *std::move(error);
    classify();
    return std::make_shared<const Program>(std::move(program_));
  }

  // step := "." member | ".." member | ".." brackets | brackets | "." brackets
  std::optional<Error> read_step() {
    if (at('[')) return read_brackets();
    if (at('.')) {
      ++position_;
      if (at('.')) {
        program_.steps.emplace_back(Scan{});
        ++position_;
      }
      if (at('.')) {
        return invalid("Character '.' on position " + std::to_string(position_) + " is not valid.");
      }
      if (at('[')) return read_brackets();
    }
    return read_member();
  }

  // member := "*" | name | name "(" arguments ")"
  std::optional<Error> read_member() {
    if (at('*')) {
      program_.steps.emplace_back(Wildcard{});
      ++position_;
      return std::nullopt;
    }
    const std::size_t begin = position_;
    const std::size_t end = std::min(text_.find_first_of(" .[(", begin), text_.size());
    if (end == begin) {
      return invalid("Could not parse token starting at position " + std::to_string(begin));
    }
    if (end < text_.size() && text_[end] == ' ') {
      return invalid(
          "Use bracket notion ['my prop'] if your property contains blank characters. position: " +
          std::to_string(begin));
    }
    position_ = end;
    std::string name{text_.substr(begin, end - begin)};
    if (at('(')) return read_function(std::move(name));
    program_.steps.emplace_back(Names{{std::move(name)}, '\''});
    return std::nullopt;
  }

  // arguments := [ argument { "," argument } ]      argument := path | JSON
  std::optional<Error> read_function(std::string name) {
    const std::size_t close = closing_bracket(text_, position_);
    if (close == std::string_view::npos) {
      return invalid("Arguments to function: '" + name + "' are not closed properly.");
    }
    Function function{std::move(name), {}};
    std::size_t begin = position_ + 1;
    while (!trimmed(text_.substr(begin, close - begin)).empty()) {
      const std::size_t end = begin + argument_end(text_.substr(begin, close - begin));
      auto argument = read_argument(trimmed(text_.substr(begin, end - begin)));
      if (!argument) return argument.error();
      function.arguments.push_back(*std::move(argument));
      begin = std::min(end + 1, close);
    }
    program_.steps.emplace_back(std::move(function));
    position_ = close + 1;
    return std::nullopt;
  }

  static std::size_t argument_end(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == ',') return i;
      if (text[i] == '"') {
        for (++i; i < text.size() && text[i] != '"'; ++i) {
          if (text[i] == '\\') ++i;
        }
      } else if (text[i] == '(' || text[i] == '[' || text[i] == '{') {
        i = closing_bracket(text, i);
        if (i == std::string_view::npos) break;
      }
    }
    return text.size();
  }

  Result<Function::Argument> read_argument(std::string_view text) {
    if (text.starts_with('$') || text.starts_with('@')) {
      auto path = compile_nested(text, nesting_ + 1);
      if (!path) return path.error();
      if (program_.fault.empty()) program_.fault = (*path)->fault;
      return Function::Argument{*std::move(path)};
    }
    auto value = parse_json(text);
    if (!value) return invalid("Could not parse the argument of a function: " + std::string{text});
    return Function::Argument{*std::move(value)};
  }

  std::optional<Error> read_brackets() {
    const char first = significant(position_ + 1);
    if (first == '\'' || first == '"') return read_quoted_names(first);
    if (is_digit(first) || first == '-' || first == ':') return read_numbers();
    if (first == '*') return read_bracketed_wildcard();
    if (first == '?') return read_filter();
    return invalid("Could not parse token starting at position " + std::to_string(position_) +
                   ". Expected ?, ', 0-9, * ");
  }

  // "[" quoted { "," quoted } "]", all with the same quote
  std::optional<Error> read_quoted_names(char quote) {
    Names step{{}, quote};
    ++position_;
    while (true) {
      const std::size_t open = text_.find_first_not_of(' ', position_);
      if (open == std::string_view::npos || text_[open] != quote) {
        return invalid("Found empty property at index " +
                       std::to_string(std::min(open, text_.size())));
      }
      std::size_t close = open + 1;
      while (close < text_.size() && text_[close] != quote) close += text_[close] == '\\' ? 2 : 1;
      if (close >= text_.size()) {
        return invalid(std::string{"Property has not been closed - missing closing "} + quote);
      }
      step.names.push_back(unescaped(text_.substr(open + 1, close - open - 1), quote));
      position_ = std::min(text_.find_first_not_of(' ', close + 1), text_.size());
      if (at(']')) break;
      if (!at(',')) {
        return invalid(
            "Property must be separated by comma or Property must be terminated close square "
            "bracket at index " +
            std::to_string(close));
      }
      ++position_;
    }
    ++position_;
    program_.steps.emplace_back(std::move(step));
    return std::nullopt;
  }

  // "[" int { "," int } "]" | "[" [int] ":" [int] "]"
  std::optional<Error> read_numbers() {
    const std::size_t close = text_.find(']', position_);
    if (close == std::string_view::npos) {
      return invalid("Could not parse token starting at position " + std::to_string(position_) +
                     ". Expected ?, ', 0-9, * ");
    }
    const std::string_view inside = trimmed(text_.substr(position_ + 1, close - position_ - 1));
    position_ = close + 1;
    return inside.find(':') == std::string_view::npos ? read_indices(inside) : read_slice(inside);
  }

  std::optional<Error> read_indices(std::string_view inside) {
    Indices step;
    for (std::size_t begin = 0; begin <= inside.size();) {
      const std::size_t end = std::min(inside.find(',', begin), inside.size());
      const std::string_view token = trimmed(inside.substr(begin, end - begin));
      const auto index = to_int(token);
      if (!index) {
        return invalid("Failed to parse token in ArrayIndexOperation: " + std::string{token});
      }
      step.indices.push_back(*index);
      begin = end + 1;
    }
    program_.steps.emplace_back(std::move(step));
    return std::nullopt;
  }

  // AWS: a third number (the step of other dialects) is read over.
  std::optional<Error> read_slice(std::string_view inside) {
    const std::size_t colon = inside.find(':');
    const std::size_t second = std::min(inside.find(':', colon + 1), inside.size());
    const std::string_view from = inside.substr(0, colon);
    const std::string_view to = inside.substr(colon + 1, second - colon - 1);
    const Slice step{to_int(from), to_int(to)};
    const bool is_bad_from = !from.empty() && !step.from;
    const bool is_bad_to = !to.empty() && !step.to;
    const bool has_other = inside.find_first_not_of("0123456789-:") != std::string_view::npos;
    if (is_bad_from || is_bad_to || has_other || (!step.from && !step.to)) {
      return invalid("Failed to parse SliceOperation: " + std::string{inside});
    }
    program_.steps.emplace_back(step);
    return std::nullopt;
  }

  std::optional<Error> read_bracketed_wildcard() {
    const std::size_t star = text_.find('*', position_);
    const std::size_t close = text_.find_first_not_of(' ', star + 1);
    if (close == std::string_view::npos || text_[close] != ']') {
      return invalid("Expected wildcard token to end with ']' on position " +
                     std::to_string(star + 1));
    }
    position_ = close + 1;
    program_.steps.emplace_back(Wildcard{});
    return std::nullopt;
  }

  std::optional<Error> read_filter() {
    auto compiled = compile_filter(text_, position_, nesting_ + 1);
    if (!compiled) return compiled.error();
    position_ = compiled->end;
    if (program_.fault.empty()) program_.fault = compiled->fault;
    program_.steps.emplace_back(Where{std::move(compiled->filter)});
    return std::nullopt;
  }

  // `$..a.length()` is `$.length($..a)`: a function after a scan sees all that was found, as one.
  std::optional<Error> gather_scan() {
    auto& steps = program_.steps;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
      if (std::holds_alternative<Scan>(steps[i]) &&
          std::holds_alternative<Function>(steps[i + 1])) {
        return invalid("Could not parse token: '..' must not be followed by a function");
      }
    }
    if (steps.empty() || !std::holds_alternative<Scan>(steps.front())) return std::nullopt;
    if (!std::holds_alternative<Function>(steps.back())) return std::nullopt;
    Compiler inner{text_, nesting_ + 1};
    std::size_t count = 0;
    while (!std::holds_alternative<Function>(steps[count])) {
      inner.program_.steps.push_back(std::move(steps[count++]));
    }
    inner.classify();
    auto scanned = std::make_shared<const Program>(std::move(inner.program_));
    steps.erase(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(count));
    std::get<Function>(steps.front()).arguments = {Function::Argument{std::move(scanned)}};
    return std::nullopt;
  }

  [[nodiscard]] bool is_definite_at(std::size_t at) const {
    const Step& step = program_.steps[at];
    if (const auto* names = std::get_if<Names>(&step)) {
      return names->names.size() == 1 || at + 1 == program_.steps.size();
    }
    if (const auto* indices = std::get_if<Indices>(&step)) return indices->indices.size() == 1;
    return std::holds_alternative<Function>(step);
  }

  void classify() {
    for (std::size_t i = 0; i < program_.steps.size(); ++i) {
      const auto* names = std::get_if<Names>(&program_.steps[i]);
      const auto* indices = std::get_if<Indices>(&program_.steps[i]);
      const bool is_one_name = names != nullptr && names->names.size() == 1;
      const bool is_one_index = indices != nullptr && indices->indices.size() == 1;
      if (!is_one_name && !is_one_index) program_.is_pointer = false;
      if (is_one_index && indices->indices[0] < 0) program_.is_reference = false;
      if (!is_definite_at(i)) {
        program_.is_definite = false;
      } else if (program_.is_definite) {
        ++program_.definite_steps;
      }
    }
    program_.is_reference = program_.is_reference && program_.is_pointer;
  }

  std::string_view text_;
  std::size_t nesting_;
  std::size_t position_ = 0;
  Program program_;
};

}  // namespace

Result<std::shared_ptr<const Program>> compile_path(std::string_view text) {
  return Compiler{text, 0}.compile_top();
}

Result<std::shared_ptr<const Program>> compile_nested(std::string_view text, std::size_t nesting) {
  return Compiler{text, nesting}.compile_within();
}

}  // namespace presso::jsonpath
