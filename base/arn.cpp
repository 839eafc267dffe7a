#include "base/arn.h"

#include <array>
#include <cstddef>

namespace presso {

std::optional<Arn> parse_arn(std::string_view text) {
  constexpr std::size_t kBeforeResource = 5;
  std::array<std::string_view, kBeforeResource> parts;
  for (std::string_view& part : parts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  const auto [prefix, partition, service, region, account] = parts;
  if (prefix != "arn" || partition.empty() || service.empty() || text.empty()) return std::nullopt;
  return Arn{.partition = std::string{partition},
             .service = std::string{service},
             .region = std::string{region},
             .account = std::string{account},
             .resource = std::string{text}};
}

std::string to_string(const Arn& arn) {
  std::string text = "arn:";
  for (const std::string* part : {&arn.partition, &arn.service, &arn.region, &arn.account}) {
    text += *part;
    text += ':';
  }
  return text += arn.resource;
}

}  // namespace presso
