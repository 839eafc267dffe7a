// PCRE2 does the matching, with its pattern rewritten where the two languages differ: what `.`,
// `\s`, `\d`, `\w`, `\b` and `$` mean, `[^]` and `[]`, `\uXXXX`, and letters that PCRE2 gives a
// meaning and JavaScript does not.
#include "lang/jsonata/regex.h"

#include <pcre2.h>

#include <algorithm>
#include <array>

#include "lang/jsonata/errors.h"
#include "lang/jsonata/limits.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

struct Freed {
  void operator()(pcre2_code_16* code) const { pcre2_code_free_16(code); }
  void operator()(pcre2_match_context_16* it) const { pcre2_match_context_free_16(it); }
  void operator()(pcre2_match_data_16* it) const { pcre2_match_data_free_16(it); }
};

// The insides of character classes.
constexpr std::u16string_view kSpaces =
    u"\\t\\n\\x0b\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}"
    u"\\x{3000}\\x{feff}";
constexpr std::u16string_view kNotBlanks =
    u"\\x00-\\x08\\x0e-\\x1f!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}"
    u"\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-"
    u"\\x{ffff}";
constexpr std::u16string_view kNotDigits = u"\\x00-/:-\\x{ffff}";
constexpr std::u16string_view kWords = u"A-Za-z0-9_";
constexpr std::u16string_view kNotWords = u"\\x00-/:-@\\[-\\^`{-\\x{ffff}";
constexpr std::u16string_view kNotLineEnd = u"[^\\n\\r\\x{2028}\\x{2029}]";

bool is_digit(char16_t c) { return c >= u'0' && c <= u'9'; }
bool is_letter(char16_t c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); }
bool is_hex(char16_t c) {
  return is_digit(c) || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
}

class Translator {
 public:
  Translator(std::u16string_view pattern, bool is_multiline)
      : pattern_{pattern}, is_multiline_{is_multiline}, groups_{count_groups(pattern)} {}

