#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/rules.h"
#include "tests/tidy/source.h"

using presso::tidy::make_source;
using presso::tidy::Source;
using presso::tidy::Violations;

namespace tidy = presso::tidy;

namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string repeated;
  for (std::size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

struct Snippet {
  std::string path;
  std::string text;
};

using Rule = Violations (*)(const Source&);

void check_flagged(Rule rule, const std::vector<Snippet>& snippets) {
  for (const Snippet& snippet : snippets) {
    CAPTURE(snippet.path);
    CAPTURE(snippet.text);
    CHECK(rule(make_source(snippet.path, snippet.text)).size() == 1);
  }
}

void check_clean(Rule rule, const std::vector<Snippet>& snippets) {
  for (const Snippet& snippet : snippets) {
    CAPTURE(snippet.path);
    CAPTURE(snippet.text);
    CHECK(rule(make_source(snippet.path, snippet.text)).empty());
  }
}

}  // namespace

TEST_CASE("the tree keeps its rules") {
  const std::vector<Source> sources = tidy::read_tree(PRESSO_SOURCE_DIR);
  CHECK(sources.size() > 20);
  for (const auto& violation : tidy::check_all(sources)) {
    FAIL_CHECK(tidy::to_string(violation));
  }
}

TEST_CASE("comments and strings are told from code") {
  const Source source = make_source("base/a.cpp",
                                    "int a = 1'000; // new\n"
                                    "auto b = \"new \\\" new\"; /* new\n"
                                    "new */ char c = '\"'; auto d = R\"x(new \" )\" new\n"
                                    ")x\"; int e;\n");
  CHECK(source.lines.size() == 4);
  REQUIRE(source.code.size() == 4);
  CHECK(source.code[0] == "int a = 1'000;       ");
  CHECK(source.code[1] == "auto b = \"          \";       ");
  CHECK(source.code[2] == "       char c = ' '; auto d = R\"              ");
  CHECK(source.code[3] == "  \"; int e;");
  CHECK(source.comments[0].ends_with(" new"));
  CHECK(source.comments[2].starts_with("new "));
}

TEST_CASE("sizes are measured in lines and in characters") {
  check_flagged(tidy::check_size, {{"base/a.cpp", repeat("int a;\n", 501)},
                                   {"base/a.h", std::string(101, 'x')},
                                   {"tests/e2e/a.mjs", std::string(101, 'x')},
                                   {"dev", repeat("true\n", 501)}});
  check_clean(tidy::check_size, {{"base/a.cpp", repeat("int a;\n", 500)},
                                 {"base/a.h", repeat("é", 100)},
                                 {"docs/a.md", std::string(200, 'x')}});
}

TEST_CASE("banned words are found as whole words, in comments too") {
  check_flagged(tidy::check_words, {{"base/a.h",
                                     "// TO"
                                     "DO: later"},
                                    {"base/a.h",
                                     "int a;  // FIX"
                                     "ME"},
                                    {"tests/a.mjs",
                                     "// HA"
                                     "CK"},
                                    {"README.md",
                                     "XX"
                                     "X"},
                                    {"docs/a.md",
                                     "see /ho"
                                     "me/me/a"},
                                    {"examples/package.json",
                                     "\"/wo"
                                     "rk/main\""},
                                    {"examples/package-lock.json", "\"resolved\": \"…\""}});
  check_clean(tidy::check_words, {{"base/a.h",
                                   "// XX"
                                   "XX, a TO"
                                   "DOs list"},
                                  {"docs/conventions.md",
                                   "no TO"
                                   "DO"},
                                  {"base/a.h",
                                   "#include \"net"
                                   "work/a.h\""}});
}

TEST_CASE("long functions are found, whatever they look like") {
  const std::string body = repeat("  f();\n", 69);
  check_flagged(tidy::check_function_length,
                {{"base/a.cpp", "void f() {\n" + body + "}\n"},
                 {"base/a.cpp", "namespace a {\nint A::f(int a) const {\n" + body + "}\n}\n"},
                 {"base/a.cpp", "A::A(int a) : a_{a}, b_(a) {\n" + body + "}\n"},
                 {"base/a.cpp", "template <class T>\nResult<T> f(A a = {}) {\n" + body + "}\n"},
                 {"base/a.cpp", "bool operator<(A a, A b) {\n" + body + "}\n"},
                 {"base/a.cpp", "auto f() -> std::vector<int> {\n" + body + "}\n"},
                 {"base/a.cpp", "const auto f = [](int a) {\n" + body + "};\n"},
                 {"base/a.h", "class A : public B {\n public:\n  A() : a_{1} {\n" + body + "}\n};"},
                 {"base/a.cpp", "int a{1};\nstruct B {};\nvoid f(\n) {\n" + body + "}\n"},
                 {"tests/a_test.cpp", "TEST_CASE(\"a\") {\n" + body + "}\n"}});
}

