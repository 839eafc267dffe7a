#include "server/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/version.h>

#include <array>
#include <utility>

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
  explicit Sink(spdlog::level::level_enum level)
      : logger_("presso", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(level);
    logger_.set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger_.flush_on(spdlog::level::debug);
  }
  void write(spdlog::level::level_enum level, std::string_view message) {
    logger_.log(level, spdlog::string_view_t{message.data(), message.size()});
  }
  void print(std::string_view message) {
    const spdlog::string_view_t text{message.data(), message.size()};
    logger_.sinks().front()->log({logger_.name(), spdlog::level::info, text});
  }

 private:
  spdlog::logger logger_;
};

std::optional<LogLevel> log_level_of(std::string_view name) {
  for (const Level& level : kLevels) {
    if (level.name == name) return level.level;
  }
  return std::nullopt;
}

Log::Log(LogLevel level) : level_(level) {
  for (const Level& each : kLevels) {
    if (each.level == level) sink_ = std::make_unique<Sink>(each.library, format);
  }
}
Log::~Log() = default;

void Log::debug(std::string_view message) const { sink_->write(spdlog::level::debug, message); }
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
