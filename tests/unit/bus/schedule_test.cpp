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

}  // namespace presso::bus
