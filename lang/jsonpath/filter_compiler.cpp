// Recursive descent, bounded by kMaxNesting. The grammar is Jayway's FilterCompiler's.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/text.h"
#include "lang/jsonpath/compiler.h"
#include "lang/jsonpath/limits.h"

namespace presso::jsonpath {

namespace {

struct OperatorName {
  std::string_view name;
  Operator op;
};
constexpr std::array<OperatorName, 18> kOperators{{{"==", Operator::Equal},
                                                   {"===", Operator::Equal},
                                                   {"!=", Operator::NotEqual},
                                                   {"!==", Operator::NotEqual},
                                                   {"<", Operator::Less},
                                                   {"<=", Operator::LessOrEqual},
                                                   {">", Operator::Greater},
                                                   {">=", Operator::GreaterOrEqual},
                                                   {"=~", Operator::Matches},
                                                   {"in", Operator::In},
                                                   {"nin", Operator::NotIn},
                                                   {"subsetof", Operator::SubsetOf},
                                                   {"anyof", Operator::AnyOf},
                                                   {"noneof", Operator::NoneOf},
                                                   {"all", Operator::All},
                                                   {"contains", Operator::Contains},
                                                   {"size", Operator::Size},
                                                   {"empty", Operator::Empty}}};

bool is_symbol(char character) {
  return std::string_view{"<>=~!"}.find(character) != std::string_view::npos;
}

bool is_word(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9') || character == '_' ||
         static_cast<unsigned char>(character) >= 0x80;
}

std::optional<Operator> operator_of(std::string_view name) {
  const auto* const found = std::find_if(kOperators.begin(), kOperators.end(),
                                         [&](const OperatorName& row) { return row.name == name; });
  if (found == kOperators.end()) return std::nullopt;
  return found->op;
}

// The JSON of filters may quote with apostrophes: ['a','b'].
std::string with_double_quotes(std::string_view text) {
  std::string json;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char character = text[i];
    if (quote == '\0') {
      if (character == '\'' || character == '"') quote = character;
      json += character == '\'' ? '"' : character;
    } else if (character == '\\' && i + 1 < text.size()) {
      if (text[i + 1] != '\'') json += character;
      json += text[++i];
    } else if (character == quote) {
      quote = '\0';
      json += '"';
    } else if (character == '"') {
      json += "\\\"";
    } else {
      json += character;
    }
  }
  return json;
}

// The UTF-16 unit that `text` begins with, written "\\u0041".
std::optional<char32_t> unit_at(std::string_view text) {
  if (!text.starts_with("\\u") || text.size() < 6) return std::nullopt;
  std::uint32_t unit = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  if (error != std::errc{} || end != text.data() + 6) return std::nullopt;
  return static_cast<char32_t>(unit);
}

struct Escaped {
  char32_t code_point = 0;
  std::size_t size = 0;
};
std::optional<Escaped> escaped_at(std::string_view text) {
  const auto unit = unit_at(text);
  if (!unit) return std::nullopt;
  const auto low = *unit >= 0xd800 && *unit < 0xdc00 ? unit_at(text.substr(6)) : std::nullopt;
  if (!low || *low < 0xdc00 || *low > 0xdfff) return Escaped{*unit, 6};
  return Escaped{0x10000 + ((*unit - 0xd800) << 10U) + (*low - 0xdc00), 12};
}

// The inside of a quoted text: `\n` and its like, `\u0041`, and any other character after a
// backslash as itself.
std::string unescaped(std::string_view raw) {
  constexpr std::string_view kNames = "bfnrt";
  constexpr std::string_view kMeanings = "\b\f\n\r\t";
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\' || i + 1 == raw.size()) {
      text += raw[i];
      continue;
    }
    if (const auto escaped = escaped_at(raw.substr(i))) {
      append_utf8(text, escaped->code_point);
      i += escaped->size - 1;
      continue;
    }
    const char next = raw[++i];
    const std::size_t named = kNames.find(next);
    text += named == std::string_view::npos ? next : kMeanings[named];
  }
  return text;
}

