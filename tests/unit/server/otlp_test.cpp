#include <doctest/doctest.h>

#include <string>

#include "base/json.h"
#include "server/otlp/recent.h"
#include "server/otlp/settings.h"
#include "server/otlp/span.h"

namespace presso::server {
namespace {

constexpr const char* kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr const char* kParent = "00f067aa0ba902b7";

std::string refusal_of(const Environment& environment) {
  const auto settings = otlp_settings(environment);
  return settings ? "" : settings.error().message;
}

}  // namespace

TEST_CASE("a traceparent is read, or is none") {
  const std::string ids = std::string{kTrace} + "-" + kParent;
  const TraceContext context{.trace_id = kTrace, .parent_id = kParent};
  CHECK(parse_traceparent("00-" + ids + "-01") == context);
  CHECK(parse_traceparent("00-" + ids + "-00") == context);
  CHECK(parse_traceparent("cc-" + ids + "-01-what-comes") == context);
  for (const std::string& wrong :
       {std::string{}, "00-" + ids, "00-" + ids + "-01-more", "ff-" + ids + "-01",
        "0-" + ids + "-01", "00-" + std::string(32, '0') + "-" + kParent + "-01",
        "00-" + std::string{kTrace} + "-" + std::string(16, '0') + "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + std::string{kParent} + "-01"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_traceparent(wrong));
  }
}

TEST_CASE("Amazon's header is read, with a parent or without") {
  const std::string root = "Root=1-5759e988-bd862e3fe1be46a994272793";
  const std::string trace = "5759e988bd862e3fe1be46a994272793";
  CHECK(parse_amazon_trace(root + ";Parent=53995c3f42cd8ad8;Sampled=1") ==
        TraceContext{.trace_id = trace, .parent_id = "53995c3f42cd8ad8"});
  CHECK(parse_amazon_trace("Sampled=0;" + root) == TraceContext{.trace_id = trace});
  CHECK(parse_amazon_trace(root + ";Parent=none") == TraceContext{.trace_id = trace});
  for (const char* wrong :
       {"", "Root", "Root=", "Root=1-5759e988", "Self=1-1-1",
        "Root=2-5759e988-bd862e3fe1be46a994272793", "Root=1-5759e988-bd862e3fe1be46a99427279"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_amazon_trace(wrong));
  }
}

TEST_CASE("a context is read from the text that an execution keeps") {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  for (const TraceContext& context :
       {TraceContext{trace}, TraceContext{trace, "00f067aa0ba902b7"}}) {
    CHECK(trace_context_of(to_text(context)) == context);
  }
  for (const char* text :
       {"", "-", "4bf92f3577b34da6a3ce929d0e0e473", "00f067aa0ba902b7",
        "4bf92f3577b34da6a3ce929d0e0e4736-", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b",
        "4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000"}) {
    CHECK_FALSE(trace_context_of(text));
  }
}

TEST_CASE("ids are made from what a span is about") {
  CHECK(trace_id_of("a").size() == 32);
  CHECK(span_id_of("a").size() == 16);
  CHECK(trace_id_of("a") == trace_id_of("a"));
  CHECK(span_id_of("a") != span_id_of("b"));
}

TEST_CASE("a request has the form of OTLP in JSON") {
  Span span{.context = {.trace_id = kTrace, .parent_id = ""},
            .id = kParent,
            .name = "a \"name\"",
            .kind = Span::Kind::Client,
            .start = time_of_epoch_ms(1),
            .end = time_of_epoch_ms(1'700'000'000'123),
            .attributes = {{"k", "v"}},
            .error = std::string(1'023, 'x') + "\xE2\x98\x95"};
  const std::vector<Span> spans{span, {.context = {kTrace, kParent}, .id = "1", .name = "n"}};
  const auto json = parse_json(export_request(spans, {{"service.name", "shop"}}));
  REQUIRE(json);
  const Json& resource = json->at("resourceSpans").at(0);
  CHECK(dump_json(resource.at("resource")) ==
        R"({"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]})");
  const Json& told = resource.at("scopeSpans").at(0).at("spans");
  REQUIRE(told.size() == 2);
  CHECK(told.at(0).at("name") == "a \"name\"");
  CHECK(told.at(0).at("kind") == 3);
  CHECK(told.at(0).at("startTimeUnixNano") == "1000000");
  CHECK(told.at(0).at("endTimeUnixNano") == "1700000000123000000");
  CHECK_FALSE(told.at(0).contains("parentSpanId"));
  CHECK(told.at(0).at("status").at("code") == 2);
  CHECK(told.at(0).at("status").at("message") == std::string(1'023, 'x'));
  CHECK(told.at(1).at("parentSpanId") == kParent);
  CHECK_FALSE(told.at(1).contains("status"));
}

TEST_CASE("spans go where OpenTelemetry's variables say") {
  CHECK(*otlp_settings({}) == std::nullopt);
  const Environment base = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/"}};
  CHECK((*otlp_settings(base))->url == "http://collector:4318/v1/traces");
  CHECK((*otlp_settings(base))->timeout == seconds(10));
  CHECK((*otlp_settings(base))->resource.front() ==
        std::pair<std::string, std::string>{"service.name", "presso"});
  Environment more = base;
  more["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "https://other/here";
  more["OTEL_EXPORTER_OTLP_TIMEOUT"] = "250";
  more["OTEL_EXPORTER_OTLP_HEADERS"] = "a=1, b = x%2Cy";
  const auto settings = otlp_settings(more);
  CHECK((*settings)->url == "https://other/here");
  CHECK((*settings)->timeout == Duration{250});
  CHECK((*settings)->headers ==
        Headers{{"a", "1"}, {"b", "x,y"}, {"Content-Type", "application/json"}});
  more["OTEL_SDK_DISABLED"] = "TRUE";
  CHECK(*otlp_settings(more) == std::nullopt);
  Environment none = base;
  none["OTEL_TRACES_EXPORTER"] = "none";
  CHECK(*otlp_settings(none) == std::nullopt);
}

TEST_CASE("a variable that cannot be understood is refused by its name") {
  CHECK(refusal_of({{"OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"}})
            .starts_with("OTEL_EXPORTER_OTLP_ENDPOINT wants an http: or https: URL, not '"));
  Environment environment = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"}};
  environment["OTEL_EXPORTER_OTLP_HEADERS"] = "a";
  CHECK(refusal_of(environment) ==
        "OTEL_EXPORTER_OTLP_HEADERS wants NAME=VALUE, with commas between several");
  environment["OTEL_EXPORTER_OTLP_HEADERS"] = "a=%0d%0aHost: b";
  CHECK_FALSE(refusal_of(environment).empty());
  environment["OTEL_EXPORTER_OTLP_HEADERS"] = "";
  environment["OTEL_EXPORTER_OTLP_TIMEOUT"] = "10s";
  CHECK(refusal_of(environment) == "OTEL_EXPORTER_OTLP_TIMEOUT wants milliseconds, not '10s'");
}

TEST_CASE("what was used last is kept") {
  Recent<int, std::string> recent{2};
  recent.put(1, "one");
  recent.put(2, "two");
  REQUIRE(recent.find(1) != nullptr);
  recent.put(3, "three");
  CHECK(recent.find(2) == nullptr);
  CHECK(*recent.find(1) == "one");
  recent.put(1, "uno");
  CHECK(*recent.find(1) == "uno");
  CHECK(recent.find(3) != nullptr);
  recent.erase(3);
  CHECK(recent.find(3) == nullptr);
}

}  // namespace presso::server
