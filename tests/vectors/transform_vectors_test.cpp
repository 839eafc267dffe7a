// tests/vectors/transform/*.json: what a target receives for the file's event.
//   {"target": {"InputPath": "$.detail"}, "gives": "the text delivered"}
//   {"target": {…}, "refused": "what PutTargets says"}
#include <doctest/doctest.h>

#include <string>

#include "base/json.h"
#include "bus/event.h"
#include "bus/rule.h"
#include "bus/transform.h"
#include "tests/vectors/vector_files.h"

namespace presso::bus {

namespace {

Event read_event(const Json& json) {
  Event event;
  const auto text = [&](const char* name) { return *as_string(find_member(json, name)); };
  event.id = text("id");
  event.detail_type = text("detail-type");
  event.source = text("source");
  event.account = text("account");
  event.region = text("region");
  event.time = *parse_rfc3339(text("time"));
  for (const Json& resource : *find_member(json, "resources")) {
    event.resources.push_back(*as_string(&resource));
  }
  event.detail = text("detail");
  return event;
}

void check_case(const Json& test, const Json& file) {
  Json json = *find_member(test, "target");
  json["Id"] = "t1";
  json["Arn"] = "arn:aws:sqs:eu-west-1:111122223333:queue";
  const auto target = target_from_json(json);
  REQUIRE(target.has_value());
  CHECK(to_json(*target) == json);
  const auto valid = validate_input(*target);
  if (const std::string* refused = as_string(find_member(test, "refused"))) {
    REQUIRE_FALSE(valid.has_value());
    CHECK(valid.error() == Error{"ValidationException", *refused});
    return;
  }
  REQUIRE_MESSAGE(valid.has_value(), (valid ? "" : valid.error().message));
  const TransformContext context{"arn:aws:events:eu-west-1:111122223333:rule/orders", "orders",
                                 *parse_rfc3339("2024-05-06T07:08:10.123Z")};
  CHECK(target_input(*target, read_event(*find_member(file, "event")), context) ==
        *as_string(find_member(test, "gives")));
}

}  // namespace

TEST_CASE("each target of the vectors receives what its vector says") {
  CHECK(for_each_vector("transform", check_case) > 40);
}

}  // namespace presso::bus
