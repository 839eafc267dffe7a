#include "server/integrations/profile_file.h"

#include <optional>

#include "base/text.h"

namespace presso::server {
namespace {

std::string_view stripped(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

// A comment is a line of its own, or what follows white space and a # or ; .
std::string_view without_comment(std::string_view text) {
  for (const char mark : {'#', ';'}) {
    for (const char space : {' ', '\t'}) {
      const char comment[] = {space, mark};
      text = text.substr(0, text.find(std::string_view{comment, 2}));
    }
  }
  return text;
}

// section = "[" ["profile" SPACE] NAME "]"; nothing for one that is no profile.
std::optional<std::string> profile_name(ProfileFile kind, std::string_view section) {
  constexpr std::string_view kProfile = "profile";
  const bool has_word = section.starts_with(kProfile) && section.size() > kProfile.size() &&
                        (section[kProfile.size()] == ' ' || section[kProfile.size()] == '\t');
  if (kind == ProfileFile::Config && has_word) {
    return std::string{stripped(section.substr(kProfile.size()))};
  }
  if (kind == ProfileFile::Config && section != "default") return std::nullopt;
  return std::string{section};
}

}  // namespace

std::string Profile::setting(std::string_view name) const {
  const auto it = settings.find(name);
  return it == settings.end() ? std::string{} : it->second;
}

Result<Profiles> parse_profiles(ProfileFile kind, std::string_view text, const std::string& file) {
  Profiles profiles;
  Profile* profile = nullptr;
  bool is_in_section = false;
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    const std::string where = file + ":" + std::to_string(++number);
    const std::string_view content = stripped(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') continue;
    if (content.front() == '[') {
      const auto end = content.find(']');
      if (end == std::string_view::npos) {
        return Error{"BadProfile", where + ": a section ends with ]"};
      }
      const auto name = profile_name(kind, stripped(content.substr(1, end - 1)));
      is_in_section = true;
      profile = name ? &profiles[*name] : nullptr;
      if (profile != nullptr && profile->where.empty()) profile->where = where;
      continue;
    }
    // What is indented belongs to the setting above it.
    if (line.front() == ' ' || line.front() == '\t') continue;
    const auto equals = content.find('=');
    if (!is_in_section || equals == std::string_view::npos) {
      return Error{"BadProfile", where + ": neither a section nor a setting"};
    }
    if (profile == nullptr) continue;
    const std::string name = to_lower_ascii(stripped(content.substr(0, equals)));
    profile->settings[name] = stripped(without_comment(content.substr(equals + 1)));
  }
  return profiles;
}

}  // namespace presso::server
