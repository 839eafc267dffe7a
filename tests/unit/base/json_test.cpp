#include "base/json.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/json_text.h"

using presso::append_json_string;
using presso::check_json;
using presso::dump_json;
using presso::Json;
using presso::parse_json;

namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string repeated;
  for (std::size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

std::string nested(std::size_t depth, std::string_view opening, std::string_view closing) {
  return repeat(opening, depth) + "1" + repeat(closing, depth);
}

std::string message_of(std::string_view text) {
  const auto parsed = parse_json(text);
  return parsed ? "" : parsed.error().message;
}

}  // namespace

TEST_CASE("what is parsed is printed again, members in their order") {
  const std::vector<std::string> texts = {
      "null",
      "true",
      "false",
      "0",
      "-1",
      "1.5",
      "\"\"",
      "[]",
      "{}",
      R"("caf\u0000é 🙂 \"\\ \n")",
      "18446744073709551615",
      "-9223372036854775808",
      "[[],[[]],{},{\"\":{}}]",
      R"({"b":1,"a":[true,false,null,{"z":1,"y":2}],"":""})",
  };
  for (const std::string& text : texts) {
    CAPTURE(text);
    const auto parsed = parse_json(text);
    REQUIRE(parsed.has_value());
    CHECK(dump_json(*parsed) == text);
  }
}

