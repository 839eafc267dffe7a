#include "server/config.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <deque>
#include <map>
#include <utility>

#include "base/text.h"
#include "server/versions.h"

namespace presso::server {
namespace {

using Setter = bool (*)(Config&, const std::string&);

struct Option {
  std::string_view flag;
  std::string_view value_name;
  std::vector<std::string_view> variables;  // the first that is set and not empty counts
  std::string_view meaning;
  std::string_view wanted;  // "… wants <this>, not 'x'"
  Setter set;
  bool is_list = false;  // may be repeated; a variable holds several with commas
};

bool set_port(Config& config, const std::string& text) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, config.port);
  return error == std::errc{} && at == end;
}

bool set_durability(Config& config, const std::string& text) {
  if (text != "full" && text != "process") return false;
  config.durability = text == "full" ? Durability::Full : Durability::Process;
  return true;
}

bool set_clock(Config& config, const std::string& text) {
  const std::optional<ClockMode> mode = clock_mode_of(text);
  if (mode) config.clock = *mode;
  return mode.has_value();
}

bool set_account(Config& config, const std::string& text) {
  config.caller.account = text;
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string::npos;
}

bool set_region(Config& config, const std::string& text) {
  config.caller.region = text;
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.size() <= 32 &&
         text.find_first_not_of(kAllowed) == std::string::npos;
}

bool set_log_level(Config& config, const std::string& text) {
  const std::optional<LogLevel> level = log_level_of(text);
  if (level) config.log_level = *level;
  return level.has_value();
}

bool set_log_format(Config& config, const std::string& text) {
  const std::optional<LogFormat> format = log_format_of(text);
  if (format) config.log_format = *format;
  return format.has_value();
}

Option log_format_option() {
  return {"--log-format",
          "FORMAT",
          {"PRESSO_LOG_FORMAT"},
          "Lines of the log: text, or json, an object each, with the trace's id where there is one "
          "[text].",
          "text or json",
          set_log_format};
}

bool add_bus(Config& config, const std::string& text) {
  config.buses.push_back(text);
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"/.-_"}.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= 256 && std::ranges::all_of(text, is_allowed);
}

bool add_origin(Config& config, const std::string& text) {
  config.allowed_origins.push_back(text);
  return text == "*" || text == "null" || text.find("://") != std::string::npos;
}

bool set_host(Config& config, const std::string& text) { return !(config.host = text).empty(); }
bool set_data(Config& config, const std::string& text) {
  return !config.data.emplace(text).empty();
}

bool set_mock_config(Config& config, const std::string& text) {
  return !config.mock_config.emplace(text).empty();
}

Option allow_origin_option() {
  return {
      "--allow-origin",
      "ORIGIN",
      {"PRESSO_ALLOW_ORIGIN"},
      "Origin of web pages that may use the server, beside loopback ones, as in "
      "https://app.example:3000; its host may use /_presso/ too. * allows all. May be repeated.",
      "an origin, as in https://app.example:3000, or *",
      add_origin,
      true};
}

Option mock_config_option() {
  return {"--mock-config",
          "FILE",
          {"PRESSO_MOCK_CONFIG", "SFN_MOCK_CONFIG", "LOCALSTACK_SFN_MOCK_CONFIG"},
          "Mock configuration of Step Functions Local: what tasks are answered with in executions "
          "that "
          "are started with STATE-MACHINE-ARN#TEST-CASE. Read again when it changes.",
          "a file",
          set_mock_config};
}

bool set_settings_file(Config& config, const std::string& text) {
  return !config.settings_file.emplace(text).empty();
}

bool set_credentials(Config& config, const std::string& text) {
  return !config.credentials.emplace(text).empty();
}

Option credentials_option() {
  return {"--credentials",
          "FILE",
          {"PRESSO_CREDENTIALS"},
          "Keys in the form of ~/.aws/credentials. With it every request but one for the health "
          "page has to be signed with one of them.",
          "a file",
          set_credentials};
}

bool set_retention(Config& config, const std::string& text) {
  config.retention = retention_of(text);
  return config.retention.has_value();
}

Option retention_option() {
  return {"--retention",
          "TIME",
          {"PRESSO_RETENTION"},
          "How long a closed execution is kept, and its name taken [90d, as on AWS].",
          kWantedRetention,
          set_retention};
}

bool set_secrets_key(Config& config, const std::string& text) {
  return !config.secrets_key.emplace(text).empty();
}

Option secrets_key_option() {
  return {"--secrets-key",
          "FILE",
          {"PRESSO_SECRETS_KEY"},
          "Key with which secrets of connections are stored, 64 hexadecimal digits [presso.key in "
          "the folder of --data, made when it is needed].",
          "a file",
          set_secrets_key};
}

Option settings_option() {
  return {
      "--config",
      "FILE",
      {"PRESSO_CONFIG"},
      "Settings in YAML: functions that presso runs itself, routes, mocks of calls, the retention.",
      "a file",
      set_settings_file};
}

