#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/text.h"
#include "lang/intrinsics/functions.h"
#include "lang/intrinsics/limits.h"

namespace presso::intrinsics {

namespace {

const std::string* text_of(const Value& value) { return as_string(&value.get()); }

// The text of an argument that may not be long, or null.
const std::string* short_text_of(const Value& value) {
  const auto* text = text_of(value);
  return text != nullptr && utf16_length(*text) <= kMaxCodedLength ? text : nullptr;
}

bool is_escapable(char character) {
  return std::string_view{"'{}\\"}.find(character) != std::string_view::npos;
}

// As Java decodes bytes: U+FFFD for what is not UTF-8.
std::string repaired(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string{bytes};
  std::string text;
  for (const char32_t code_point : to_code_points(bytes)) append_utf8(text, code_point);
  return text;
}

struct Algorithm {
  std::string_view name;
  DigestAlgorithm algorithm;
};
constexpr std::array<Algorithm, 5> kAlgorithms{{{"MD5", DigestAlgorithm::Md5},
                                                {"SHA-1", DigestAlgorithm::Sha1},
                                                {"SHA-256", DigestAlgorithm::Sha256},
                                                {"SHA-384", DigestAlgorithm::Sha384},
                                                {"SHA-512", DigestAlgorithm::Sha512}}};

}  // namespace

std::optional<std::string> unescaped(std::string_view raw) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\\' && (++i == raw.size() || !is_escapable(raw[i]))) return std::nullopt;
    text += raw[i];
  }
  return text;
}

std::optional<Json> format(std::span<Value> arguments, const Env&) {
  const auto* pattern = text_of(arguments[0]);
  if (pattern == nullptr) return std::nullopt;
  std::string text;
  std::size_t next = 1;
  for (std::size_t i = 0; i < pattern->size(); ++i) {
    if (pattern->compare(i, 2, "{}") == 0) {
      if (next == arguments.size()) return std::nullopt;
      const Value& argument = arguments[next++];
      const auto* bare = text_of(argument);
      text += bare != nullptr ? *bare : dump_json(argument.get());
      ++i;
      continue;
    }
    const bool is_escape = (*pattern)[i] == '\\';
    if (is_escape && (++i == pattern->size() || !is_escapable((*pattern)[i]))) {
      return std::nullopt;
    }
    text += (*pattern)[i];
  }
  if (next != arguments.size()) return std::nullopt;
  return Json(std::move(text));
}

std::optional<Json> string_to_json(std::span<Value> arguments, const Env&) {
  const auto* text = text_of(arguments[0]);
  if (text == nullptr) return std::nullopt;
  auto value = parse_json(*text);
  if (!value) return std::nullopt;
  return *std::move(value);
}

std::optional<Json> json_to_string(std::span<Value> arguments, const Env&) {
  return Json(dump_json(arguments[0].get()));
}

std::optional<Json> json_merge(std::span<Value> arguments, const Env&) {
  const Json& is_deep = arguments[2].get();
  const bool are_objects = arguments[0].get().is_object() && arguments[1].get().is_object();
  if (!are_objects || !is_deep.is_boolean() || is_deep.get<bool>()) return std::nullopt;
  Json merged = std::move(arguments[0]).take();
  for (const auto& [name, member] : arguments[1].get().get_ref<const Json::object_t&>()) {
    merged[name] = member;
  }
  return merged;
}

// Each character of the second text separates; what is empty between two of them is left out.
std::optional<Json> string_split(std::span<Value> arguments, const Env&) {
  const auto* text = text_of(arguments[0]);
  const auto* separators = text_of(arguments[1]);
  if (text == nullptr || separators == nullptr) return std::nullopt;
  const auto marks = to_code_points(*separators);
  Json pieces = Json::array();
  std::string piece;
  const auto finish = [&] {
    if (!piece.empty()) pieces.push_back(std::exchange(piece, {}));
  };
  for (const char32_t code_point : to_code_points(*text)) {
    if (std::find(marks.begin(), marks.end(), code_point) != marks.end()) {
      finish();
    } else {
      append_utf8(piece, code_point);
    }
  }
  finish();
  return pieces;
}

std::optional<Json> base64_encode_text(std::span<Value> arguments, const Env&) {
  const auto* text = short_text_of(arguments[0]);
  if (text == nullptr) return std::nullopt;
  return Json(base64_encode(*text));
}

std::optional<Json> base64_decode_text(std::span<Value> arguments, const Env&) {
  const auto* text = short_text_of(arguments[0]);
  if (text == nullptr) return std::nullopt;
  const auto bytes = base64_decode(*text);
  if (!bytes) return std::nullopt;
  return Json(repaired(*bytes));
}

std::optional<Json> hash(std::span<Value> arguments, const Env&) {
  const auto* text = short_text_of(arguments[0]);
  const auto* name = text_of(arguments[1]);
  if (text == nullptr || name == nullptr) return std::nullopt;
  const auto* const row =
      std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                   [&](const Algorithm& algorithm) { return algorithm.name == *name; });
  if (row == kAlgorithms.end()) return std::nullopt;
  return Json(hex_encode(digest(row->algorithm, *text)));
}

}  // namespace presso::intrinsics
