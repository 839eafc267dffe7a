#include "bus/transform.h"

#include <doctest/doctest.h>

#include "base/json.h"

namespace presso::bus {
namespace {

std::string filled(const std::string& target) {
  Event event;
  event.source = "shop";
  event.detail = R"({"id":"a b","n":7,"deep":{"list":[1,2]}})";
  auto json = parse_json(target);
  REQUIRE(json);
  fill_parameters(*json, event);
  return dump_json(*json);
}

}  // namespace

TEST_CASE("a target's parameter that is a path as a whole is what the event has there") {
  CHECK(filled(R"({"HttpParameters":{"PathParameterValues":["$.detail.id","$.detail.n","x"],)"
               R"("HeaderParameters":{"$.source":"$.source"}}})") ==
        R"({"HttpParameters":{"PathParameterValues":["a b","7","x"],)"
        R"("HeaderParameters":{"$.source":"shop"}}})");
  CHECK(filled(R"({"RedshiftDataParameters":{"Sql":"$.detail.deep"}})") ==
        R"({"RedshiftDataParameters":{"Sql":"{\"list\":[1,2]}"}})");
}

TEST_CASE("a path that leads nowhere is an empty text, and part of a text is no path") {
  CHECK(filled(R"({"EcsParameters":{"Group":"$.detail.none","TaskCount":2}})") ==
        R"({"EcsParameters":{"Group":"","TaskCount":2}})");
  const std::string statement = R"({"RedshiftDataParameters":{"Sql":"SELECT * FROM $.detail.id"}})";
  CHECK(filled(statement) == statement);
}

TEST_CASE("parameters of other kinds stay as they are") {
  const std::string target =
      R"({"Arn":"$.detail.id","SqsParameters":{"MessageGroupId":"$.source"}})";
  CHECK(filled(target) == target);
}

}  // namespace presso::bus
