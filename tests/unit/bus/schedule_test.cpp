#include "bus/schedule.h"

#include <doctest/doctest.h>

namespace presso::bus {

TEST_CASE("rates and crons as AWS documents them are schedules") {
  for (const char* text :
       {"rate(1 minute)", "rate(5 minutes)", "rate(1 hour)", "rate(12 hours)", "rate(1 day)",
        "rate(7 days)", "cron(0 10 * * ? *)", "cron(0 18 ? * MON-FRI *)", "cron(0/15 * * * ? *)",
        "cron(0/30 20-23 ? * MON-FRI *)", "cron(5,35 14 * * ? *)", "cron(15 10 ? * 6L 2002-2005)",
        "cron(* * ? * SAT#3 *)", "cron(0/5 5 ? JAN 1-5 2022)", "cron(0 8 L * ? *)",
        "cron(0 8 LW * ? *)", "cron(0 8 3W * ? *)", "cron(0 8 ? * L *)"}) {
    INFO(text);
    CHECK(is_schedule_expression(text));
  }
}

TEST_CASE("what is not quite one is none") {
  for (const char* text : {"",
                           "rate()",
                           "rate(10)",
                           "rate(1 minutes)",
                           "rate(10 minute)",
                           "rate(0 minutes)",
                           "rate(-10 minutes)",
                           "rate(10 seconds)",
                           "rate(10 MINUTES)",
                           " rate(10 minutes)",
                           "rate( 10 minutes )",
                           "rate(10 minutess)",
                           "rate(foo minutes)",
                           "cron(INVALID)",
                           "cron(0 1 * * * *)",
                           "cron(7 20 * * NOT *)",
                           "cron(71 8 1 * ? *)",
                           "cron(0 dummy ? * MON-FRI *)",
                           "cron(* * * * *)",
                           "cron(0 8 ? * ? *)",
                           "cron(0/0 * * * ? *)",
                           "cron(0 24 * * ? *)",
                           "cron(0 8 ? * MON#6 *)",
                           "cron(0 8 ? * MON-FRI 1969)",
                           "at(2024-01-01T00:00:00)",
                           "rate(5 minutes"}) {
    INFO(text);
    CHECK_FALSE(is_schedule_expression(text));
  }
}

namespace {

Time at(const char* text) {
  const auto time = parse_rfc3339(text);
  REQUIRE(time.has_value());
  return *time;
}

// The next `count` times of an expression, as texts.
std::string times(const char* text, const char* after, int count, const char* zone = "UTC") {
  const auto schedule = Schedule::parse(text, Schedule::Of::Scheduler);
  const auto found = Zone::find(zone);
  REQUIRE(schedule.has_value());
  REQUIRE(found.has_value());
  std::string list;
  Time last = at(after);
  for (int i = 0; i < count; ++i) {
    const auto next = schedule->next({.after = last, .anchor = at(after), .zone = *found});
    if (!next) return list + "never";
    list += to_iso_seconds(*next) + " ";
    last = *next;
  }
  list.pop_back();
  return list;
}

}  // namespace

TEST_CASE("a rate counts from its anchor") {
  CHECK(times("rate(5 minutes)", "2026-01-01T00:00:30Z", 3) ==
        "2026-01-01T00:05:30Z 2026-01-01T00:10:30Z 2026-01-01T00:15:30Z");
  const auto daily = Schedule::parse("rate(1 day)", Schedule::Of::Rule);
  REQUIRE(daily.has_value());
  CHECK(daily->next({.after = at("2026-01-01T00:00:00Z"), .anchor = at("2026-02-01T00:00:00Z")}) ==
        at("2026-02-01T00:00:00Z"));
}

TEST_CASE("days of the month and of the week are found as AWS describes them") {
  CHECK(times("cron(0 8 L * ? *)", "2028-01-31T08:00:00Z", 2) ==
        "2028-02-29T08:00:00Z 2028-03-31T08:00:00Z");
  CHECK(times("cron(0 8 L-2 * ? *)", "2026-02-01T00:00:00Z", 1) == "2026-02-26T08:00:00Z");
  // 3 January 2026 is a Saturday, 1 August 2026 too, 31 May 2026 a Sunday.
  CHECK(times("cron(0 8 3W * ? *)", "2026-01-01T00:00:00Z", 2) ==
        "2026-01-02T08:00:00Z 2026-02-03T08:00:00Z");
  CHECK(times("cron(0 8 1W 8 ? *)", "2026-01-01T00:00:00Z", 1) == "2026-08-03T08:00:00Z");
  CHECK(times("cron(0 8 LW 5 ? *)", "2026-01-01T00:00:00Z", 1) == "2026-05-29T08:00:00Z");
  CHECK(times("cron(0 2 ? * SAT#3 *)", "2026-01-01T00:00:00Z", 2) ==
        "2026-01-17T02:00:00Z 2026-02-21T02:00:00Z");
  CHECK(times("cron(15 10 ? * 6L 2026)", "2026-11-01T00:00:00Z", 3) ==
        "2026-11-27T10:15:00Z 2026-12-25T10:15:00Z never");
  CHECK(times("cron(0 0 ? * L *)", "2026-01-01T00:00:00Z", 1) == "2026-01-03T00:00:00Z");
  CHECK(times("cron(0 18 ? * MON-FRI *)", "2026-01-02T18:00:00Z", 2) ==
        "2026-01-05T18:00:00Z 2026-01-06T18:00:00Z");
  CHECK(times("cron(0/30 20-22/2 ? * SUN,2 *)", "2026-01-04T21:00:00Z", 3) ==
        "2026-01-04T22:00:00Z 2026-01-04T22:30:00Z 2026-01-05T20:00:00Z");
}

TEST_CASE("a day that never comes ends the search") {
  CHECK(times("cron(0 0 31 2 ? *)", "2026-01-01T00:00:00Z", 1) == "never");
  CHECK(times("cron(0 0 1 1 ? 2025)", "2026-01-01T00:00:00Z", 1) == "never");
  CHECK(times("at(2025-12-31T23:59:59)", "2026-01-01T00:00:00Z", 1) == "never");
}

TEST_CASE("a zone's clock decides, and skips and repeats as AWS says") {
  CHECK(times("at(2026-07-01T09:00:00)", "2026-01-01T00:00:00Z", 1, "Europe/Berlin") ==
        "2026-07-01T07:00:00Z");
  // The clock skips 02:00 to 03:00 on 29 March, and shows it twice on 25 October.
  CHECK(times("cron(30 2 * * ? *)", "2026-03-28T02:00:00Z", 2, "Europe/Berlin") ==
        "2026-03-30T00:30:00Z 2026-03-31T00:30:00Z");
  CHECK(times("cron(30 2 * * ? *)", "2026-10-24T12:00:00Z", 2, "Europe/Berlin") ==
        "2026-10-25T00:30:00Z 2026-10-26T01:30:00Z");
  CHECK(times("cron(0/30 * * * ? *)", "2026-10-25T00:00:00Z", 3, "Europe/Berlin") ==
        "2026-10-25T00:30:00Z 2026-10-25T02:00:00Z 2026-10-25T02:30:00Z");
  CHECK_FALSE(Zone::find("Europe/Atlantis").has_value());
}

TEST_CASE("the scheduler also takes a time, and either form of a unit") {
  for (const char* text : {"at(2026-11-22T13:00:00)", "rate(1 hours)", "rate(2 day)"}) {
    INFO(text);
    CHECK(Schedule::parse(text, Schedule::Of::Scheduler).has_value());
    CHECK_FALSE(Schedule::parse(text, Schedule::Of::Rule).has_value());
  }
  for (const char* text :
       {"at(2026-02-30T13:00:00)", "at(2026-11-22)", "at(2026-11-22T13:00:00Z)"}) {
    INFO(text);
    CHECK_FALSE(Schedule::parse(text, Schedule::Of::Scheduler).has_value());
  }
}

}  // namespace presso::bus