TEST_CASE("short functions, types, namespaces and tables may be long together") {
  const std::string function = "void f() {\n" + repeat("  if (a) { b({1, 2}); }\n", 60) + "}\n";
  check_clean(
      tidy::check_function_length,
      {{"base/a.cpp", function + function},
       {"base/a.cpp", "namespace a {\nnamespace {\n" + function + function + "}\n}\n"},
       {"base/a.h", "class A final : public B {\n public:\n" + repeat("int f();\n", 99) + "};"},
       {"base/a.h", "enum class A : int {\n" + repeat("A,\n", 99) + "};"},
       {"base/a.cpp", "const std::array<A, 99> k = {{\n" + repeat("{1, f(2)},\n", 99) + "}};"},
       {"base/a.cpp", "const auto k = std::to_array<A>({\n" + repeat("{1},\n", 99) + "});"}});
}

TEST_CASE("new and delete are found, but not in words, comments or declarations") {
  check_flagged(tidy::check_ownership, {{"server/a.cpp", "auto a = new A;"},
                                        {"tests/a.cpp", "  delete a;"},
                                        {"base/a.cpp", "delete[] a;"},
                                        {"base/a.cpp", "f(new(a) A);"}});
  check_clean(tidy::check_ownership, {{"base/a.h", "A(const A&) = delete;"},
                                      {"base/a.h", "int new_size; int is_new; // new"},
                                      {"base/a.cpp", "f(\"delete\"); delete_rule();"},
                                      {"server/a.cpp", "#include <new>"}});
}

TEST_CASE("clocks, chance, environment, files and threads stay in the shell") {
  check_flagged(tidy::check_determinism, {{"base/a.cpp", "std::chrono::system_clock::now();"},
                                          {"lang/a.cpp", "std::getenv(\"A\");"},
                                          {"bus/a.cpp", "std::unordered_map<int, int> a;"},
                                          {"engine/run/a.cpp", "#include <unordered_set>"},
                                          {"engine/core/a.cpp", "int a = rand();"},
                                          {"api/a.cpp", "std::cerr << 1;"},
                                          {"api/a.cpp", "printf(\"a\");"},
                                          {"lang/a.cpp", "thread_local int a;"}});
  check_clean(tidy::check_determinism, {{"server/clock.cpp", "std::chrono::system_clock::now();"},
                                        {"base/a.cpp", "std::snprintf(a, 1, \"printf\");"},
                                        {"api/a.cpp", "std::unordered_map<int, int> a;"},
                                        {"engine/a.cpp", "// system_clock::now\nint operand();"}});
  check_flagged(tidy::check_libraries, {{"base/a.cpp", "#include <thread>"},
                                        {"lang/a.cpp", "#include <random>"},
                                        {"bus/a.cpp", "#include <mutex>"},
                                        {"engine/core/a.h", "#include <fstream>"},
                                        {"api/a.h", "#include <iostream>"},
                                        {"api/a.h", "#include <sys/stat.h>"}});
  check_clean(tidy::check_libraries, {{"server/a.cpp", "#include <thread>"},
                                      {"base/time.h", "#include <chrono>"},
                                      {"tests/a.cpp", "#include <fstream>"}});
}

TEST_CASE("libraries have their places") {
  check_flagged(tidy::check_libraries, {{"server/app.cpp", "#include <boost/beast/http.hpp>"},
                                        {"server/app.cpp", "#include <spdlog/spdlog.h>"},
                                        {"server/app.cpp", "#include <sqlite3.h>"},
                                        {"api/a.cpp", "#include <boost/asio/post.hpp>"}});
  check_clean(tidy::check_libraries, {{"server/http_server.h", "#include <boost/beast/http.hpp>"},
                                      {"server/log.cpp", "#include <spdlog/spdlog.h>"},
                                      {"server/store/sqlite.cpp", "#include <sqlite3.h>"},
                                      {"server/app.cpp", "#include <boost/asio/post.hpp>"}});
}

