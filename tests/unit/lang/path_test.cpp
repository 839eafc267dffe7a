#include "lang/jsonpath/path.h"

#include <doctest/doctest.h>

#include <string>

#include "base/json.h"

namespace presso::jsonpath {

namespace {

Path path_of(std::string_view text) {
  auto path = Path::compile(text);
  REQUIRE_MESSAGE(path.has_value(), text);
  return *std::move(path);
}

Json json_of(std::string_view text) { return parse_json(text).value(); }

class ThreeRoots final : public Roots {
 public:
  [[nodiscard]] const Json* input() const override { return &input_; }
  [[nodiscard]] const Json* context() const override { return &context_; }
  [[nodiscard]] const Json* variable(std::string_view name) const override {
    return name == "order" ? &order_ : nullptr;
  }

 private:
  Json input_ = Json{{"id", 1}};
  Json context_ = Json{{"id", 2}};
  Json order_ = Json{{"id", 3}};
};

class NoRoots final : public Roots {
 public:
  [[nodiscard]] const Json* input() const override { return nullptr; }
  [[nodiscard]] const Json* context() const override { return nullptr; }
  [[nodiscard]] const Json* variable(std::string_view) const override { return nullptr; }
};

std::string repeated(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("a path knows its root") {
  CHECK(path_of("$.a").root() == Path::Root::Input);
  CHECK(path_of("$$.a").root() == Path::Root::Context);
  CHECK(path_of("$$").root() == Path::Root::Context);
  CHECK(path_of("$order.a").root() == Path::Root::Variable);
  CHECK(path_of("$order.a").variable() == "order");
  CHECK(path_of("$order_2").variable() == "order_2");
  CHECK(path_of("$größe[0]").variable() == "größe");
  CHECK(path_of("$.a").variable().empty());
}

TEST_CASE("only the bare dollar is the root path") {
  CHECK(path_of("$").is_root());
  CHECK_FALSE(path_of("$$").is_root());
  CHECK_FALSE(path_of("$order").is_root());
  CHECK_FALSE(path_of("$.a").is_root());
}

TEST_CASE("a path keeps its text as it was written") {
  CHECK(path_of("$[ 'a' ].b ").text() == "$[ 'a' ].b ");
  CHECK(path_of("$.a") == path_of("$.a"));
  CHECK_FALSE(path_of("$.a") == path_of("$['a']"));
}

TEST_CASE("reference paths are names and array indices from the start") {
  for (const char* text : {"$", "$.a", "$['a']['b'][0]", "$.a[0].b", "$$.a", "$order.a"}) {
    CAPTURE(text);
    CHECK(path_of(text).is_reference());
    CHECK(path_of(text).is_definite());
  }
  for (const char* text : {"$.a[-1]", "$['a','b']", "$.a.length()"}) {
    CAPTURE(text);
    CHECK_FALSE(path_of(text).is_reference());
    CHECK(path_of(text).is_definite());
  }
  for (const char* text : {"$.a[*]", "$.*", "$..a", "$.a[0,1]", "$.a[0:1]", "$.a[?(@.b)]",
                           "$['a','b'].c", "$.a[*].length()"}) {
    CAPTURE(text);
    CHECK_FALSE(path_of(text).is_reference());
    CHECK_FALSE(path_of(text).is_definite());
  }
}

TEST_CASE("paths are resolved against the value of their root") {
  const ThreeRoots roots;
  CHECK(select(path_of("$.id"), roots).value() == 1);
  CHECK(select(path_of("$$.id"), roots).value() == 2);
  CHECK(select(path_of("$order.id"), roots).value() == 3);
  CHECK(*find(path_of("$order.id"), roots) == 3);
  CHECK(find(path_of("$order.id"), roots) == find(path_of("$order['id']"), roots));
}

TEST_CASE("a root without a value is not found") {
  const NoRoots roots;
  CHECK(select(path_of("$.id"), roots).error() == Error{"PathNotFound", "No results for path: $"});
  CHECK(select(path_of("$$.id"), roots).error() == Error{"PathNotFound", "No results for path: $"});
  CHECK(select(path_of("$order.id"), roots).error() ==
        Error{"PathNotFound", "Variable '$order' is not assigned"});
  CHECK(find(path_of("$order.id"), roots) == nullptr);
}

TEST_CASE("find points into the document") {
  const Json document = json_of(R"({"a": [{"b": null}]})");
  CHECK(find(path_of("$.a[0].b"), document) == &document.at("a").at(0).at("b"));
  CHECK(find(path_of("$.a[-1]"), document) == &document.at("a").at(0));
  CHECK(find(path_of("$"), document) == &document);
  CHECK(find(path_of("$.a[1]"), document) == nullptr);
  CHECK(find(path_of("$.a.b"), document) == nullptr);
  CHECK(find(path_of("$.a[*]"), document) == nullptr);
  CHECK(find(path_of("$.a.length()"), document) == nullptr);
  CHECK(find(path_of("$['a','b']"), document) == nullptr);
}

TEST_CASE("a fault that only shows when the path is used does not keep it from compiling") {
  const Path path = path_of("$.a[?(@.key == Name)].value");
  CHECK_FALSE(path.is_definite());
  CHECK(select(path, json_of(R"({"a": []})")).error().code == "InvalidPath");
}

TEST_CASE("paths too long or too deeply nested are refused") {
  CHECK(Path::compile("$" + repeated(".a", 256)).has_value());
  CHECK(Path::compile("$" + repeated(".a", 257)).error().message == "Path has more than 256 steps");
  CHECK(Path::compile("$[?" + repeated("(", 100) + "@.a" + repeated(")", 100) + "]").has_value());
  CHECK(Path::compile("$[?" + repeated("(", 100'000)).error().message ==
        "Filter is nested too deeply");
  CHECK(Path::compile("$[?(" + repeated("!", 100'000)).error().message ==
        "Filter is nested too deeply");
  CHECK_FALSE(Path::compile("$[?(@" + repeated("[?(@", 50'000)).has_value());
  CHECK_FALSE(Path::compile("$" + repeated(".sum($", 50'000)).has_value());
  const std::string nested = "$[?(@" + repeated("[?(@", 300) + repeated(")]", 300) + ")]";
  CHECK_FALSE(Path::compile(nested).has_value());
}

TEST_CASE("a path that would take too much work is stopped") {
  Json wide = Json::array();
  for (int i = 0; i < 3'000; ++i) wide.push_back(Json{{"a", i}});
  CHECK(select(path_of("$[?(@.a == 2999)]"), wide).value().size() == 1);
  CHECK(select(path_of("$[?($[?(@.a == 1)])]"), wide).error() ==
        Error{"InvalidPath", "Evaluating the path takes too much work"});
  Json deep = 1;
  for (int i = 0; i < 250; ++i) deep = Json{{"a", std::move(deep)}};
  CHECK(select(path_of("$..a"), deep).value().size() == 250);
  CHECK(select(path_of("$..a..a..a..a"), deep).error().code == "InvalidPath");
  Json bottomless = 1;
  for (int i = 0; i < 5'000; ++i) bottomless = Json::array({std::move(bottomless)});
  CHECK(select(path_of("$..a"), bottomless).error().code == "InvalidPath");
}

TEST_CASE("what a path copies is bounded") {
  const Json document{{"text", std::string(200'000, 'x')}, {"list", Json::array()}};
  std::string text = "$.list.append(";
  for (int i = 0; i < 200; ++i) text += i == 0 ? "$" : ",$";
  CHECK(select(path_of(text + ")"), document).error().code == "InvalidPath");
  CHECK(select(path_of("$.list.append($, $)"), document).value().size() == 2);
}

TEST_CASE("a regular expression that backtracks without end is stopped") {
  const Json document = Json::array({std::string(5'000, 'a')});
  CHECK(select(path_of("$[?(@ =~ /(a+)+b/)]"), document).error() ==
        Error{"InvalidPath", "Evaluating the path takes too much work"});
  CHECK(select(path_of("$[?(@ =~ /a+/)]"), document).value().size() == 1);
}

TEST_CASE("texts are in the order of their UTF-16 units") {
  const Json document = json_of(R"(["\uff5e", "😀", "a"])");
  CHECK(select(path_of("$[?(@ > '😀')]"), document).value() == json_of(R"(["\uff5e"])"));
  CHECK(select(path_of("$[?(@ < '\xef\xbd\x9e')]"), document).value() == json_of(R"(["😀", "a"])"));
}

}  // namespace presso::jsonpath
