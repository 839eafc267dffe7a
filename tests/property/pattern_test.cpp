// Random patterns over a small universe of names and values against random events: the index says
// what the reference matcher says, whatever was added and removed before, and however the event
// comes.
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/json.h"
#include "bus/flatten.h"
#include "bus/pattern.h"
#include "bus/rule_index.h"

namespace presso::bus {

namespace {

constexpr int kRounds = 60;
constexpr int kRules = 40;
constexpr int kEvents = 40;

std::uint64_t seed() {
  const char* given = std::getenv("PRESSO_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 20240917;
}

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : entropy_(seed) {}

  std::size_t below(std::size_t bound) { return next_below(entropy_, bound); }

  std::string pattern() { return object(0, 1 + below(3), false); }
  std::string event() { return event_object(0); }

 private:
  template <std::size_t N>
  std::string pick(const char* const (&choices)[N]) {
    return choices[below(N)];
  }

  std::string name() { return pick({"a", "b", "c", "d", "a.b", "", "Key"}); }
  std::string text() {
    return pick({"a", "ab", "abc", "b", "", "AB", "bca", "10.0.0.1", "10.0.0.9", "::ffff:a00:1",
                 "2001:db8::1", "ß", "SS", "İ", "é", "aab", "ab\\\"c", "x*y"});
  }
  std::string quoted() { return '"' + text() + '"'; }
  std::string number() {
    return pick({"0", "-0", "1", "1.0", "1e0", "10", "-3.5", "2.000001", "5000000000", "5000000001",
                 "1.1234567", "3", "4"});
  }
  std::string scalar() {
    switch (below(5)) {
      case 0: return number();
      case 1: return pick({"true", "false", "null"});
      default: return quoted();
    }
  }

  // count texts of `one`, separated by commas.
  template <class One>
  std::string list(std::size_t count, One one) {
    std::string items;
    for (std::size_t i = 0; i < count; ++i) items += (i == 0 ? "" : ", ") + one();
    return items;
  }

  std::string wildcard() {
    return pick({"\"*\"", "\"a*\"", "\"*b\"", "\"a*c\"", "\"*b*\"", "\"ab\"", "\"a*b*c\"",
                 "\"x\\\\*y\"", "\"*ab\""});
  }
  std::string numeric() {
    return pick({"[\"=\", 1]", "[\">\", 0]", "[\">=\", 1, \"<\", 10]", "[\"<\", 2.000001]",
                 "[\">\", 1, \"<=\", 3]", "[\"<=\", -3.5]"});
  }
  std::string cidr() {
    return pick(
        {"\"10.0.0.0/29\"", "\"10.0.0.0/8\"", "\"2001:db8::/32\"", "\"::/0\"", "\"0.0.0.0/1\""});
  }
  std::string anything_but() {
    switch (below(6)) {
      case 0: return "[" + list(1 + below(3), [&] { return quoted(); }) + "]";
      case 1: return "[" + list(1 + below(2), [&] { return pick({"1", "10", "-3.5"}); }) + "]";
      case 2: return "{\"prefix\": [\"a\", \"b\"]}";
      case 3: return "{\"suffix\": \"c\"}";
      case 4: return "{\"equals-ignore-case\": [" + quoted() + "]}";
      default: return "{\"wildcard\": " + wildcard() + "}";
    }
  }
  std::string clause() {
    switch (below(14)) {
      case 0: return "{\"prefix\": " + quoted() + "}";
      case 1: return "{\"suffix\": " + quoted() + "}";
      case 2: return "{\"equals-ignore-case\": " + quoted() + "}";
      case 3: return "{\"prefix\": {\"equals-ignore-case\": " + quoted() + "}}";
      case 4: return "{\"suffix\": {\"equals-ignore-case\": " + quoted() + "}}";
      case 5: return "{\"wildcard\": " + wildcard() + "}";
      case 6: return "{\"numeric\": " + numeric() + "}";
      case 7: return "{\"cidr\": " + cidr() + "}";
      case 8: return "{\"anything-but\": " + anything_but() + "}";
      case 9: return "{\"exists\": true}";
      case 10: return "{\"exists\": false}";
      default: return scalar();
    }
  }

  std::string object(std::size_t depth, std::size_t members, bool is_in_or) {
    return "{" + list(members, [&] { return member(depth, is_in_or); }) + "}";
  }
  std::string member(std::size_t depth, bool is_in_or) {
    if (depth < 3 && below(6) == 0) {
      const auto branch = [&] { return object(depth + 1, 1 + below(2), true); };
      return "\"$or\": [" + list(2 + below(2), branch) + "]";
    }
    const std::string key = '"' + name() + "\": ";
    if (depth < 3 && below(3) != 0) return key + object(depth + 1, 1 + below(2), is_in_or);
    return key + "[" + list(1 + below(3), [&] { return clause(); }) + "]";
  }

  std::string event_object(std::size_t depth) {
    std::string members;
    for (const char* key : {"a", "b", "c", "d", "a.b", "", "Key"}) {
      if (below(5) < 2) continue;
      members += std::string{members.empty() ? "\"" : ", \""} + key + "\": " + event_value(depth);
    }
    return "{" + members + "}";
  }
  std::string event_value(std::size_t depth) {
    const auto kind = below(depth < 4 ? 8 : 4);
    if (kind < 4) return scalar();
    if (kind < 6) return event_object(depth + 1);
    return "[" + list(below(4), [&] { return event_value(depth + 1); }) + "]";
  }

  SeededEntropy entropy_;
};

std::vector<RuleKey> by_reference(const std::map<RuleKey, Pattern>& rules, const Fields& fields) {
  std::vector<RuleKey> keys;
  for (const auto& [key, pattern] : rules) {
    if (pattern.matches(fields)) keys.push_back(key);
  }
  return keys;
}

}  // namespace

TEST_CASE("the index finds the rules that the reference matcher finds") {
  const auto first = seed();
  std::cout << "pattern property: PRESSO_SEED=" << first << "\n";
  std::size_t matches = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t round_seed = first + static_cast<std::uint64_t>(round);
    INFO("PRESSO_SEED=" << round_seed);
    Generator generate{round_seed};
    RuleIndex index;
    std::map<RuleKey, Pattern> rules;
    for (int i = 0; i < kEvents; ++i) {
      for (int change = 0; change < kRules / 8; ++change) {
        const RuleKey key{generate.below(kRules)};
        if (generate.below(4) == 0) {
          index.remove(key);
          rules.erase(key);
          continue;
        }
        const auto pattern = Pattern::compile(generate.pattern());
        if (!pattern) continue;
        index.add(key, *pattern);
        rules.insert_or_assign(key, *pattern);
      }
      const std::string event = generate.event();
      INFO("event " << event);
      const auto expected = by_reference(rules, Fields::of_text(event));
      matches += expected.size();
      REQUIRE(index.size() == rules.size());
      REQUIRE(index.match_text(event) == expected);
      // A parsed event has lost the notation of its numbers, for both matchers.
      const auto parsed = parse_json(event);
      REQUIRE(parsed.has_value());
      REQUIRE(index.match(*parsed) == by_reference(rules, Fields::of(*parsed)));
    }
  }
  CHECK(matches > 1000);
}

}  // namespace presso::bus
