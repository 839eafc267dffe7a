#include "base/text.h"

#include <array>
#include <cstdint>

namespace presso {

namespace {

constexpr char32_t kReplacement = 0xfffd;

constexpr std::uint32_t byte_at(std::string_view text, std::size_t position) {
  return static_cast<unsigned char>(text[position]);
}

struct Decoded {
  char32_t code_point;
  std::size_t size;
  bool is_valid;
};

// The code point at `position`; a byte that begins none is one invalid code point of size 1.
// Refused as RFC 3629 says: overlong forms, surrogates, and what is beyond U+10FFFF.
Decoded decode(std::string_view text, std::size_t position) {
  constexpr Decoded kInvalid = {kReplacement, 1, false};
  constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  const std::uint32_t lead = byte_at(text, position);
  if (lead < 0x80) return {static_cast<char32_t>(lead), 1, true};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || size > text.size() - position) return kInvalid;
  std::uint32_t code_point = lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const std::uint32_t next = byte_at(text, position + i);
    if ((next & 0xc0) != 0x80) return kInvalid;
    code_point = code_point << 6 | (next & 0x3f);
  }
  if (code_point < kSmallest[size] || code_point > 0x10ffff) return kInvalid;
  if (code_point >= 0xd800 && code_point <= 0xdfff) return kInvalid;
  return {static_cast<char32_t>(code_point), size, true};
}

template <class Visit>
void for_each_code_point(std::string_view text, Visit visit) {
  for (std::size_t position = 0; position < text.size();) {
    const Decoded decoded = decode(text, position);
    visit(decoded);
    position += decoded.size;
  }
}

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";
constexpr std::string_view kLowerHex = "0123456789abcdef";

std::optional<std::uint32_t> hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return std::nullopt;
}

bool is_unreserved(char character) {
  return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
         (character >= 'A' && character <= 'Z') || character == '-' || character == '.' ||
         character == '_' || character == '~';
}

constexpr std::array<std::int8_t, 256> make_base64_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kBase64.size(); ++i) {
    values[byte_at(kBase64, i)] = static_cast<std::int8_t>(i);
  }
  return values;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t position = 0; position < text.size();) {
    const Decoded decoded = decode(text, position);
    if (!decoded.is_valid) return false;
    position += decoded.size;
  }
  return true;
}

std::size_t utf8_length(std::string_view text) {
  std::size_t length = 0;
  for_each_code_point(text, [&](const Decoded&) { ++length; });
  return length;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t length = 0;
  for_each_code_point(text, [&](const Decoded& decoded) { length += decoded.size == 4 ? 2 : 1; });
  return length;
}

std::vector<char32_t> to_code_points(std::string_view text) {
  std::vector<char32_t> code_points;
  code_points.reserve(text.size());
  for_each_code_point(text, [&](const Decoded& it) { code_points.push_back(it.code_point); });
  return code_points;
}

void append_utf8(std::string& text, char32_t code_point) {
  const bool is_scalar = code_point < 0xd800 || (code_point > 0xdfff && code_point <= 0x10ffff);
  const std::uint32_t bits = is_scalar ? code_point : kReplacement;
  const auto trail = [&](unsigned shift) {
    text += static_cast<char>(0x80 | ((bits >> shift) & 0x3f));
  };
  if (bits < 0x80) {
    text += static_cast<char>(bits);
  } else if (bits < 0x800) {
    text += static_cast<char>(0xc0 | (bits >> 6));
    trail(0);
  } else if (bits < 0x10000) {
    text += static_cast<char>(0xe0 | (bits >> 12));
    trail(6);
    trail(0);
  } else {
    text += static_cast<char>(0xf0 | (bits >> 18));
    trail(12);
    trail(6);
    trail(0);
  }
}

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    std::uint32_t group = byte_at(bytes, i) << 16;
    if (left > 1) group |= byte_at(bytes, i + 1) << 8;
    if (left > 2) group |= byte_at(bytes, i + 2);
    text += kBase64[group >> 18];
    text += kBase64[(group >> 12) & 0x3f];
    text += left > 1 ? kBase64[(group >> 6) & 0x3f] : '=';
    text += left > 2 ? kBase64[group & 0x3f] : '=';
  }
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  static constexpr std::array<std::int8_t, 256> kValues = make_base64_values();
  if (text.ends_with('=')) {
    if (text.size() % 4 != 0) return std::nullopt;
    text.remove_suffix(text.ends_with("==") ? 2 : 1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t pending = 0;
  unsigned pending_bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::int8_t value = kValues[byte_at(text, i)];
    if (value < 0) return std::nullopt;
    pending = pending << 6 | static_cast<std::uint32_t>(value);
    pending_bits += 6;
    if (pending_bits < 8) continue;
    pending_bits -= 8;
    bytes += static_cast<char>((pending >> pending_bits) & 0xff);
  }
  return bytes;
}

std::string hex_encode(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += kLowerHex[byte_at(bytes, i) >> 4];
    text += kLowerHex[byte_at(bytes, i) & 0xf];
  }
  return text;
}

std::string percent_encode(std::string_view text, bool keep_slash) {
  std::string encoded;
  encoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_unreserved(text[i]) || (keep_slash && text[i] == '/')) {
      encoded += text[i];
      continue;
    }
    encoded += '%';
    encoded += kUpperHex[byte_at(text, i) >> 4];
    encoded += kUpperHex[byte_at(text, i) & 0xf];
  }
  return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const auto high = hex_value(text[i + 1]);
    const auto low = hex_value(text[i + 2]);
    if (!high || !low) return std::nullopt;
    decoded += static_cast<char>(*high << 4 | *low);
    i += 2;
  }
  return decoded;
}

std::string to_lower_ascii(std::string_view text) {
  std::string lower{text};
  for (char& character : lower) {
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  }
  return lower;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace presso