// The code point at `position`, whole.
std::string character_at(std::string_view text, std::size_t position) {
  if (position >= text.size()) return "end";
  std::size_t end = position + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  return std::string{text.substr(position, end - position)};
}

class FilterCompiler {
 public:
  FilterCompiler(std::string_view text, std::size_t begin, std::size_t nesting)
      : text_(text), begin_(begin), position_(begin), nesting_(nesting) {}

  // filter := "[" "?" "(" either ")" "]"
  Result<CompiledFilter> compile() {
    const bool opens = take('[') && take('?') && take('(');
    auto filter = opens ? read_either() : failed();
    if (!filter) return filter.error();
    const bool closes = take(')') && take(']');
    if (!closes) return failed().error();
    return CompiledFilter{std::make_shared<const Filter>(*std::move(filter)), position_, fault()};
  }

 private:
  using Read = Result<Filter>;

  void skip_blanks() {
    position_ = std::min(text_.find_first_not_of(' ', position_), text_.size());
  }
  [[nodiscard]] bool is_next(std::string_view token) {
    skip_blanks();
    return text_.substr(position_).starts_with(token);
  }
  [[nodiscard]] bool take(std::string_view token) {
    if (!is_next(token)) return false;
    position_ += token.size();
    return true;
  }
  [[nodiscard]] bool take(char token) { return take(std::string_view{&token, 1}); }

  [[nodiscard]] std::string complaint(std::size_t position, std::size_t end) const {
    return "Failed to parse filter: " + std::string{text_.substr(begin_, end - begin_)} +
           ", error on position: " + std::to_string(position - begin_) +
           ", char: " + character_at(text_, position);
  }
  [[nodiscard]] Read failed() const {
    return Error{"InvalidPath", complaint(position_, text_.size())};
  }
  [[nodiscard]] std::string fault() const {
    if (!nested_fault_.empty()) return nested_fault_;
    return fault_at_ ? complaint(*fault_at_, position_) : std::string{};
  }

  // either := both { "||" both }
  Read read_either() {
    AnyOfThese any;
    do {
      auto filter = read_both();
      if (!filter) return filter;
      any.filters.push_back(*std::move(filter));
    } while (take("||"));
    if (any.filters.size() == 1) return std::move(any.filters.front());
    return Filter{std::move(any)};
  }

  // both := one { "&&" one }
  Read read_both() {
    AllOfThese all;
    do {
      auto filter = read_one();
      if (!filter) return filter;
      all.filters.push_back(*std::move(filter));
    } while (take("&&"));
    if (all.filters.size() == 1) return std::move(all.filters.front());
    return Filter{std::move(all)};
  }

  // one := "!" one | "(" either ")" | relation
  Read read_one() {
    if (++nesting_ > kMaxNesting) return Error{"InvalidPath", "Filter is nested too deeply"};
    auto filter = read_one_nested();
    --nesting_;
    return filter;
  }

  Read read_one_nested() {
    if (take('!')) {
      auto filter = read_one();
      if (!filter) return filter;
      if (auto* existence = std::get_if<Existence>(&filter->node)) {
        existence->is_wanted = !existence->is_wanted;
        return filter;
      }
      return Filter{Negation{std::make_shared<const Filter>(*std::move(filter))}};
    }
    if (take('(')) {
      auto filter = read_either();
      if (filter && !take(')')) return failed();
      return filter;
    }
    return read_relation();
  }

  // relation := path | operand operator operand
  Read read_relation() {
    auto left = read_operand();
    if (!left) return left.error();
    const auto op = read_operator();
    if (op) {
      auto right = read_operand();
      if (!right) return right.error();
      return Filter{Comparison{*op, *std::move(left), *std::move(right)}};
    }
    auto* path = std::get_if<std::shared_ptr<const Program>>(&*left);
    if (path == nullptr) return failed();
    return Filter{Existence{std::move(*path), true}};
  }

  std::optional<Operator> read_operator() {
    skip_blanks();
    const bool is_symbolic = position_ < text_.size() && is_symbol(text_[position_]);
    std::size_t end = position_;
    while (end < text_.size() && (is_symbolic ? is_symbol(text_[end]) : is_word(text_[end]))) ++end;
    const auto op = operator_of(to_lower_ascii(text_.substr(position_, end - position_)));
    if (op) position_ = end;
    return op;
  }

