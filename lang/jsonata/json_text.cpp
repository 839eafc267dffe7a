#include "lang/jsonata/json_text.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

void append_escape(std::string& out, unsigned code_unit) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", code_unit);
  out += text.data();
}

void append_control(std::string& out, char c) {
  switch (c) {
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: append_escape(out, static_cast<unsigned char>(c));
  }
}

void append_value(std::string& out, const Json& value) {
  if (const auto* text = value.get_ptr<const std::string*>(); text != nullptr) {
    append_quoted(out, *text);
  } else if (value.is_number()) {
    const auto number = value.get<double>();
    out += std::isfinite(number) ? number_text(number) : "null";
  } else if (value.is_array()) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      append_value(out, value[i]);
    }
    out += ']';
  } else if (value.is_object()) {
    out += '{';
    bool is_first = true;
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      if (!std::exchange(is_first, false)) out += ',';
      append_quoted(out, name);
      out += ':';
      append_value(out, member);
    }
    out += '}';
  } else if (value.is_boolean()) {
    out += value.get<bool>() ? "true" : "false";
  } else {
    out += "null";
  }
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain_from = 0;
  const auto flush = [&](std::size_t to) { out += text.substr(plain_from, to - plain_from); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_half = byte == 0xED && i + 2 < text.size() &&
                         (static_cast<unsigned char>(text[i + 1]) & 0xE0) == 0xA0;
    if (byte >= 0x20 && byte != '"' && byte != '\\' && !is_half) continue;
    flush(i);
    if (is_half) {
      std::size_t at = i;
      append_escape(out, static_cast<unsigned>(next_code_point(text, at)));
      i += 2;
    } else if (byte >= 0x20) {
      out += '\\';
      out += text[i];
    } else {
      append_control(out, text[i]);
    }
    plain_from = i + 1;
  }
  flush(text.size());
  out += '"';
}

std::string json_text(const Json& value) {
  std::string out;
  append_value(out, value);
  return out;
}

}  // namespace presso::jsonata
