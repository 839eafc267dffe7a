#include "bus/operand.h"

#include <doctest/doctest.h>

#include <iterator>
#include <string>

#include "bus/field_index.h"
#include "bus/limits.h"

namespace presso::bus {

namespace {

std::int64_t number(const char* token) {
  const auto read = comparable_number(token);
  REQUIRE_MESSAGE(read.has_value(), token);
  return *read;
}

std::size_t complexity_of(std::initializer_list<const char*> texts) {
  std::vector<Wildcard> wildcards;
  for (const char* text : texts) wildcards.push_back(*parse_wildcard(text));
  std::vector<const Wildcard*> pointers;
  for (const Wildcard& wildcard : wildcards) pointers.push_back(&wildcard);
  return complexity(pointers);
}

}  // namespace

TEST_CASE("numbers compare by value, in every notation") {
  CHECK(number("0") == number("-0.0e5"));
  CHECK(number("0") == number("1e-400"));
  CHECK(number("35") == number("3.5e1"));
  CHECK(number("35") == number("350E-1"));
  CHECK(number("1.1") == number("1.10000000000"));
  const char* const ascending[] = {
      "-5e9",     "-1",        "-0.000002", "-0.000001",         "0",         "0.000001",
      "1.123456", "1.1234567", "122.42916", "4999999999.999999", "5000000000"};
  for (std::size_t i = 1; i < std::size(ascending); ++i) {
    CHECK(number(ascending[i - 1]) < number(ascending[i]));
  }
}

TEST_CASE("numbers out of range say so") {
  for (const char* token : {"5000000001", "-5000000000.5", "1e300", "1e99999", "-1e400"}) {
    INFO(token);
    CHECK(comparable_number(token).error().message ==
          "Value must be between -5.0E9 and 5.0E9, inclusive");
  }
}

TEST_CASE("addresses in all their spellings") {
  CHECK(address_bytes("10.0.0.1") == std::string("\x0A\0\0\x01", 4));
  CHECK(address_bytes("::ffff:a00:1") == address_bytes("10.0.0.1"));
  CHECK(address_bytes("2001:db8::1") == address_bytes("2001:0DB8:0:0:0:0:0:1"));
  CHECK(address_bytes("::")->size() == 16);
  for (const char* text : {"", "10.0.0", "10.0.0.256", "1.2.3.4.5", ":", ":1", "1:", "1::2::3",
                           "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
                           "g::", "10.0.0.1 ", "::1.2.3.4", "0000000010.0.0.1"}) {
    INFO(text);
    CHECK_FALSE(address_bytes(text).has_value());
  }
}

TEST_CASE("a hostile value costs a wildcard no more than its length") {
  const std::string piece = std::string(400, 'a') + 'b';
  const auto wildcard = Wildcard{{"", piece, piece, ""}};
  const std::string value(1 << 20, 'a');
  CHECK_FALSE(matches(wildcard, value));
  CHECK(matches(wildcard, value + 'b' + value + 'b'));
}

TEST_CASE("complexity counts the places an automaton is in at once") {
  CHECK(complexity_of({"abc"}) == 0);
  CHECK(complexity_of({"a*"}) == 1);
  CHECK(complexity_of({"a*b"}) == 2);
  CHECK(complexity_of({"*aaaa"}) == 5);
  CHECK(complexity_of({"*abcd"}) == 2);
  CHECK(complexity_of({"*/dir/*"}) == 4);
  CHECK(complexity_of({"x*a", "y*a"}) == 2);
  CHECK(complexity_of({"x*a", "x*a"}) == 4);
  CHECK(complexity_of({"*aaaaaaaaaaaaaaaaaaaaaa"}) > kMaxWildcardComplexity);
}

TEST_CASE("complexity of a long piece is found quickly") {
  std::string text = "*";
  std::uint32_t state = 1;
  for (int i = 0; i < 4000; ++i) {
    state = state * 1664525 + 1013904223;
    text += static_cast<char>('a' + (state >> 24) % 26);
  }
  CHECK(complexity_of({text.c_str()}) < 10);
}

TEST_CASE("a text folds to the key of every pattern that it equals without its case") {
  for (char32_t c = 1; c < 0x10000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    for (const int shift : {12, 6, 0}) {
      if (shift > 0 && c < (shift == 12 ? 0x800U : 0x80U)) continue;
      const auto bits = static_cast<unsigned>(c >> shift);
      const bool is_lead = text.empty();
      const unsigned lead = c < 0x80 ? bits : c < 0x800 ? 0xC0 | bits : 0xE0 | bits;
      text += static_cast<char>(is_lead ? lead : 0x80 | (bits & 0x3F));
    }
    const FoldedText folded = fold(text);
    REQUIRE(folded.units.size() == 1);
    const std::string key = fold_key(folded);
    if (fold_key(folded.units[0][0]) != key || fold_key(folded.units[0][1]) != key) {
      FAIL("U+" << static_cast<unsigned>(c));
    }
  }
}

}  // namespace presso::bus
