#include "server/otlp/span.h"

#include "base/digest.h"
#include "base/json_text.h"
#include "base/text.h"
#include "server/config.h"

namespace presso::server {
namespace {

constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kSpanDigits = 16;

// Hexadecimal, of that length, and not all zeros, which stands for none.
bool is_id(std::string_view text, std::size_t digits) {
  return text.size() == digits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

void append_text(std::string& json, std::string_view name, std::string_view value) {
  json.append("\"").append(name).append("\":");
  append_json_string(json, value);
}

void append_attributes(std::string& json,
                       const std::vector<std::pair<std::string, std::string>>& attributes) {
  json += "\"attributes\":[";
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    json += i == 0 ? "{" : ",{";
    append_text(json, "key", attributes[i].first);
    json += ",\"value\":{";
    append_text(json, "stringValue", attributes[i].second);
    json += "}}";
  }
  json += "]";
}

std::string unix_nano(Time time) { return std::to_string(epoch_ms(time)) + "000000"; }

// The text of a status is for people.
constexpr std::size_t kErrorBytes = 1'024;

void append_span(std::string& json, const Span& span) {
  constexpr int kFailed = 2;
  json += "{";
  append_text(json, "traceId", span.context.trace_id);
  json += ",";
  append_text(json, "spanId", span.id);
  if (!span.context.parent_id.empty()) {
    json += ",";
    append_text(json, "parentSpanId", span.context.parent_id);
  }
  json += ",";
  append_text(json, "name", span.name);
  json += ",\"kind\":" + std::to_string(static_cast<int>(span.kind)) + ",";
  append_text(json, "startTimeUnixNano", unix_nano(span.start));
  json += ",";
  append_text(json, "endTimeUnixNano", unix_nano(span.end));
  json += ",";
  append_attributes(json, span.attributes);
  if (span.error) {
    std::string_view text = *span.error;
    if (text.size() > kErrorBytes) {
      std::size_t end = kErrorBytes;
      while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
      text = text.substr(0, end);
    }
    json += ",\"status\":{\"code\":" + std::to_string(kFailed) + ",";
    append_text(json, "message", text);
    json += "}";
  }
  json += "}";
}

}  // namespace

// "TRACE" or "TRACE-PARENT".
std::string to_text(const TraceContext& context) {
  if (context.parent_id.empty()) return context.trace_id;
  return context.trace_id + "-" + context.parent_id;
}

std::optional<TraceContext> trace_context_of(std::string_view text) {
  const auto dash = text.find('-');
  const std::string_view trace = text.substr(0, dash);
  if (!is_id(trace, kTraceDigits)) return std::nullopt;
  if (dash == std::string_view::npos) return TraceContext{std::string{trace}};
  const std::string_view parent = text.substr(dash + 1);
  if (!is_id(parent, kSpanDigits)) return std::nullopt;
  return TraceContext{std::string{trace}, std::string{parent}};
}

std::optional<TraceContext> parse_traceparent(std::string_view text) {
  const auto parts = split(text, '-');
  constexpr std::size_t kParts = 4;
  // A later version may have more parts; the first three mean the same.
  if (parts.size() < kParts || parts[0].size() != 2 || parts[0] == "ff") return std::nullopt;
  if (parts[0] == "00" && parts.size() != kParts) return std::nullopt;
  if (!is_id(parts[1], kTraceDigits) || !is_id(parts[2], kSpanDigits)) return std::nullopt;
  return TraceContext{.trace_id = std::string{parts[1]}, .parent_id = std::string{parts[2]}};
}

std::optional<TraceContext> parse_amazon_trace(std::string_view text) {
  TraceContext context;
  for (const std::string_view part : split(text, ';')) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view value = part.substr(equals + 1);
    if (part.substr(0, equals) == "Root") {
      const auto root = split(value, '-');
      if (root.size() != 3 || root[0] != "1") return std::nullopt;
      context.trace_id = to_lower_ascii(std::string{root[1]} + std::string{root[2]});
    } else if (part.substr(0, equals) == "Parent") {
      context.parent_id = to_lower_ascii(value);
    }
  }
  if (!is_id(context.trace_id, kTraceDigits)) return std::nullopt;
  if (!is_id(context.parent_id, kSpanDigits)) context.parent_id.clear();
  return context;
}

std::string trace_id_of(std::string_view subject) {
  return hex_encode(digest(DigestAlgorithm::Sha256, subject)).substr(0, kTraceDigits);
}
std::string span_id_of(std::string_view subject) {
  return hex_encode(digest(DigestAlgorithm::Sha256, subject)).substr(kTraceDigits, kSpanDigits);
}

std::string export_request(std::span<const Span> spans,
                           const std::vector<std::pair<std::string, std::string>>& resource) {
  std::string json = "{\"resourceSpans\":[{\"resource\":{";
  append_attributes(json, resource);
  json += "},\"scopeSpans\":[{\"scope\":{\"name\":\"presso\",";
  append_text(json, "version", kVersion);
  json += "},\"spans\":[";
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (i > 0) json += ",";
    append_span(json, spans[i]);
  }
  return json + "]}]}]}";
}

}  // namespace presso::server