TEST_CASE("includes follow the arrows between folders") {
  check_flagged(tidy::check_arrows, {{"base/a.h", "#include \"lang/a.h\""},
                                     {"lang/jsonpath/a.h", "#include \"bus/a.h\""},
                                     {"bus/a.h", "#include \"engine/asl/a.h\""},
                                     {"engine/core/a.h", "#include \"api/a.h\""},
                                     {"api/a.h", "#include \"server/a.h\""},
                                     {"server/a.h", "#include \"tests/support/a.h\""},
                                     {"server/a.h", "#include \"a.h\""},
                                     {"engine/asl/a.h", "#include \"engine/run/a.h\""},
                                     {"engine/run/a.h", "#include \"engine/core/a.h\""},
                                     {"engine/run/a.h", "#include \"bus/a.h\""},
                                     {"engine/asl/a.h", "#include \"bus/a.h\""},
                                     {"lang/jsonpath/a.h", "#include \"lang/intrinsics/a.h\""},
                                     {"lang/jsonata/a.h", "#include \"lang/jsonpath/a.h\""},
                                     {"lang/intrinsics/a.h", "#include \"lang/jsonata/a.h\""}});
  check_clean(tidy::check_arrows, {{"server/a.h", "#include \"base/a.h\""},
                                   {"engine/core/a.h", "#include \"bus/a.h\""},
                                   {"engine/core/a.h", "#include \"engine/asl/a.h\""},
                                   {"engine/run/states/a.cpp", "#include \"engine/run/a.h\""},
                                   {"lang/intrinsics/a.h", "#include \"lang/jsonpath/a.h\""},
                                   {"tests/a.cpp", "#include \"server/a.h\""},
                                   {"base/a.h", "// #include \"server/a.h\""},
                                   {"base/a.h", "#include <vector>"}});
}

TEST_CASE("JSON is parsed in one place") {
  check_flagged(tidy::check_json_parsing, {{"api/a.cpp", "auto a = Json::parse(text);"},
                                           {"tests/a.cpp", "nlohmann::json::parse(text);"},
                                           {"bus/a.cpp", "auto a = \"{}\"_json;"}});
  check_clean(tidy::check_json_parsing, {{"base/json.cpp", "Json::sax_parse(a, b, &c);"},
                                         {"api/a.cpp", "SharedJson::parse(text);"}});
}

TEST_CASE("macros are few") {
  check_flagged(tidy::check_macros,
                {{"base/a.h", "#define MAX 1"}, {"engine/a.h", "#define PRESSO_ASSERT(x) x"}});
  check_clean(tidy::check_macros, {{"base/assert.h", "#define PRESSO_ASSERT(x) x"},
                                   {"tests/main.cpp", "#define DOCTEST_CONFIG_IMPLEMENT"},
                                   {"base/a.h", "// #define MAX 1"}});
}

TEST_CASE("commented-out code is found, examples and prose are not") {
  check_flagged(tidy::check_dead_code, {{"base/a.cpp", "  // return a;"},
                                        {"base/a.cpp", "// foo.bar(a, b);"},
                                        {"base/a.cpp", "// int a = 1;"},
                                        {"base/a.cpp", "  // if (a) {"},
                                        {"base/a.cpp", "/* return a; */"},
                                        {"base/a.cpp", "// #include <vector>"}});
  check_clean(tidy::check_dead_code, {{"base/a.h", "//   auto path = parse(text);"},
                                      {"base/a.h", "// The state says nothing is due (see step);"},
                                      {"base/a.h", "// for (deadline, frame) in order;"},
                                      {"base/a.h", "// date = year \"-\" month"},
                                      {"base/a.cpp", "int a = 1;  // one"}});
}

TEST_CASE("a header that nobody includes is dead") {
  const std::vector<Source> sources = {make_source("base/a.h", "int a;"),
                                       make_source("base/b.h", "#include \"base/a.h\"")};
  CHECK(tidy::check_unused_headers(sources) ==
        Violations{{.path = "base/b.h", .line = 1, .rule = "included by nobody"}});
}

TEST_CASE("a violation says where it is") {
  CHECK(tidy::to_string({.path = "base/a.h", .line = 12, .rule = "no new"}) ==
        "base/a.h:12: no new");
}

TEST_CASE("check_all applies every rule") {
  const std::vector<Source> sources = {make_source("base/a.cpp",
                                                   "#include \"server/a.h\"\n"
                                                   "#include <thread>\n"
                                                   "#define A 1\n"
                                                   "int* a = new int{Json::parse(b)};\n"
                                                   "// return a;\n")};
  CHECK(tidy::check_all(sources).size() == 6);
}
