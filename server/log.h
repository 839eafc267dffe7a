// The log: one line each on standard error. Standard output belongs to the line that says "Ready."
#pragma once

#include <memory>
#include <optional>
#include <string_view>

namespace presso::server {

enum class LogLevel { Debug, Info, Warning, Error, Off };
[[nodiscard]] std::optional<LogLevel> log_level_of(std::string_view);  // "debug", "info", "warn", …

// Text: time, level, message. Json: an object with `time`, `level`, `message`, and of what belongs
// to a trace its `trace_id`.
enum class LogFormat { Text, Json };
[[nodiscard]] std::optional<LogFormat> log_format_of(std::string_view);  // "text", "json"

class Log {
 public:
  explicit Log(LogLevel, LogFormat = LogFormat::Text);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // From any thread.
  void debug(std::string_view message, std::string_view trace_id = {}) const;
  void info(std::string_view message) const;
  void warning(std::string_view message) const;
  void error(std::string_view message) const;
  // What somebody asked to see, a function's output: shown like a warning, but none.
  void print(std::string_view message) const;
  // Whether it is worth making a message at all.
  [[nodiscard]] bool is_debug() const { return level_ == LogLevel::Debug; }

 private:
  class Sink;
  LogLevel level_;
  std::unique_ptr<Sink> sink_;
};

}  // namespace presso::server
