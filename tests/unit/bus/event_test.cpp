#include "bus/event.h"

#include <doctest/doctest.h>

#include "base/json.h"

namespace presso::bus {

namespace {

PutEventsEntry entry() {
  PutEventsEntry entry;
  entry.source = "shop";
  entry.detail_type = "Order";
  entry.detail = R"({ "n" : 1.50, "s": " a \" b " })";
  return entry;
}

EventOrigin origin() {
  return {"id-1", "111122223333", "eu-west-1", time_of_epoch_ms(1'700'000'000'123)};
}

Error refusal(PutEventsEntry entry) {
  const auto event = accept_entry(std::move(entry), origin());
  REQUIRE_FALSE(event.has_value());
  return event.error();
}

}  // namespace

TEST_CASE("an envelope has AWS's members in AWS's order and the detail's own tokens") {
  auto event = accept_entry(entry(), origin());
  REQUIRE(event.has_value());
  event->resources = {"arn:1", "a\"b"};
  CHECK(envelope_text(*event) ==
        R"({"version":"0","id":"id-1","detail-type":"Order","source":"shop",)"
        R"("account":"111122223333","time":"2023-11-14T22:13:20Z","region":"eu-west-1",)"
        R"("resources":["arn:1","a\"b"],"detail":{"n":1.50,"s":" a \" b "}})");
  CHECK(*parse_json(envelope_text(*event)) == envelope(*event));
}

TEST_CASE("an entry keeps its own time") {
  auto given = entry();
  given.time = time_of_epoch_ms(1000);
  CHECK(accept_entry(given, origin())->time == time_of_epoch_ms(1000));
  CHECK(accept_entry(entry(), origin())->time == origin().now);
}

TEST_CASE("an entry without one of its three arguments fails alone") {
  auto without = entry();
  without.source.reset();
  CHECK(refusal(without) ==
        Error{"InvalidArgument",
              "Parameter Source is not valid. Reason: Source is a required argument."});
  without = entry();
  without.detail_type = "";
  CHECK(refusal(without) ==
        Error{"InvalidArgument",
              "Parameter DetailType is not valid. Reason: DetailType is a required argument."});
  without = entry();
  without.detail.reset();
  CHECK(refusal(without) ==
        Error{"InvalidArgument",
              "Parameter Detail is not valid. Reason: Detail is a required argument."});
}

TEST_CASE("a detail is a JSON object") {
  for (const char* detail : {"text", "[1]", "\"x\"", "{", "{} {}", "1"}) {
    auto wrong = entry();
    wrong.detail = detail;
    CHECK(refusal(wrong) == Error{"MalformedDetail", "Detail is malformed."});
  }
}

TEST_CASE("sources of AWS are AWS's") {
  auto forged = entry();
  forged.source = "aws.ec2";
  CHECK(refusal(forged).code == "NotAuthorizedForSourceException");
  forged.source = "awsome.shop";
  CHECK(accept_entry(forged, origin()).has_value());
}

TEST_CASE("an entry's size counts a given time, texts and resources in bytes") {
  auto sized = entry();
  sized.source = "é";
  sized.detail = "{}";
  CHECK(entry_size_bytes(sized) == 2 + 5 + 2);
  sized.time = origin().now;
  sized.resources = {"abc", "d"};
  CHECK(entry_size_bytes(sized) == 2 + 5 + 2 + 14 + 4);
}

TEST_CASE("entries that are too large together are refused together") {
  auto large = entry();
  large.detail = "{\"a\":\"" + std::string(1024 * 1024, 'x') + "\"}";
  CHECK(check_total_size({entry()}).has_value());
  CHECK(
      check_total_size({entry(), large}).error() ==
      Error{"ValidationException", "Total size of the entries in the request is over the limit."});
}

TEST_CASE("a stored event comes back as it was") {
  auto event = *accept_entry(entry(), origin());
  event.trace_header = "Root=1";
  event.resources = {"a"};
  const auto back = event_from_json(to_json(event));
  REQUIRE(back.has_value());
  CHECK(*back == event);
  CHECK(back->detail == event.detail);
  CHECK(event_from_json(Json::object()).error().code == "EventCorrupt");
}

TEST_CASE("compact text loses white space between tokens only") {
  CHECK(compact_json_text(" { \"a b\" : [ 1 ,\n\t2 ] , \"\\\" \" : null } ") ==
        "{\"a b\":[1,2],\"\\\" \":null}");
}

}  // namespace presso::bus
