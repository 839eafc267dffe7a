// Schedule expressions: rate(5 minutes), cron(0 12 ? * MON-FRI *), at(2026-11-22T09:00:00), and
// when they are due.
//
//   const auto schedule = Schedule::parse("rate(5 minutes)", Schedule::Of::Rule);
//   schedule->next({.after = now, .anchor = created});   // nothing: never again
//
// Scheduled rules know rate and cron, in UTC; EventBridge Scheduler also knows `at`, and time
// zones. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "base/time.h"
#include "base/zone.h"
#include "bus/cron.h"

namespace presso::bus {

class Schedule {
 public:
  enum class Of { Rule, Scheduler };

  [[nodiscard]] static std::optional<Schedule> parse(std::string_view text, Of);

  struct From {
    Time after{};
    Time anchor{};  // a rate counts from here
    Zone zone = {};
  };
  // The first time later than `after`. AWS: what falls into the hour that a clock skips is left
  // out, and what falls into the hour that it shows twice happens once.
  [[nodiscard]] std::optional<Time> next(const From&) const;

  [[nodiscard]] bool is_rate() const { return std::holds_alternative<Duration>(what_); }
  [[nodiscard]] bool is_once() const { return std::holds_alternative<LocalTime>(what_); }

 private:
  using What = std::variant<Duration, Cron, LocalTime>;
  explicit Schedule(What what) : what_(std::move(what)) {}

  What what_;
};

// What PutRule takes.
[[nodiscard]] bool is_schedule_expression(std::string_view text);

}  // namespace presso::bus
