#include "server/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/version.h>

#include <array>
#include <utility>

#include "base/json_text.h"
#include "server/versions.h"

namespace presso::server {
namespace {

struct Level {
  LogLevel level;
  std::string_view name;
  spdlog::level::level_enum library;
};
constexpr std::array kLevels = {
    Level{LogLevel::Debug, "debug", spdlog::level::debug},
    Level{LogLevel::Info, "info", spdlog::level::info},
    Level{LogLevel::Warning, "warn", spdlog::level::warn},
    Level{LogLevel::Error, "error", spdlog::level::err},
    Level{LogLevel::Off, "off", spdlog::level::off},
};

}  // namespace

class Log::Sink {
 public:
  Sink(spdlog::level::level_enum level, LogFormat format)
      : logger_("presso", std::make_shared<spdlog::sinks::stderr_sink_mt>()), format_(format) {
    logger_.set_level(level);
    logger_.set_pattern(format == LogFormat::Text
                            ? "%Y-%m-%dT%H:%M:%S.%eZ %l %v"
                            : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})",
                        spdlog::pattern_time_type::utc);
    logger_.flush_on(spdlog::level::debug);
  }
  void write(spdlog::level::level_enum level, std::string_view message,
             std::string_view trace_id = {}) {
    if (!logger_.should_log(level)) return;
    const std::string line = line_of(message, trace_id);
    logger_.log(level, spdlog::string_view_t{line.data(), line.size()});
  }
  void print(std::string_view message) {
    const std::string line = line_of(message, {});
    const spdlog::string_view_t text{line.data(), line.size()};
    logger_.sinks().front()->log({logger_.name(), spdlog::level::info, text});
  }

 private:
  [[nodiscard]] std::string line_of(std::string_view message, std::string_view trace_id) const {
    std::string line{message};
    if (format_ == LogFormat::Text) {
      if (!trace_id.empty()) line.append(" trace_id=").append(trace_id);
      return line;
    }
    line = "\"message\":";
    append_json_string(line, message);
    if (!trace_id.empty()) line.append(",\"trace_id\":\"").append(trace_id).append("\"");
    return line;
  }

  spdlog::logger logger_;
  LogFormat format_;
};

std::optional<LogLevel> log_level_of(std::string_view name) {
  for (const Level& level : kLevels) {
    if (level.name == name) return level.level;
  }
  return std::nullopt;
}

std::optional<LogFormat> log_format_of(std::string_view name) {
  if (name == "text") return LogFormat::Text;
  if (name == "json") return LogFormat::Json;
  return std::nullopt;
}

Log::Log(LogLevel level, LogFormat format) : level_(level) {
  for (const Level& each : kLevels) {
    if (each.level == level) sink_ = std::make_unique<Sink>(each.library, format);
  }
}
Log::~Log() = default;

void Log::debug(std::string_view message, std::string_view trace_id) const {
  sink_->write(spdlog::level::debug, message, trace_id);
}
void Log::info(std::string_view message) const { sink_->write(spdlog::level::info, message); }
void Log::warning(std::string_view message) const { sink_->write(spdlog::level::warn, message); }
void Log::error(std::string_view message) const { sink_->write(spdlog::level::err, message); }
void Log::print(std::string_view message) const {
  if (level_ <= LogLevel::Warning) sink_->print(message);
}

LibraryVersion version_of_spdlog() {
  return {"spdlog",
          std::to_string(SPDLOG_VER_MAJOR) + "." + std::to_string(SPDLOG_VER_MINOR) + "." +
              std::to_string(SPDLOG_VER_PATCH),
          ""};
}

LibraryVersion version_of_fmt() {
  return {"fmt",
          std::to_string(FMT_VERSION / 10'000) + "." + std::to_string(FMT_VERSION / 100 % 100) +
              "." + std::to_string(FMT_VERSION % 100),
          ""};
}

}  // namespace presso::server
