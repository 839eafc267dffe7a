#include "base/text.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace std::string_view_literals;

namespace {

std::string all_bytes() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

}  // namespace

TEST_CASE("UTF-8 is told from bytes that are not") {
  for (const std::string_view text :
       {""sv, "abc"sv, "\0"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv,
        "\xee\x80\x80"sv, "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv,
        "é🙂"sv}) {
    CHECK(presso::is_utf8(text));
  }
  for (const std::string_view text :
       {"\x80"sv, "\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc2"sv, "\xc2 "sv, "\xe0\x9f\xbf"sv,
        "\xe2\x82"sv, "\xed\xa0\x80"sv, "\xed\xbf\xbf"sv, "\xf0\x8f\xbf\xbf"sv,
        "\xf4\x90\x80\x80"sv, "\xf0\x9f\x99"sv, "\xf5\x80\x80\x80"sv, "\xff"sv, "a\x80"sv}) {
    CHECK_FALSE(presso::is_utf8(text));
  }
}

TEST_CASE("lengths count code points and UTF-16 units") {
  CHECK(presso::utf8_length("") == 0);
  CHECK(presso::utf8_length("aé€🙂") == 4);
  CHECK(presso::utf16_length("aé€🙂") == 5);
  CHECK(presso::utf8_length("a\xff\xc3"
                            "b") == 4);
  CHECK(presso::utf16_length("\xf0\x9f") == 2);
}

TEST_CASE("code points are read and written") {
  CHECK(presso::to_code_points("aé€🙂") == std::vector<char32_t>{'a', 0xe9, 0x20ac, 0x1f642});
  CHECK(presso::to_code_points("a\xff"
                               "b") == std::vector<char32_t>{'a', 0xfffd, 'b'});
  for (const char32_t code_point :
       {0u, 0x7fu, 0x80u, 0x7ffu, 0x800u, 0xd7ffu, 0xe000u, 0xffffu, 0x10000u, 0x10ffffu}) {
    std::string text;
    presso::append_utf8(text, code_point);
    CHECK(presso::is_utf8(text));
    CHECK(presso::to_code_points(text) == std::vector<char32_t>{code_point});
  }
}

TEST_CASE("what is no code point is written as U+FFFD") {
  for (const char32_t code_point : {0xd800u, 0xdfffu, 0x110000u}) {
    std::string text;
    presso::append_utf8(text, code_point);
    CHECK(text == "\xef\xbf\xbd");
  }
}

TEST_CASE("base64 agrees with RFC 4648") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xff\xef", "/+8="},
  };
  for (const auto& [bytes, text] : rows) {
    CHECK(presso::base64_encode(bytes) == text);
    CHECK(presso::base64_decode(text) == bytes);
  }
}

TEST_CASE("base64 takes missing padding and refuses wrong padding, lengths and characters") {
  CHECK(presso::base64_decode("Zg") == "f");
  CHECK(presso::base64_decode("Zm8") == "fo");
  for (const std::string_view text : {"Z", "Zg=", "Z===", "=", "====", "Zm9vY", "Zg==Zg==", "Zm-v",
                                      "Zm_v", "Zm 8", "Zm8=\n", "Zm9v=", "Zm=8", "Z\xc3\xa9v"}) {
    CAPTURE(text);
    CHECK_FALSE(presso::base64_decode(text).has_value());
  }
}

TEST_CASE("any bytes survive base64 and percent encoding") {
  const std::string bytes = all_bytes();
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const std::string part = bytes.substr(bytes.size() - size);
    CHECK(presso::base64_decode(presso::base64_encode(part)) == part);
    CHECK(presso::percent_decode(presso::percent_encode(part, false)) == part);
    CHECK(presso::percent_decode(presso::percent_encode(part, true)) == part);
  }
}

TEST_CASE("hex is lower case, two digits a byte") {
  CHECK(presso::hex_encode("") == "");
  CHECK(presso::hex_encode("\0\x0f\xa0\xff"sv) == "000fa0ff");
}

TEST_CASE("percent encoding keeps unreserved characters alone") {
  CHECK(presso::percent_encode("AZaz09-._~", false) == "AZaz09-._~");
  CHECK(presso::percent_encode("a b+c/é", false) == "a%20b%2Bc%2F%C3%A9");
  CHECK(presso::percent_encode("/a b/", true) == "/a%20b/");
}

TEST_CASE("percent decoding refuses a sign without two digits") {
  CHECK(presso::percent_decode("%41%6a%4A") == "AjJ");
  CHECK(presso::percent_decode("a+b") == "a+b");
  for (const std::string_view text : {"%", "%4", "%4g", "%g4", "a%", "%%41", "%-1"}) {
    CHECK_FALSE(presso::percent_decode(text).has_value());
  }
}

TEST_CASE("only ASCII letters become lower case") {
  CHECK(presso::to_lower_ascii("ABCxyz[@É") == "abcxyz[@É");
}

TEST_CASE("splitting keeps empty parts") {
  using Parts = std::vector<std::string_view>;
  CHECK(presso::split("", ',') == Parts{""});
  CHECK(presso::split("a", ',') == Parts{"a"});
  CHECK(presso::split("a,b,,c,", ',') == Parts{"a", "b", "", "c", ""});
  CHECK(presso::split(",", ',') == Parts{"", ""});
}
