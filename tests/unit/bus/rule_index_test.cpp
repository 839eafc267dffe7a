#include "bus/rule_index.h"

#include <doctest/doctest.h>

#include <string>

#include "base/json.h"

namespace presso::bus {

namespace {

Pattern pattern(const std::string& text) {
  auto compiled = Pattern::compile(text);
  REQUIRE_MESSAGE(compiled.has_value(), (compiled ? "" : compiled.error().message));
  return *compiled;
}

std::vector<std::uint64_t> matched(const RuleIndex& index, const std::string& event) {
  std::vector<std::uint64_t> keys;
  for (const RuleKey key : index.match_text(event)) keys.push_back(key.value);
  return keys;
}

using Keys = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("keys come in ascending order, once each") {
  RuleIndex index;
  for (const std::uint64_t key : {5U, 1U, 9U}) {
    index.add({key}, pattern(R"({"a":["x",{"prefix":"x"}],"b":[{"exists":true}]})"));
  }
  CHECK(matched(index, R"({"a":["x","x"],"b":[1,2]})") == Keys{1, 5, 9});
  CHECK(matched(index, R"({"a":"x"})").empty());
}

TEST_CASE("adding under a key that is there replaces its pattern") {
  RuleIndex index;
  index.add({1}, pattern(R"({"a":["x"]})"));
  index.add({1}, pattern(R"({"a":["y"]})"));
  CHECK(index.size() == 1);
  CHECK(matched(index, R"({"a":"x"})").empty());
  CHECK(matched(index, R"({"a":"y"})") == Keys{1});
}

TEST_CASE("an index survives more removals than it has rules") {
  RuleIndex index;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::string value = std::to_string(i);
    index.add({i}, pattern("{\"d\":{\"k\":[\"" + value + "\"]},\"a\":[{\"exists\":false}]}"));
    if (i >= 3) index.remove({i - 3});
    CHECK(matched(index, "{\"d\":{\"k\":\"" + value + "\"}}") == Keys{i});
  }
  CHECK(index.size() == 3);
  index.remove({12345});
  CHECK(index.size() == 3);
}

TEST_CASE("an event and its envelope find the same rules") {
  RuleIndex index;
  index.add({1}, pattern(R"({"source":["shop"],"detail":{"n":[{"numeric":[">",1]}]}})"));
  index.add({2}, pattern(R"({"time":[{"prefix":"2023-11-14T"}],"version":["0"]})"));
  index.add({3}, pattern(R"({"resources":["b"],"account":["1"],"id":["i"],"region":["r"]})"));
  index.add({4}, pattern(R"({"detail-type":[{"suffix":"\"x\""}]})"));
  Event event;
  event.id = "i";
  event.source = "shop";
  event.detail_type = "say \"x\"";
  event.account = "1";
  event.region = "r";
  event.time = time_of_epoch_ms(1'700'000'000'000);
  event.resources = {"a", "b"};
  event.detail = R"({"n": 1.5})";
  const std::vector<RuleKey> all{{1}, {2}, {3}, {4}};
  CHECK(index.match(event) == all);
  CHECK(index.match(envelope(event)) == all);
  CHECK(index.match_text(envelope_text(event)) == all);
}

TEST_CASE("twenty thousand rules of every operator find the few that an event matches") {
  const char* const operators[] = {"\"v%\"",
                                   "{\"prefix\":\"v%-\"}",
                                   "{\"suffix\":\"-v%\"}",
                                   "{\"equals-ignore-case\":\"V%\"}",
                                   "{\"wildcard\":\"*<v%>*\"}",
                                   "{\"numeric\":[\">\",%,\"<=\",%.5]}"};
  RuleIndex index;
  constexpr std::uint64_t kRules = 20000;
  for (std::uint64_t i = 0; i < kRules; ++i) {
    std::string clause = operators[i % 6];
    const std::string number = std::to_string(1'000'000 + i);
    for (auto at = clause.find('%'); at != std::string::npos; at = clause.find('%')) {
      clause.replace(at, 1, number);
    }
    index.add({i}, pattern("{\"source\":[\"s\"],\"detail\":{\"k\":[" + clause + "]}}"));
  }
  const auto match = [&](const std::string& value) {
    return matched(index, "{\"source\":\"s\",\"detail\":{\"k\":" + value + "}}");
  };
  CHECK(match("\"v1000006\"") == Keys{6});
  CHECK(match("\"v1000007-x\"") == Keys{7});
  CHECK(match("\"x-v1000008\"") == Keys{8});
  CHECK(match("\"v1000009\"") == Keys{9});
  CHECK(match("\"a<v1000010>b\"") == Keys{10});
  CHECK(match("1000011.25") == Keys{11});
  CHECK(match("\"other\"").empty());
}

}  // namespace presso::bus