const std::vector<Option>& options() {
  static const std::vector<Option> kOptions = {
      {"--host",
       "ADDRESS",
       {"PRESSO_HOST"},
       "Address to listen on [127.0.0.1]. Without --credentials anybody who reaches the port may "
       "use "
       "it.",
       "an address or localhost",
       set_host},
      {"--port",
       "NUMBER",
       {"PRESSO_PORT"},
       "Port to listen on; 0 picks a free one [4566].",
       "a number from 0 to 65535",
       set_port},
      {"--data",
       "DIR",
       {"PRESSO_DATA"},
       "Folder to keep everything in. Without it nothing is kept after the end.",
       "a folder",
       set_data},
      {"--durability",
       "KIND",
       {"PRESSO_DURABILITY"},
       "What an acknowledged request survives: full, a power cut; process, kill -9 [full].",
       "full or process",
       set_durability},
      {"--clock",
       "MODE",
       {"PRESSO_CLOCK"},
       "real: the system's time, plus what it is advanced by. frozen: moves only when advanced. "
       "auto: skips the time in which nothing happens [real].",
       "real, frozen or auto",
       set_clock},
      {"--bus",
       "NAME",
       {"PRESSO_BUS"},
       "Event bus that exists from the start, beside the usual two; may be repeated.",
       "up to 256 of the characters a-z, A-Z, 0-9, /, ., - and _",
       add_bus,
       true},
      {"--account",
       "ID",
       {"PRESSO_ACCOUNT", "AWS_ACCOUNT_ID"},
       "Account of requests whose access key is not twelve digits [000000000000].",
       "twelve digits",
       set_account},
      {"--region",
       "NAME",
       {"PRESSO_REGION", "AWS_DEFAULT_REGION"},
       "Region of requests that are not signed for one [us-east-1].",
       "a region's name",
       set_region},
      {"--log-level",
       "LEVEL",
       {"PRESSO_LOG_LEVEL"},
       "What is said on standard error: debug, info, warn, error or off [warn].",
       "debug, info, warn, error or off",
       set_log_level},
      log_format_option(),
      retention_option(),
      secrets_key_option(),
      credentials_option(),
      allow_origin_option(),
      mock_config_option(),
      settings_option(),
  };
  return kOptions;
}

std::string flag_help(const Option& option) {
  std::string text{option.meaning};
  text += " Environment: ";
  for (std::size_t i = 0; i < option.variables.size(); ++i) {
    text.append(i == 0 ? "" : ", ").append(option.variables[i]);
  }
  return text + ".";
}

Result<void> apply(const Option& option, const std::string& source, const std::string& value,
                   Config& config) {
  if (option.set(config, value)) return {};
  return Error{"BadOption",
               source + " wants " + std::string{option.wanted} + ", not '" + value + "'"};
}

Result<void> apply_environment(const Option& option, const Environment& environment,
                               Config& config) {
  for (const std::string_view variable : option.variables) {
    const auto found = environment.find(variable);
    if (found == environment.end() || found->second.empty()) continue;
    if (!option.is_list) return apply(option, found->first, found->second, config);
    for (const std::string_view part : split(found->second, ',')) {
      const Result<void> done = apply(option, found->first, std::string{part}, config);
      if (!done) return done;
    }
    return {};
  }
  return {};
}

}  // namespace

std::optional<Duration> retention_of(std::string_view text) {
  constexpr std::int64_t kDay = 86'400;
  constexpr std::pair<char, std::int64_t> kUnits[] = {{'d', kDay}, {'h', 3'600}, {'m', 60}};
  std::int64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || at == end || at + 1 != end) return std::nullopt;
  const auto* unit = std::ranges::find(kUnits, *at, &std::pair<char, std::int64_t>::first);
  constexpr std::int64_t kLongest = 3'650 * kDay;
  if (unit == std::end(kUnits) || count < 1 || count > kLongest / unit->second) {
    return std::nullopt;
  }
  return seconds(count * unit->second);
}

Result<Options> parse_options(std::span<const std::string> arguments,
                              const Environment& environment) {
  CLI::App app{"presso: AWS Step Functions and EventBridge on this machine.", "presso"};
  bool wants_version = false;
  bool is_verbose = false;
  app.add_flag("--version", wants_version, "Prints the version.");
  app.add_flag("--verbose", is_verbose, "With --version: and of which libraries it is made.");
  app.require_subcommand(0, 1);
  CLI::App* serve = app.add_subcommand("serve", "Starts the server.");
  std::deque<std::vector<std::string>> values;
  for (const Option& option : options()) {
    CLI::Option* added =
        serve->add_option(std::string{option.flag}, values.emplace_back(), flag_help(option));
    added->type_name(std::string{option.value_name})->expected(1);
    if (option.is_list)
      added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    else
      added->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }

  std::vector<std::string> reversed{arguments.rbegin(), arguments.rend()};
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return Options{Printed{serve->parsed() ? serve->help() : app.help()}};
  } catch (const CLI::ParseError& error) {
    return Error{"BadOption", error.what()};
  }
  if (wants_version && is_verbose) return Options{Printed{versions_text()}};
  if (wants_version) return Options{Printed{"presso " + std::string{kVersion} + "\n"}};
  if (!serve->parsed()) return Options{Printed{app.help()}};

  Config config;
  for (std::size_t i = 0; i < options().size(); ++i) {
    const Option& option = options()[i];
    Result<void> done;
    if (values[i].empty()) done = apply_environment(option, environment, config);
    for (const std::string& value : values[i]) {
      done = apply(option, std::string{option.flag}, value, config);
      if (!done) break;
    }
    if (!done) return done.error();
  }
  return Options{std::move(config)};
}

}  // namespace presso::server