  std::u16string translate() {
    while (at_ < pattern_.size()) {
      const char16_t c = pattern_[at_];
      if (c == u'\\') {
        escape(false);
      } else if (c == u'[') {
        character_class();
      } else if (c == u'.') {
        take(kNotLineEnd);
      } else if (c == u'$') {
        take(is_multiline_ ? u"(?=[\\n\\r\\x{2028}\\x{2029}]|\\z)" : u"\\z");
      } else if (c == u'^' && is_multiline_) {
        take(u"(?:\\A|(?<=[\\n\\r\\x{2028}\\x{2029}]))");
      } else if (c == u'{' && !starts_quantifier()) {
        take(u"\\{");
      } else if (c == u'(' && next(1) == u'*') {
        take(u"(?:");  // `(*` would be a verb; a quantifier that follows nothing is refused below
      } else {
        out_ += c;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] char16_t next(std::size_t ahead) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : u'\0';
  }
  void take(std::u16string_view replacement) {
    out_ += replacement;
    ++at_;
  }

  // {n} {n,} {n,m}
  [[nodiscard]] bool starts_quantifier() const {
    std::size_t at = at_ + 1;
    const auto digits = [&] {
      const std::size_t start = at;
      while (at < pattern_.size() && is_digit(pattern_[at])) ++at;
      return at > start;
    };
    if (!digits()) return false;
    if (at < pattern_.size() && pattern_[at] == u',') {
      ++at;
      digits();
    }
    return at < pattern_.size() && pattern_[at] == u'}';
  }

  static std::size_t count_groups(std::u16string_view pattern) {
    std::size_t count = 0;
    bool is_in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == u'\\') {
        ++i;
      } else if (is_in_class) {
        is_in_class = pattern[i] != u']';
      } else if (pattern[i] == u'[') {
        is_in_class = true;
      } else if (pattern[i] == u'(') {
        const bool is_plain = i + 1 >= pattern.size() || pattern[i + 1] != u'?';
        const bool is_named = pattern.substr(i).starts_with(u"(?<") && i + 3 < pattern.size() &&
                              pattern[i + 3] != u'=' && pattern[i + 3] != u'!';
        if (is_plain || is_named) ++count;
      }
    }
    return count;
  }

  void character_class() {
    ++at_;
    const bool is_negated = next(0) == u'^';
    if (is_negated) ++at_;
    if (next(0) == u']') {
      ++at_;
      out_ += is_negated ? u"[\\x00-\\x{ffff}]" : u"(?!)";
      return;
    }
    out_ += is_negated ? u"[^" : u"[";
    while (at_ < pattern_.size() && pattern_[at_] != u']') {
      if (pattern_[at_] == u'\\') {
        escape(true);
      } else if (pattern_[at_] == u'[') {
        take(u"\\[");  // `[:` would start a class of POSIX
      } else {
        out_ += pattern_[at_++];
      }
    }
    if (at_ < pattern_.size()) take(u"]");
  }

  void code_unit(char16_t value) {
    constexpr std::u16string_view kHex = u"0123456789abcdef";
    out_ += u"\\x{";
    for (int shift = 12; shift >= 0; shift -= 4) {
      out_ += kHex[static_cast<std::size_t>((value >> shift) & 0xF)];
    }
    out_ += u'}';
  }

  // `count` hex digits ahead, behind the letter; false when there are fewer.
  bool hex_escape(std::size_t count) {
    char32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char16_t c = next(2 + i);
      if (!is_hex(c)) return false;
      value = value * 16 + (is_digit(c) ? c - u'0' : (c | 0x20) - u'a' + char32_t{10});
    }
    code_unit(static_cast<char16_t>(value));
    at_ += 2 + count;
    return true;
  }

  void set(std::u16string_view items, bool is_in_class) {
    if (is_in_class) {
      out_ += items;
    } else {
      out_ += u'[';
      out_ += items;
      out_ += u']';
    }
    at_ += 2;
  }

  void escape(bool is_in_class) {
    const char16_t c = next(1);
    switch (c) {
      case u'd': set(u"0-9", is_in_class); return;
      case u'D': set(kNotDigits, is_in_class); return;
      case u'w': set(kWords, is_in_class); return;
      case u'W': set(kNotWords, is_in_class); return;
      case u's': set(kSpaces, is_in_class); return;
      case u'S': set(kNotBlanks, is_in_class); return;
      case u't':
      case u'n':
      case u'r':
      case u'f': simple(c); return;
      case u'v': code_escape(u'\v'); return;
      case u'b':
      case u'B':
        if (is_in_class) {
          code_escape(c == u'b' ? u'\b' : c);
        } else {
          boundary(c == u'b');
        }
        return;
      case u'x':
        if (!hex_escape(2)) code_escape(c);
        return;
      case u'u':
        if (!hex_escape(4)) code_escape(c);
        return;
      case u'c':
        if (is_letter(next(2))) {
          code_unit(next(2) & 0x1F);
          at_ += 3;
        } else {
          out_ += u"\\\\";
          ++at_;
        }
        return;
      case u'k': named_reference(is_in_class); return;
      default: break;
    }
    if (is_digit(c)) {
      number(is_in_class);
    } else if (at_ + 1 >= pattern_.size()) {
      take(u"\\");  // refused by the compiler
    } else {
      code_escape(c);
    }
  }

  void simple(char16_t c) {
    out_ += u'\\';
    out_ += c;
    at_ += 2;
  }
  // The character itself.
  void code_escape(char16_t c) {
    code_unit(c);
    at_ += 2;
  }

  void boundary(bool is_positive) {
    constexpr std::u16string_view kEdge =
        u"(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))";
    constexpr std::u16string_view kNoEdge =
        u"(?:(?<=[A-Za-z0-9_])(?=[A-Za-z0-9_])|(?<![A-Za-z0-9_])(?![A-Za-z0-9_]))";
    out_ += is_positive ? kEdge : kNoEdge;
    at_ += 2;
  }

  void named_reference(bool is_in_class) {
    if (!is_in_class && next(2) == u'<') {
      out_ += u"\\k";
      at_ += 2;
    } else {
      code_escape(u'k');
    }
  }

  // \1 refers to a group when there is one, and else is an octal number.
  void number(bool is_in_class) {
    std::size_t digits = 1;
    std::size_t value = next(1) - u'0';
    while (digits < 4 && is_digit(next(1 + digits)) && value != 0) {
      value = value * 10 + (next(1 + digits) - u'0');
      ++digits;
    }
    if (!is_in_class && value > 0 && value <= groups_) {
      const std::string text = std::to_string(value);
      out_ += u"\\g{" + std::u16string{text.begin(), text.end()} + u"}";
      at_ += 1 + digits;
      return;
    }
    if (next(1) >= u'8') {
      code_escape(next(1));
      return;
    }
    char16_t octal = 0;
    ++at_;
    for (int i = 0; i < 3 && next(0) >= u'0' && next(0) <= u'7'; ++i) {
      const auto grown = static_cast<char16_t>(octal * 8 + (next(0) - u'0'));
      if (grown > 0xFF) break;
      octal = grown;
      ++at_;
    }
    code_unit(octal);
  }

  std::u16string_view pattern_;
  bool is_multiline_;
  std::size_t groups_;
  std::size_t at_ = 0;
  std::u16string out_;
};