  // operand := path | text | number | "true" | "false" | "null" | JSON | "/" regex "/" flags
  Result<Operand> read_operand() {
    skip_blanks();
    if (position_ == text_.size()) return failed().error();
    switch (text_[position_]) {
      case '$':
      case '@': return read_path();
      case '\'':
      case '"': return read_text();
      case '[':
      case '{': return read_json();
      case '/': return read_regex();
      default: return read_scalar();
    }
  }

  Result<Operand> read_path() {
    std::size_t end = position_ + 1;
    while (end < text_.size()) {
      const char character = text_[end];
      const bool is_logical = text_.substr(end, 2) == "&&" || text_.substr(end, 2) == "||";
      if (character == ' ' || character == ')' || is_symbol(character) || is_logical) break;
      if (character == '[' || character == '(') end = closing_bracket(text_, end);
      if (end == std::string_view::npos) return failed().error();
      ++end;
    }
    auto path = compile_nested(text_.substr(position_, end - position_), nesting_ + 1);
    if (!path) return path.error();
    if (nested_fault_.empty()) nested_fault_ = (*path)->fault;
    position_ = end;
    return Operand{*std::move(path)};
  }

  // The position after the unescaped `quote` that ends what begins at position_, or npos.
  [[nodiscard]] std::size_t end_of_quoted(char quote) const {
    for (std::size_t i = position_ + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote) {
        return i + 1;
      }
    }
    return std::string_view::npos;
  }

  Result<Operand> read_text() {
    const char quote = text_[position_];
    const std::size_t end = end_of_quoted(quote);
    if (end == std::string_view::npos) {
      return Error{"InvalidPath",
                   std::string{"String literal does not have matching quotes. Expected "} + quote +
                       " in " + std::string{text_.substr(begin_)}};
    }
    Json value = unescaped(text_.substr(position_ + 1, end - position_ - 2));
    position_ = end;
    return Operand{std::move(value)};
  }

  Result<Operand> read_json() {
    const std::size_t close = closing_bracket(text_, position_);
    if (close == std::string_view::npos) return failed().error();
    auto value = parse_json(with_double_quotes(text_.substr(position_, close + 1 - position_)));
    if (!value) {
      if (!fault_at_) fault_at_ = position_;
      value = Json{};
    }
    position_ = close + 1;
    return Operand{*std::move(value)};
  }

  Result<Operand> read_regex() {
    const std::size_t end = end_of_quoted('/');
    if (end == std::string_view::npos) {
      return Error{"InvalidPath",
                   "Pattern not closed. Expected / in " + std::string{text_.substr(begin_)}};
    }
    std::size_t flags_end = end;
    while (flags_end < text_.size() && is_word(text_[flags_end])) ++flags_end;
    auto regex = Regex::compile(text_.substr(position_ + 1, end - position_ - 2),
                                text_.substr(end, flags_end - end));
    if (!regex) return regex.error();
    position_ = flags_end;
    return Operand{*std::move(regex)};
  }

  // AWS: a word without quotes (`@.key == Name`) is refused only when the path is used.
  Result<Operand> read_scalar() {
    const std::size_t begin = position_;
    while (position_ < text_.size() &&
           (is_word(text_[position_]) ||
            std::string_view{"+-."}.find(text_[position_]) != std::string_view::npos)) {
      ++position_;
    }
    if (position_ == begin) return failed().error();
    auto value = parse_json(text_.substr(begin, position_ - begin));
    if (value) return Operand{*std::move(value)};
    if (!fault_at_) fault_at_ = begin;
    return Operand{Json{}};
  }

  std::string_view text_;
  std::size_t begin_;
  std::size_t position_;
  std::size_t nesting_;
  std::optional<std::size_t> fault_at_;
  std::string nested_fault_;
};

}  // namespace

Result<CompiledFilter> compile_filter(std::string_view text, std::size_t begin,
                                      std::size_t nesting) {
  return FilterCompiler{text, begin, nesting}.compile();
}

}  // namespace presso::jsonpath
