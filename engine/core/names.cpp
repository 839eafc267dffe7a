#include "engine/core/names.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace presso::core {

namespace {

constexpr std::size_t kNameLength = 80;
constexpr std::string_view kRefused = "<>{}[]?*\"#%\\^|~`$&,;:/";

struct Range {
  char32_t first;
  char32_t last;
};
// Control characters, white space of Unicode, and what is no character.
constexpr std::array kRefusedRanges = {
    Range{0x0000, 0x0020}, Range{0x007F, 0x00A0}, Range{0x1680, 0x1680},    Range{0x2000, 0x200A},
    Range{0x2028, 0x2029}, Range{0x202F, 0x202F}, Range{0x205F, 0x205F},    Range{0x3000, 0x3000},
    Range{0xD800, 0xDFFF}, Range{0xFFFE, 0xFFFF}, Range{0x10FFFF, 0x10FFFF}};

bool is_refused(char32_t code_point) {
  if (code_point < 0x80 && kRefused.find(static_cast<char>(code_point)) != std::string_view::npos) {
    return true;
  }
  return std::any_of(kRefusedRanges.begin(), kRefusedRanges.end(), [&](Range range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

bool is_name(std::string_view name) {
  if (name.empty() || !is_utf8(name) || utf16_length(name) > kNameLength) return false;
  const std::vector<char32_t> code_points = to_code_points(name);
  return std::none_of(code_points.begin(), code_points.end(), is_refused);
}

Error invalid_arn(std::string_view reason, std::string_view what) {
  return Error{"InvalidArn",
               "Invalid Arn: '" + std::string{reason} + ": " + std::string{what} + "'"};
}

// The machine's ARN with another type of resource.
std::string of_machine(std::string_view machine_arn, std::string_view type) {
  constexpr std::string_view kMachine = ":stateMachine:";
  const std::size_t place = machine_arn.find(kMachine);
  std::string arn{machine_arn.substr(0, place)};
  if (place == std::string_view::npos) return arn;
  return arn.append(type).append(machine_arn.substr(place + kMachine.size()));
}

}  // namespace

Result<void> check_name(std::string_view name) {
  if (is_name(name)) return {};
  return Error{"InvalidName", "Invalid Name: '" + std::string{name} + "'"};
}

Result<Arn> check_arn(std::string_view text, std::string_view type) {
  auto arn = parse_arn(text);
  if (!arn || arn->service != "states" || arn->region.empty() || arn->account.empty()) {
    return invalid_arn("Invalid ARN prefix", text);
  }
  const std::string_view resource = arn->resource;
  const std::string_view found = resource.substr(0, resource.find(':'));
  if (found != type || resource.size() <= type.size() + 1) {
    return invalid_arn("Resource type not valid in this context", found);
  }
  return *std::move(arn);
}

std::string machine_arn(const Caller& caller, std::string_view name) {
  return to_string(Arn{.service = "states",
                       .region = caller.region,
                       .account = caller.account,
                       .resource = "stateMachine:" + std::string{name}});
}

std::string_view without_label(std::string_view machine_arn) {
  return machine_arn.substr(0, machine_arn.find('/'));
}

std::string activity_arn(const Caller& caller, std::string_view name) {
  return to_string(Arn{.service = "states",
                       .region = caller.region,
                       .account = caller.account,
                       .resource = "activity:" + std::string{name}});
}

QualifiedArn split_qualifier(std::string_view text) {
  constexpr std::string_view kMachine = ":stateMachine:";
  const std::size_t place = text.find(kMachine);
  if (place == std::string_view::npos) return {std::string{text}, {}};
  const std::size_t colon = text.find(':', place + kMachine.size());
  if (colon == std::string_view::npos) return {std::string{text}, {}};
  return {std::string{text.substr(0, colon)}, std::string{text.substr(colon + 1)}};
}

std::optional<std::uint64_t> version_number(std::string_view qualifier) {
  std::uint64_t number = 0;
  const char* end = qualifier.data() + qualifier.size();
  const auto read = std::from_chars(qualifier.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || number == 0) return std::nullopt;
  return number;
}

std::optional<ExecutionName> parse_execution_arn(std::string_view text) {
  auto arn = parse_arn(text);
  if (!arn || arn->service != "states") return std::nullopt;
  const std::vector<std::string_view> parts = split(arn->resource, ':');
  if (parts.size() != 3 || parts[0] != "execution") return std::nullopt;
  if (parts[1].empty() || parts[2].empty()) return std::nullopt;
  std::string name{parts[2]};
  std::string machine = "stateMachine:" + std::string{parts[1]};
  arn->resource = std::move(machine);
  return ExecutionName{to_string(*arn), std::move(name)};
}

bool is_express_arn(std::string_view text) {
  const auto arn = parse_arn(text);
  return arn && arn->service == "states" && arn->resource.starts_with("express:");
}

std::string execution_arn(std::string_view machine_arn, std::string_view name) {
  return of_machine(machine_arn, ":execution:").append(":").append(name);
}

std::string express_arn(std::string_view machine_arn, std::string_view name, std::string_view id) {
  return of_machine(machine_arn, ":express:").append(":").append(name).append(":").append(id);
}

void make_express(run::Identity& identity, Entropy& entropy) {
  identity.arn = express_arn(identity.machine_arn, identity.name, next_uuid(entropy));
  identity.is_express = true;
}

bool belongs_to(std::string_view text, const Caller& caller) {
  const auto arn = parse_arn(text);
  return arn && arn->account == caller.account && arn->region == caller.region;
}

}  // namespace presso::core