PCRE2_SPTR16 units_of(std::u16string_view text) {
  return reinterpret_cast<PCRE2_SPTR16>(text.data());
}

std::string reason_of(int error) {
  std::array<PCRE2_UCHAR16, 256> text{};
  pcre2_get_error_message_16(error, text.data(), text.size());
  std::string reason;
  for (const PCRE2_UCHAR16 c : text) {
    if (c == 0) break;
    reason += static_cast<char>(c);
  }
  return reason;
}

}  // namespace

std::shared_ptr<const Regex> Regex::compile(std::string_view pattern, std::string_view flags,
                                            std::size_t position) {
  const bool is_multiline = flags.find('m') != std::string_view::npos;
  const std::u16string translated = Translator{to_utf16(pattern), is_multiline}.translate();
  std::uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY | PCRE2_NO_UTF_CHECK |
                          PCRE2_UCP | PCRE2_MATCH_UNSET_BACKREF;
  if (flags.find('i') != std::string_view::npos) options |= PCRE2_CASELESS;
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_code_16* code =
      pcre2_compile_16(units_of(translated), translated.size(), options, &error, &offset, nullptr);
  if (code == nullptr) {
    Thrown thrown = failure_at("S0303", position, pattern);
    thrown.message = "Invalid regular expression: /" + std::string{pattern} + "/" +
                     std::string{flags} + ": " + reason_of(error);
    throw thrown;
  }
  return std::make_shared<const Regex>(
      Regex{std::shared_ptr<const pcre2_code_16>{code, Freed{}}, std::string{pattern}});
}

std::optional<Regex::Match> Regex::find(std::u16string_view text, std::size_t from) const {
  if (from > text.size()) return std::nullopt;
  const std::unique_ptr<pcre2_match_context_16, Freed> context{
      pcre2_match_context_create_16(nullptr)};
  pcre2_set_match_limit_16(context.get(), kMaxMatchSteps);
  pcre2_set_depth_limit_16(context.get(), kMaxMatchSteps);
  pcre2_set_heap_limit_16(context.get(), kMaxMatchHeapKib);
  const std::unique_ptr<pcre2_match_data_16, Freed> data{
      pcre2_match_data_create_from_pattern_16(code_.get(), nullptr)};
  const int found = pcre2_match_16(code_.get(), units_of(text), text.size(), from,
                                   PCRE2_NO_UTF_CHECK, data.get(), context.get());
  const bool is_costly = found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_DEPTHLIMIT ||
                         found == PCRE2_ERROR_HEAPLIMIT;
  if (is_costly) throw over_limit("regular expression steps");
  if (found < 0) return std::nullopt;
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer_16(data.get());
  Match match(pcre2_get_ovector_count_16(data.get()));
  for (std::size_t i = 0; i < match.size(); ++i) {
    match[i].is_set = ends[2 * i] != PCRE2_UNSET;
    if (match[i].is_set) match[i] = {ends[2 * i], ends[2 * i + 1], true};
  }
  return match;
}

}  // namespace presso::jsonata
