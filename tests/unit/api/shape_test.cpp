// decode.h, encode.h and field.h over shapes of every kind.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "api/decode.h"
#include "api/encode.h"
#include "api/events/shapes_rule.h"
#include "api/states/shapes_machine.h"
#include "base/json.h"

namespace presso::api {
namespace {

struct Inner {
  std::optional<std::string> text;

  static constexpr std::string_view kName = "Inner";
  static constexpr auto fields() { return std::tuple{field("text", &Inner::text)}; }
};
struct Everything {
  std::string required;
  std::optional<bool> flag;
  std::optional<std::int64_t> count;
  std::optional<double> share;
  std::optional<Time> at;
  std::optional<std::vector<std::string>> names;
  std::optional<std::vector<Inner>> inners;
  std::optional<std::map<std::string, std::string>> map;
  std::optional<Json> document;

  static constexpr auto fields() {
    using S = Everything;
    return std::tuple{
        field("required", &S::required), field("flag", &S::flag), field("count", &S::count),
        field("share", &S::share),       field("at", &S::at),     field("names", &S::names),
        field("inners", &S::inners),     field("map", &S::map),   field("document", &S::document)};
  }
};

Json json(std::string_view text) {
  auto parsed = parse_json(text);
  REQUIRE(parsed);
  return *std::move(parsed);
}

std::string refusal(std::string_view text) {
  const auto decoded = decode<Everything>(json(text));
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().code == "SerializationException");
  return decoded.error().message;
}

}  // namespace

TEST_CASE("what was encoded decodes to the same, for every kind of member") {
  const Json full = json(R"({"required":"r","flag":true,"count":-7,"share":0.5,
      "at":1767225600.123,"names":["a","b"],"inners":[{"text":"x"},{}],"map":{"k":"v"},
      "document":{"any":[1,{"thing":null}]}})");
  const auto decoded = decode<Everything>(full);
  REQUIRE(decoded);
  CHECK(epoch_ms(*decoded->at) == 1'767'225'600'123);
  CHECK(dump_json(encode(*decoded)) == dump_json(full));
}

TEST_CASE("the text of a shape is that of its value") {
  for (const char* text :
       {R"({"required":""})",
        R"({"required":"\"[\\\u0000é\u007f","flag":false,"count":-9223372036854775808,"share":3,
            "at":1767225600,"names":[],"inners":[],"map":{},"document":[]})",
        R"({"required":"r","flag":true,"count":7,"share":0.1,"at":1767225600.123,
            "names":["[","","\n"],"inners":[{"text":"x"},{},{"text":"["}],
            "map":{"a\"":"[","b":""},"document":{"any":[1,{"thing":null}]}})"}) {
    const auto decoded = decode<Everything>(json(text));
    REQUIRE(decoded);
    CHECK(encode_text(*decoded) == dump_json(encode(*decoded)));
  }
}

TEST_CASE("absent members are left out, nulls and unknown members ignored") {
  const auto decoded = decode<Everything>(
      json(R"({"required":"r","flag":null,"unknown":[1],"inners":[null],"names":[null]})"));
  REQUIRE(decoded);
  CHECK_FALSE(decoded->flag);
  CHECK(dump_json(encode(*decoded)) == R"({"required":"r","names":[""],"inners":[{}]})");
}

TEST_CASE("a whole number may be written with a fraction of zero") {
  CHECK(decode<Everything>(json(R"({"count":3.0})"))->count == 3);
  CHECK(refusal(R"({"count":3.5})") == "NUMBER_VALUE can not be converted to an Integer");
  CHECK(refusal(R"({"count":18446744073709551615})") ==
        "NUMBER_VALUE can not be converted to an Integer");
}

TEST_CASE("a member of the wrong type is refused in the service's words") {
  CHECK(refusal(R"({"required":1})") == "NUMBER_VALUE can not be converted to a String");
  CHECK(refusal(R"({"required":true})") == "TRUE_VALUE can not be converted to a String");
  CHECK(refusal(R"({"required":{}})") == "Start of structure or map found where not expected");
  CHECK(refusal(R"({"required":[]})") == "Start of list found where not expected");
  CHECK(refusal(R"({"count":"3"})") == "STRING_VALUE can not be converted to an Integer");
  CHECK(refusal(R"({"flag":"true"})") == "STRING_VALUE can not be converted to a Boolean");
  CHECK(refusal(R"({"share":"1"})") == "STRING_VALUE can not be converted to a Double");
  CHECK(refusal(R"({"at":"2026-01-01T00:00:00Z"})") ==
        "STRING_VALUE can not be converted to milliseconds since epoch");
  CHECK(refusal(R"({"at":1e300})") ==
        "NUMBER_VALUE can not be converted to milliseconds since epoch");
  CHECK(refusal(R"({"names":"a"})") == "Expected list or null");
  CHECK(refusal(R"({"map":[]})") == "Expected map or null");
  CHECK(refusal(R"({"inners":["a"]})") == "Expected null");
  CHECK(refusal(R"([])") == "Start of list found where not expected");
}

TEST_CASE("a shape can be walked at run time") {
  const Shape& shape = kShape<Everything>;
  REQUIRE(shape.members.size() == 9);
  CHECK(shape.members[0].is_required);
  CHECK_FALSE(shape.members[1].is_required);
  CHECK(shape.members[6].type->kind == Kind::List);
  CHECK(shape.members[6].type->item->shape->name == "Inner");
  CHECK(kShape<Nothing>.members.empty());
}

TEST_CASE("a target with parameters of every service comes back as it was") {
  const std::string text =
      R"({"Id":"1","Arn":"arn:aws:ecs:x:1:cluster/c","InputTransformer":{)"
      R"("InputPathsMap":{"a":"$.b"},"InputTemplate":"<a>"},)"
      R"("EcsParameters":{"TaskDefinitionArn":"t","TaskCount":2,)"
      R"("NetworkConfiguration":{"awsvpcConfiguration":{"Subnets":["s"]}}},)"
      R"("HttpParameters":{"PathParameterValues":["p"],"HeaderParameters":{"h":"v"}},)"
      R"("DeadLetterConfig":{"Arn":"q"},"RetryPolicy":{"MaximumRetryAttempts":0}})";
  const auto target = decode<events::Target>(json(text));
  REQUIRE(target);
  CHECK(dump_json(encode(*target)) == text);
}

}  // namespace presso::api