TEST_CASE("white space around tokens is no part of the value") {
  const auto parsed = parse_json(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n");
  REQUIRE(parsed.has_value());
  CHECK(dump_json(*parsed) == R"({"a":[1,2]})");
}

TEST_CASE("texts that are not one JSON value are refused") {
  const std::vector<std::string> texts = {
      "",        " ",        "{",         "[",         "}",       "[1,]",        "{\"a\":1,}",
      "{\"a\"}", "{\"a\":}", "{a:1}",     "{'a':1}",   "1 2",     "{} {}",       "[1] x",
      "nul",     "NaN",      "Infinity",  "-Infinity", "01",      "+1",          "1.",
      ".5",      "1e",       "0x10",      "// c\n1",   "/* */ 1", "\"a",         "\"\\x\"",
      "\"\\u12", "\"\t\"",   "\"\n\"",    "[1 2]",     "{1:2}",   "\"\\ud800\"", "1e400",
      "tru e",   "[,1]",     "{\"a\" 1}", ",",         ":",       "\"\\udc00\"", "-",
  };
  for (const std::string& text : texts) {
    CAPTURE(text);
    const auto parsed = parse_json(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == "JsonParseError");
    CHECK_FALSE(parsed.error().message.empty());
  }
}

// There are two parsers behind parse_json; the one that is not asked first is the measure.
TEST_CASE("whatever the text, it is what nlohmann's parser makes of it") {
  const std::string_view pieces[] = {"{",
                                     "}",
                                     "[",
                                     "]",
                                     ",",
                                     ":",
                                     "\"a\"",
                                     "\"b\"",
                                     "\"\"",
                                     "1",
                                     "-1",
                                     "0",
                                     "1.50",
                                     "1e5",
                                     "-0.0",
                                     "1E-400",
                                     "true",
                                     "null",
                                     " ",
                                     "\n",
                                     "\t",
                                     "false",
                                     "\"é\"",
                                     "\"\\u00e9\"",
                                     "\"\\ud83d\\ude00\"",
                                     "12345678901234567890",
                                     "\"\\udc00\"",
                                     "123456789012345678901234567890",
                                     "0.1000000000000000055511151231257827",
                                     "\"\\\\ud800\"",
                                     "\xff",
                                     "9223372036854775807",
                                     "-9223372036854775808",
                                     "-9223372036854775809",
                                     "1.7976931348623157e308",
                                     "{\"a\":1}",
                                     "[1,2]",
                                     "\"a\":",
                                     "4.9e-324",
                                     "01",
                                     "\"\\x\"",
                                     "\"\\/\"",
                                     "\"\x01\""};
  presso::SeededEntropy entropy{1};
  std::size_t well_formed = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    const std::uint64_t count = 1 + presso::next_below(entropy, 9);
    for (std::uint64_t j = 0; j < count; ++j) {
      text += pieces[presso::next_below(entropy, std::size(pieces))];
    }
    CAPTURE(text);
    const Json expected = Json::parse(text, nullptr, false);
    const auto parsed = parse_json(text);
    const auto checked = check_json(text, presso::kJsonDepth);
    REQUIRE(parsed.has_value() == !expected.is_discarded());
    REQUIRE(checked.has_value() == parsed.has_value());
    if (!parsed) continue;
    ++well_formed;
    REQUIRE(dump_json(*parsed) == dump_json(expected));
    REQUIRE(parsed->type() == expected.type());
    REQUIRE(*checked == expected.type());
  }
  CHECK(well_formed > 10'000);
}

TEST_CASE("a NUL byte is no white space and no end") {
  using namespace std::string_view_literals;
  CHECK_FALSE(parse_json("1\0"sv).has_value());
  CHECK_FALSE(parse_json("\0"sv).has_value());
  CHECK_FALSE(parse_json("\"a\0b\""sv).has_value());
  CHECK_FALSE(parse_json("[1\0,2]"sv).has_value());
}

TEST_CASE("invalid UTF-8 is refused wherever it stands") {
  for (const std::string_view bytes :
       {"\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xc3"}) {
    const std::string broken{bytes};
    CHECK_FALSE(parse_json("\"" + broken + "\"").has_value());
    CHECK_FALSE(parse_json("{\"" + broken + "\":1}").has_value());
    CHECK_FALSE(parse_json(broken).has_value());
    CHECK_FALSE(parse_json("1" + broken).has_value());
  }
}

TEST_CASE("an error says what was wrong and where") {
  CHECK(message_of("") ==
        "syntax error while parsing value - unexpected end of input; expected '[', '{', or a "
        "literal at offset 0");
  CHECK(message_of("[1,") ==
        "syntax error while parsing value - unexpected end of input; expected '[', '{', or a "
        "literal at offset 3");
  CHECK(message_of("{\"a\":nope}") ==
        "syntax error while parsing value - invalid literal at offset 6");
  CHECK(message_of("[1e999]") == "number overflow parsing '1e999' at offset 5");
}

TEST_CASE("an error does not repeat a long text") {
  CHECK(message_of("\"" + std::string(100'000, 'x')).size() < 200);
}

TEST_CASE("depth is bounded exactly") {
  for (const std::size_t depth : {1, 5, 256}) {
    CHECK(parse_json(nested(depth, "[", "]"), depth).has_value());
    CHECK(parse_json(nested(depth, "{\"a\":", "}"), depth).has_value());
    CHECK_FALSE(parse_json(nested(depth + 1, "[", "]"), depth).has_value());
    CHECK_FALSE(parse_json(nested(depth + 1, "{\"a\":", "}"), depth).has_value());
  }
  CHECK(parse_json("1", 0).has_value());
  CHECK_FALSE(parse_json("[]", 0).has_value());
  CHECK(parse_json(nested(1000, "[", "]"), 1000).has_value());
}

TEST_CASE("brackets inside strings and closed siblings are no depth") {
  CHECK(parse_json("[\"[[[[\",\"\\\"[[\"]", 1).has_value());
  CHECK(parse_json("[[],[],[],[[]]]", 3).has_value());
}

TEST_CASE("a depth bomb is refused early, with or without an end") {
  for (const std::string_view opening : {"[", "{\"a\":", "[{\"a\":"}) {
    const auto parsed = parse_json(repeat(opening, 1'000'000));
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error() == presso::Error{"JsonParseError", "nested deeper than 256 levels"});
  }
}

TEST_CASE("of a repeated member the last value counts, at the place of the first") {
  const auto parsed = parse_json(R"({"a":{"x":1},"b":2,"a":{"y":3}})");
  REQUIRE(parsed.has_value());
  CHECK(dump_json(*parsed) == R"({"a":{"y":3},"b":2})");
}

TEST_CASE("an object of many members keeps them all, and is quickly parsed") {
  std::string text = "{";
  for (int i = 0; i < 20'000; ++i) {
    text += (i > 0 ? ",\"m" : "\"m") + std::to_string(i) + "\":" + std::to_string(i);
  }
  text += "}";
  const auto parsed = parse_json(text);
  REQUIRE(parsed.has_value());
  CHECK(parsed->size() == 20'000);
  CHECK(*presso::find_member(*parsed, "m19999") == 19'999);
  CHECK(dump_json(*parsed) == text);
}

TEST_CASE("numbers beyond 64 bits become doubles") {
  CHECK(parse_json("18446744073709551616")->is_number_float());
  CHECK(parse_json("-9223372036854775809")->is_number_float());
  CHECK(parse_json("9223372036854775807")->is_number_integer());
  CHECK(parse_json("1e-400").has_value());
}

TEST_CASE("1 and 1.0 are equal, and print as they came") {
  CHECK(*parse_json("1") == *parse_json("1.0"));
  CHECK(dump_json(*parse_json("[1,1.0,1e2]")) == "[1,1.0,100.0]");
}

TEST_CASE("printing never throws") {
  CHECK(dump_json(Json("a\xff"
                       "b")) ==
        "\"a\xef\xbf\xbd"
        "b\"");
  CHECK(dump_json(Json(std::numeric_limits<double>::quiet_NaN())) == "null");
  CHECK(dump_json(Json(HUGE_VAL)) == "null");
}

TEST_CASE("equality is deep and ignores the order of members") {
  CHECK(*parse_json(R"({"a":[{"x":1,"y":2}],"b":2})") ==
        *parse_json(R"({"b":2,"a":[{"y":2,"x":1}]})"));
  CHECK(*parse_json("[1,2]") != *parse_json("[2,1]"));
  CHECK(*parse_json(R"({"a":null})") != *parse_json("{}"));
}

TEST_CASE("a check says of every text what parsing it says") {
  const std::string open(300, '[');
  for (const std::string& text :
       {std::string{"{\"a\":[1,{}]}"}, std::string{"[]"}, std::string{" 1 "}, std::string{"-1.5"},
        std::string{"\"x\""}, std::string{"null"}, std::string{"tru"}, std::string{""},
        std::string{"{\"a\":1,}"}, std::string{"[1] 2"}, std::string("1\0", 2), open,
        open + std::string(300, ']'), std::string{"\"\xff\""}}) {
    CAPTURE(text);
    const auto parsed = parse_json(text);
    const auto checked = check_json(text);
    REQUIRE(parsed.has_value() == checked.has_value());
    if (parsed) {
      CHECK(parsed->type() == *checked);
    } else {
      CHECK(parsed.error() == checked.error());
    }
  }
  CHECK(check_json("[[]]", 2));
  CHECK(!check_json("[[[]]]", 2));
}

TEST_CASE("a text alone is printed as in a value") {
  for (const std::string text : {"", "plain ~", "\"", "\\", "\n", "\x7f", "\xc3\xa9", "\xff"}) {
    CAPTURE(text);
    std::string printed = "x";
    append_json_string(printed, text);
    CHECK(printed == "x" + dump_json(Json(text)));
  }
}

TEST_CASE("find_member and as_string take any value") {
  const Json value = *parse_json(R"({"a":"text","b":1})");
  CHECK(*presso::find_member(value, "a") == "text");
  CHECK(presso::find_member(value, "c") == nullptr);
  CHECK(presso::find_member(Json::array({1}), "a") == nullptr);
  CHECK(presso::find_member(Json(), "a") == nullptr);
  CHECK(*presso::as_string(presso::find_member(value, "a")) == "text");
  CHECK(presso::as_string(presso::find_member(value, "b")) == nullptr);
  CHECK(presso::as_string(presso::find_member(value, "c")) == nullptr);
}

TEST_CASE("the source of an array or object is told as it was written") {
  using presso::source_text;
  constexpr const char* kText = R"( { "a": [ 1,  {"b" : 2 } ] , "s": "x", "~/": [ ] } )";
  CHECK(source_text(kText, "/a") == R"([ 1,  {"b" : 2 } ])");
  CHECK(source_text(kText, "/a/1") == R"({"b" : 2 })");
  CHECK(source_text(kText, "/~0~1") == "[ ]");
  CHECK(source_text(kText, "") == R"({ "a": [ 1,  {"b" : 2 } ] , "s": "x", "~/": [ ] })");
  for (const char* pointer : {"/s", "/a/0", "/a/2", "/none", "/a/b"}) {
    CAPTURE(pointer);
    CHECK_FALSE(source_text(kText, pointer).has_value());
  }
  CHECK_FALSE(source_text("1", "").has_value());
}
