// Base64 and percent-encoding, as JavaScript does them.
#include <string>

#include "base/text.h"
#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

constexpr std::string_view kUnreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
constexpr std::string_view kReserved = ";/?:@&=+$,#";

// Each UTF-16 code unit is one byte, its low eight bits.
Value base64_encoded(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  std::string bytes;
  for (const char16_t unit : to_utf16(call[0].text())) bytes += static_cast<char>(unit & 0xFF);
  return call.evaluator.text_value(base64_encode(bytes));
}

int digit_of(char16_t unit) {
  const auto c = static_cast<char>(unit & 0xFF);
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

// As node's Buffer reads it: of each code unit the low eight bits. Other characters are passed
// over, padding ends it.
Value base64_decoded(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  std::string text;
  unsigned bits = 0;
  int count = 0;
  for (const char16_t unit : to_utf16(call[0].text())) {
    if (unit == u'=') break;
    const int digit = digit_of(unit);
    if (digit < 0) continue;
    bits = (bits << 6) | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    append_code_point(text, (bits >> count) & 0xFF);
  }
  return call.evaluator.text_value(text);
}

Thrown malformed(const NativeCall& call, std::string_view function_name) {
  Thrown thrown = failure("D3140");
  thrown.value = Json(std::string{call[0].text()});
  thrown.function_name = function_name;
  return thrown;
}

bool is_in(std::string_view set, char32_t c) {
  return c < 0x80 && set.find(static_cast<char>(c)) != std::string_view::npos;
}

void append_percent(std::string& out, std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 0xF];
  }
}

Value encoded(const NativeCall& call, std::string_view function_name, std::string_view kept) {
  if (call[0].is_nothing()) return {};
  const std::string_view text = call[0].text();
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t code_point = next_code_point(text, at);
    if (code_point >= 0xD800 && code_point < 0xE000) throw malformed(call, function_name);
    const std::string_view bytes = text.substr(start, at - start);
    if (is_in(kUnreserved, code_point) || is_in(kept, code_point)) {
      result += bytes;
    } else {
      append_percent(result, bytes);
    }
  }
  return call.evaluator.text_value(result);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The byte that `%xy` at `at` stands for; -1 when it is none.
int percent_byte(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

std::size_t length_by_first_byte(int byte) {
  if (byte < 0x80) return 1;
  if (byte >= 0xC2 && byte < 0xE0) return 2;
  if (byte >= 0xE0 && byte < 0xF0) return 3;
  return byte >= 0xF0 && byte < 0xF5 ? 4 : 0;
}

// `kept`: characters that stay encoded.
Value decoded(const NativeCall& call, std::string_view function_name, std::string_view kept) {
  if (call[0].is_nothing()) return {};
  const std::string_view text = call[0].text();
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      result += text[at++];
      continue;
    }
    const int first = percent_byte(text, at);
    const std::size_t length = first < 0 ? 0 : length_by_first_byte(first);
    if (length == 0) throw malformed(call, function_name);
    std::string bytes;
    for (std::size_t i = 0; i < length; ++i) {
      const int byte = percent_byte(text, at + 3 * i);
      if (byte < 0) throw malformed(call, function_name);
      bytes += static_cast<char>(byte);
    }
    if (!is_utf8(bytes)) throw malformed(call, function_name);
    if (length == 1 && kept.find(bytes[0]) != std::string_view::npos) {
      result += text.substr(at, 3);
    } else {
      result += bytes;
    }
    at += 3 * length;
  }
  return call.evaluator.text_value(result);
}

Value encode_url_component(const NativeCall& call) {
  return encoded(call, "encodeUrlComponent", {});
}
Value encode_url(const NativeCall& call) { return encoded(call, "encodeUrl", kReserved); }
Value decode_url_component(const NativeCall& call) {
  return decoded(call, "decodeUrlComponent", {});
}
Value decode_url(const NativeCall& call) { return decoded(call, "decodeUrl", kReserved); }

}  // namespace

std::vector<Builtin> encoding_functions() {
  return {
      {"base64encode", "<s-:s>", 1, base64_encoded},
      {"base64decode", "<s-:s>", 1, base64_decoded},
      {"encodeUrlComponent", "<s-:s>", 1, encode_url_component},
      {"encodeUrl", "<s-:s>", 1, encode_url},
      {"decodeUrlComponent", "<s-:s>", 1, decode_url_component},
      {"decodeUrl", "<s-:s>", 1, decode_url},
  };
}

}  // namespace presso::jsonata
