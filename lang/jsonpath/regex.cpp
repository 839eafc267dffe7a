#include "lang/jsonpath/regex.h"

#include <pcre2.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "lang/jsonpath/limits.h"
#include "lang/library_version.h"

namespace presso::jsonpath {

namespace {

struct Freed {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

std::optional<std::uint32_t> option_of(char flag) {
  switch (flag) {
    case 'i': return PCRE2_CASELESS;
    case 'm': return PCRE2_MULTILINE;
    case 's': return PCRE2_DOTALL;
    case 'x': return PCRE2_EXTENDED;
    case 'U': return PCRE2_UCP;
    case 'u': return PCRE2_UCP;
    case 'd': return 0;
    default: return std::nullopt;
  }
}

std::string reason_of(int error) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(error, text.data(), text.size());
  return std::string{reinterpret_cast<const char*>(text.data())};
}

PCRE2_SPTR bytes_of(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

Result<Regex> Regex::compile(std::string_view pattern, std::string_view flags) {
  std::uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_ANCHORED | PCRE2_ENDANCHORED;
  for (const char flag : flags) {
    const auto option = option_of(flag);
    if (!option) {
      return Error{"InvalidPath", "Unknown flag of a regular expression: " + std::string{flag}};
    }
    options |= *option;
  }
  const std::unique_ptr<pcre2_compile_context, Freed> context{
      pcre2_compile_context_create(nullptr)};
  const bool is_unix = flags.find('d') != std::string_view::npos;
  pcre2_set_newline(context.get(), is_unix ? PCRE2_NEWLINE_LF : PCRE2_NEWLINE_ANY);
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_code* code =
      pcre2_compile(bytes_of(pattern), pattern.size(), options, &error, &offset, context.get());
  if (code == nullptr) {
    return Error{"InvalidPath", "Invalid regular expression: " + reason_of(error) + " at offset " +
                                    std::to_string(offset)};
  }
  return Regex{std::shared_ptr<const pcre2_code>{code, Freed{}}};
}

Regex::Match Regex::matches(std::string_view text) const {
  const std::unique_ptr<pcre2_match_context, Freed> context{pcre2_match_context_create(nullptr)};
  pcre2_set_match_limit(context.get(), kMaxMatchSteps);
  pcre2_set_depth_limit(context.get(), kMaxMatchSteps);
  pcre2_set_heap_limit(context.get(), kMaxMatchHeapKib);
  const std::unique_ptr<pcre2_match_data, Freed> data{pcre2_match_data_create(1, nullptr)};
  const int found =
      pcre2_match(code_.get(), bytes_of(text), text.size(), 0, 0, data.get(), context.get());
  const bool is_costly = found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_DEPTHLIMIT ||
                         found == PCRE2_ERROR_HEAPLIMIT;
  if (is_costly) return Match::TooCostly;
  return found >= 0 ? Match::Yes : Match::No;
}

}  // namespace presso::jsonpath

namespace presso {

LibraryVersion version_of_pcre2() {
  std::string text(static_cast<std::size_t>(pcre2_config(PCRE2_CONFIG_VERSION, nullptr)), '\0');
  pcre2_config(PCRE2_CONFIG_VERSION, text.data());
  text.resize(text.find_first_of(std::string_view{" \0", 2}));
  return {"PCRE2", std::to_string(PCRE2_MAJOR) + "." + std::to_string(PCRE2_MINOR), text};
}

}  // namespace presso
