// Spans as values, and their form in OTLP/HTTP with JSON.
// https://opentelemetry.io/docs/specs/otlp/#otlphttp
//
// Ids are made from what a span is about: a span that is told of twice, before a crash and after
// it, is one span, and what comes later knows its parent's id without asking anybody.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace presso::server {

// Where a span belongs: to which trace, and below which span of it.
struct TraceContext {
  std::string trace_id;        // 32 lower case hexadecimal digits
  std::string parent_id = {};  // 16; empty: it is the trace's first

  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

// As an execution keeps it, and back; nothing when the text is none.
[[nodiscard]] std::string to_text(const TraceContext&);
[[nodiscard]] std::optional<TraceContext> trace_context_of(std::string_view text);

// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01": https://www.w3.org/TR/trace-context/
[[nodiscard]] std::optional<TraceContext> parse_traceparent(std::string_view);
// "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1", Parent or not:
// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
[[nodiscard]] std::optional<TraceContext> parse_amazon_trace(std::string_view);

[[nodiscard]] std::string trace_id_of(std::string_view subject);
[[nodiscard]] std::string span_id_of(std::string_view subject);

struct Span {
  // As OpenTelemetry numbers them.
  enum class Kind { Internal = 1, Server = 2, Client = 3, Producer = 4, Consumer = 5 };

  TraceContext context;
  std::string id;
  std::string name;
  Kind kind = Kind::Internal;
  Time start{};
  Time end{};
  std::vector<std::pair<std::string, std::string>> attributes = {};
  std::optional<std::string> error = {};  // none: nothing went wrong

  friend bool operator==(const Span&, const Span&) = default;
};

// The body of one request. `resource`: the attributes of who tells, service.name among them.
[[nodiscard]] std::string export_request(
    std::span<const Span> spans, const std::vector<std::pair<std::string, std::string>>& resource);

}  // namespace presso::server
