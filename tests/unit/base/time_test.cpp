#include "base/time.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

using presso::epoch_ms;
using presso::parse_rfc3339;
using presso::time_of_epoch_ms;
using presso::to_iso_milliseconds;
using presso::to_iso_seconds;

TEST_CASE("instants print in both forms") {
  CHECK(to_iso_milliseconds(time_of_epoch_ms(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(to_iso_seconds(time_of_epoch_ms(0)) == "1970-01-01T00:00:00Z");
  CHECK(to_iso_milliseconds(time_of_epoch_ms(1'795'340'590'123)) == "2026-11-22T09:43:10.123Z");
  CHECK(to_iso_seconds(time_of_epoch_ms(1'795'340'590'999)) == "2026-11-22T09:43:10Z");
  CHECK(to_iso_milliseconds(time_of_epoch_ms(1'709'164'800'007)) == "2024-02-29T00:00:00.007Z");
}

TEST_CASE("instants before the epoch print downwards from it") {
  CHECK(to_iso_milliseconds(time_of_epoch_ms(-1)) == "1969-12-31T23:59:59.999Z");
  CHECK(to_iso_seconds(time_of_epoch_ms(-1)) == "1969-12-31T23:59:59Z");
  CHECK(to_iso_seconds(time_of_epoch_ms(-62'167'219'200'000)) == "0000-01-01T00:00:00Z");
}

TEST_CASE("epoch seconds carry milliseconds as a fraction") {
  CHECK(presso::to_epoch_seconds(time_of_epoch_ms(1'795'340'590'123)) == 1795340590.123);
  CHECK(presso::to_epoch_seconds(time_of_epoch_ms(-500)) == -0.5);
}

TEST_CASE("RFC 3339 texts are read") {
  struct Row {
    std::string text;
    std::string expected;
  };
  const std::vector<Row> rows = {
      {"2016-03-14T01:59:00Z", "2016-03-14T01:59:00.000Z"},
      {"2016-03-14T01:59:00.5Z", "2016-03-14T01:59:00.500Z"},
      {"2016-03-14T01:59:00.05Z", "2016-03-14T01:59:00.050Z"},
      {"2016-03-14T01:59:00.1239999999999999999999Z", "2016-03-14T01:59:00.123Z"},
      {"2016-03-14T01:59:00+01:00", "2016-03-14T00:59:00.000Z"},
      {"2016-03-14T01:59:00-07:30", "2016-03-14T09:29:00.000Z"},
      {"2016-01-01T00:30:00+01:00", "2015-12-31T23:30:00.000Z"},
      {"2016-12-31T23:30:00-23:59", "2017-01-01T23:29:00.000Z"},
      {"2016-03-14T01:59:00-00:00", "2016-03-14T01:59:00.000Z"},
      {"2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"},
      {"2000-02-29T12:00:00Z", "2000-02-29T12:00:00.000Z"},
      {"0000-02-29T00:00:00Z", "0000-02-29T00:00:00.000Z"},
      {"1969-12-31T23:59:59.9Z", "1969-12-31T23:59:59.900Z"},
      {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto time = parse_rfc3339(row.text);
    REQUIRE(time.has_value());
    CHECK(to_iso_milliseconds(*time) == row.expected);
  }
}

TEST_CASE("texts that are not RFC 3339, or days that do not exist, are refused") {
  const std::vector<std::string> texts = {
      "",
      "2016-03-14",
      "2016-03-14T01:59:00",
      "2016-03-14t01:59:00Z",
      "2016-03-14T01:59:00z",
      "2016-03-14 01:59:00Z",
      "2016-03-14T01:59Z",
      "2016-03-14T01:59:00.Z",
      "2016-03-14T01:59:00,5Z",
      "2016-03-14T1:59:00Z",
      "2016-3-14T01:59:00Z",
      "16-03-14T01:59:00Z",
      "+2016-03-14T01:59:00Z",
      "12016-03-14T01:59:00Z",
      "20160314T015900Z",
      "2016-03-14T24:00:00Z",
      "2016-03-14T23:60:00Z",
      "2016-12-31T23:59:60Z",
      "2016-00-14T01:59:00Z",
      "2016-13-14T01:59:00Z",
      "2016-03-00T01:59:00Z",
      "2016-04-31T01:59:00Z",
      "2023-02-29T01:59:00Z",
      "1900-02-29T01:59:00Z",
      "2016-03-14T01:59:00+0100",
      "2016-03-14T01:59:00+01",
      "2016-03-14T01:59:00+24:00",
      "2016-03-14T01:59:00+01:60",
      "2016-03-14T01:59:00Z ",
      " 2016-03-14T01:59:00Z",
      "2016-03-14T01:59:00ZZ",
      "2016-03-14T01:59:00Z+01:00",
      "2016-03-14T01:59:-1Z",
      "2016-03-14T01:59:00\xe2\x88\x92"
      "01:00",
  };
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("what is printed is read back") {
  for (std::int64_t ms = -62'167'219'200'000; ms < 253'402'300'800'000; ms += 86'399'999'777) {
    const auto time = time_of_epoch_ms(ms);
    CHECK(parse_rfc3339(to_iso_milliseconds(time)) == time);
  }
  CHECK(epoch_ms(time_of_epoch_ms(42)) == 42);
  CHECK(presso::seconds(2) == presso::Duration{2000});
}
