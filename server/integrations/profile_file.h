// The files that AWS's tools share: ~/.aws/credentials and ~/.aws/config, as text.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace presso::server {

struct Profile {
  std::map<std::string, std::string, std::less<>> settings;  // names in lower case
  std::string where;                                         // "~/.aws/config:3"

  // Empty when it is not set.
  [[nodiscard]] std::string setting(std::string_view name) const;
};
using Profiles = std::map<std::string, Profile, std::less<>>;

enum class ProfileFile {
  Credentials,  // [NAME]
  Config,       // [profile NAME] and [default]; other sections are no profiles
};
// Error: one sentence with `file` and the line.
[[nodiscard]] Result<Profiles> parse_profiles(ProfileFile kind, std::string_view text,
                                              const std::string& file);

}  // namespace presso::server
