#include "server/otlp/settings.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string_view>

#include "base/text.h"

namespace presso::server {
namespace {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

// The first that is set and not empty.
struct Variable {
  std::string name;
  std::string value;
};
Variable first_set(const Environment& environment, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto found = environment.find(name);
    if (found != environment.end() && !found->second.empty()) return {found->first, found->second};
  }
  return {};
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "a=1,b=2", the values percent-encoded.
Result<NamedValues> pairs_of(const Variable& variable) {
  NamedValues pairs;
  if (variable.value.empty()) return pairs;
  for (const std::string_view part : split(variable.value, ',')) {
    if (without_blanks(part).empty()) continue;
    const auto equals = part.find('=');
    const auto value = equals == std::string_view::npos
                           ? std::nullopt
                           : percent_decode(without_blanks(part.substr(equals + 1)));
    if (!value || value->find_first_of("\r\n") != std::string::npos) {
      return Error{"BadOtlp", variable.name + " wants NAME=VALUE, with commas between several"};
    }
    pairs.emplace_back(without_blanks(part.substr(0, equals)), *value);
  }
  return pairs;
}

std::string traces_url(const Environment& environment) {
  const Variable own = first_set(environment, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"});
  if (!own.value.empty()) return own.value;
  std::string base = first_set(environment, {"OTEL_EXPORTER_OTLP_ENDPOINT"}).value;
  if (base.empty()) return base;
  while (base.ends_with('/')) base.pop_back();
  return base + "/v1/traces";
}

}  // namespace

Result<std::optional<OtlpSettings>> otlp_settings(const Environment& environment) {
  const bool is_off =
      to_lower_ascii(first_set(environment, {"OTEL_SDK_DISABLED"}).value) == "true" ||
      first_set(environment, {"OTEL_TRACES_EXPORTER"}).value == "none";
  OtlpSettings settings;
  settings.url = traces_url(environment);
  if (is_off || settings.url.empty()) return std::optional<OtlpSettings>{};
  if (!parse_url(settings.url)) {
    return Error{"BadOtlp", "OTEL_EXPORTER_OTLP_ENDPOINT wants an http: or https: URL, not '" +
                                settings.url + "'"};
  }
  auto headers = pairs_of(
      first_set(environment, {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"}));
  if (!headers) return headers.error();
  settings.headers = *std::move(headers);
  settings.headers.emplace_back("Content-Type", "application/json");
  auto resource = pairs_of(first_set(environment, {"OTEL_RESOURCE_ATTRIBUTES"}));
  if (!resource) return resource.error();
  const std::string name = first_set(environment, {"OTEL_SERVICE_NAME"}).value;
  if (!name.empty()) {
    std::erase_if(*resource, [](const auto& each) { return each.first == "service.name"; });
  }
  const bool has_name =
      std::ranges::any_of(*resource, [](const auto& each) { return each.first == "service.name"; });
  if (!has_name) settings.resource.emplace_back("service.name", name.empty() ? "presso" : name);
  for (auto& each : *resource) settings.resource.push_back(std::move(each));
  const Variable timeout =
      first_set(environment, {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"});
  if (timeout.value.empty()) return std::optional{std::move(settings)};
  std::int64_t milliseconds = 0;
  const char* end = timeout.value.data() + timeout.value.size();
  const auto [at, error] = std::from_chars(timeout.value.data(), end, milliseconds);
  if (error != std::errc{} || at != end || milliseconds < 1) {
    return Error{"BadOtlp", timeout.name + " wants milliseconds, not '" + timeout.value + "'"};
  }
  settings.timeout = Duration{milliseconds};
  return std::optional{std::move(settings)};
}

}  // namespace presso::server
