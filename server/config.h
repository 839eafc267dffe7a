// What `presso serve` was asked for: the command line, then the environment, then the defaults.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "engine/core/caller.h"
#include "engine/core/mock_rules.h"
#include "server/clock.h"
#include "server/functions/function.h"
#include "server/integrations/integration.h"
#include "server/log.h"
#include "server/routes/route.h"
#include "server/store/sqlite_store.h"

namespace presso::server {

inline constexpr std::string_view kVersion = "0.1.0";

// ---- limits of the shell ----
// A request's largest part is a definition of 1 MiB, escaped.
inline constexpr std::size_t kBodyBytes = 4 * 1024 * 1024;
// But a function's payload may have 6 MiB; one that is a little larger is refused in Lambda's own
// words.
inline constexpr std::size_t kPayloadBodyBytes = 7 * 1024 * 1024;
// A signed request's head is below 2 KiB.
inline constexpr std::size_t kHeadBytes = 32 * 1024;
// Of the connections that clients keep, the one that was idle longest makes room for a new one.
inline constexpr std::size_t kConnections = 16'384;
// So many with so many file descriptors: the rest is for our own calls and files.
[[nodiscard]] constexpr std::size_t connections_with(std::size_t descriptors) {
  return std::min(kConnections, descriptors / 4 * 3);
}
inline constexpr std::size_t kIoThreads = 2;

struct Config {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4566;
  std::size_t connections = kConnections;  // at a time
  std::optional<std::string> data;         // a folder; nothing: temporary
  Durability durability = Durability::Full;
  ClockMode clock = ClockMode::Real;
  std::vector<std::string> buses;
  core::Caller caller;  // of requests that say nothing about it
  LogLevel log_level = LogLevel::Warning;
  LogFormat log_format = LogFormat::Text;
  std::vector<std::string> allowed_origins;
  std::optional<std::string> credentials;                    // a file
  std::optional<std::string> secrets_key;                    // a file; nothing: beside the database
  std::optional<std::string> mock_config;                    // a file
  std::optional<std::string> settings_file;                  // presso.yaml
  std::optional<Duration> retention;                         // of closed executions; or that file's
  std::vector<FunctionSettings> functions;                   // of that file
  std::vector<RouteLine> routes;                             // of that file
  std::shared_ptr<const core::MockRules::Rules> mocks = {};  // of that file

  friend bool operator==(const Config&, const Config&) = default;
};

// "90d", "12h", "30m": from a minute to ten years.
[[nodiscard]] std::optional<Duration> retention_of(std::string_view text);
inline constexpr std::string_view kWantedRetention = "a time as in 90d, 12h or 30m";

// Not to run, but to print and to end with success: --help, --version.
struct Printed {
  std::string text;
};
using Options = std::variant<Config, Printed>;

// `arguments` without the program's name. Error: one sentence for standard error.
[[nodiscard]] Result<Options> parse_options(std::span<const std::string> arguments,
                                            const Environment&);

}  // namespace presso::server
