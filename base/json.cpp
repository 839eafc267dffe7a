// simdjson reads what is well formed, most of what comes; what it refuses, or may take otherwise,
// is read by nlohmann's parser, which says what is wrong and where.
//
// One pass over the text: nlohmann's parser keeps its own stack, so depth costs it nothing, and the
// builder below counts levels as they open and stops the parser at the first one too many. (Its own
// builder knows no bound, and a scan for brackets beforehand would read every text twice.)
#include "base/json.h"

#include <simdjson.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/json_text.h"
#include "base/library_version.h"

namespace presso {

namespace {

// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …; last read:
// '…'" without the brackets, the place, which is told as an offset, and the text read, which may be
// long.
std::string reason_of(std::string_view what) {
  constexpr std::string_view kPlace = "parse error at ";
  what = what.substr(std::min(what.find("] ") + 2, what.size()));
  if (what.starts_with(kPlace)) what = what.substr(what.find(": ") + 2);
  return std::string{what.substr(0, what.find("; last read: '"))};
}

// The parser counts the byte it failed at, or the end, as read.
Error fault(std::size_t position, const std::exception& exception) {
  return {"JsonParseError", reason_of(exception.what()) + " at offset " +
                                std::to_string(std::max<std::size_t>(position, 1) - 1)};
}
Error too_deep(std::size_t max_depth) {
  return {"JsonParseError", "nested deeper than " + std::to_string(max_depth) + " levels"};
}
// No JSON text holds a NUL; nlohmann's parser would take it for the end.
std::optional<Error> nul_in(std::string_view text) {
  const std::size_t nul = text.find('\0');
  if (nul == std::string_view::npos) return std::nullopt;
  return Error{"JsonParseError", "NUL byte at offset " + std::to_string(nul)};
}

// The events of nlohmann's SAX interface, counted.
class Checker {
 public:
  explicit Checker(std::size_t max_depth) : max_depth_{max_depth} {}

  bool null() { return see(Json::value_t::null); }
  bool boolean(bool) { return see(Json::value_t::boolean); }
  bool number_integer(Json::number_integer_t) { return see(Json::value_t::number_integer); }
  bool number_unsigned(Json::number_unsigned_t) { return see(Json::value_t::number_unsigned); }
  bool number_float(Json::number_float_t, const std::string&) {
    return see(Json::value_t::number_float);
  }
  bool string(std::string&) { return see(Json::value_t::string); }
  bool binary(Json::binary_t&) { return false; }  // no JSON text has it

  bool start_object(std::size_t) { return open(Json::value_t::object); }
  bool key(std::string&) { return true; }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(Json::value_t::array); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t position, const std::string&, const std::exception& exception) {
    error_ = fault(position, exception);
    return false;
  }

  Result<Json::value_t> finish() && {
    if (error_) return *std::move(error_);
    return root_;
  }

 private:
  bool see(Json::value_t type) {
    if (depth_ == 0) root_ = type;
    return true;
  }
  bool open(Json::value_t type) {
    see(type);
    if (depth_ == max_depth_) {
      error_ = too_deep(max_depth_);
      return false;
    }
    ++depth_;
    return true;
  }
  bool close() {
    --depth_;
    return true;
  }

  std::size_t max_depth_;
  std::size_t depth_ = 0;
  Json::value_t root_ = Json::value_t::null;
  std::optional<Error> error_;
};

// The same events, as a value.
class Builder {
 public:
  explicit Builder(std::size_t max_depth) : max_depth_{max_depth} {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
  bool number_float(Json::number_float_t value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }  // no JSON text has it

  bool start_object(std::size_t) { return open(Json::object()); }
  bool key(std::string& name) {
    member_ = &open_.back()->get_ref<Json::object_t&>()[std::move(name)];
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t position, const std::string&, const std::exception& exception) {
    error_ = fault(position, exception);
    return false;
  }

  Result<Json> finish() && {
    if (error_) return *std::move(error_);
    return std::move(root_);
  }

 private:
  template <class Value>
  bool add(Value&& value) {
    place(Json(std::forward<Value>(value)));
    return true;
  }

  // Addresses stay good: an array or object grows only while none of its elements is open.
  Json* place(Json&& value) {
    Json* target = &root_;
    if (!open_.empty() && open_.back()->is_array()) {
      return &open_.back()->get_ref<Json::array_t&>().emplace_back(std::move(value));
    }
    if (!open_.empty()) target = member_;
    *target = std::move(value);
    return target;
  }

  bool open(Json&& empty) {
    if (open_.size() == max_depth_) {
      error_ = too_deep(max_depth_);
      return false;
    }
    open_.push_back(place(std::move(empty)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::size_t max_depth_;
  Json root_;
  std::vector<Json*> open_;  // from the root inwards
  Json* member_ = nullptr;   // where the value after a name belongs
  std::optional<Error> error_;
};

// simdjson takes half of a pair of surrogates, which is no character.
bool has_surrogate_escape(std::string_view text) {
  for (auto at = text.find("\\u"); at != std::string_view::npos; at = text.find("\\u", at + 2)) {
    const std::string_view digits = text.substr(at + 2, 2);
    if (digits.size() == 2 && (digits[0] | 0x20) == 'd' && digits[1] >= '8') return true;
  }
  return false;
}

// The parser keeps its memory, which is a dozen times the longest text: long ones get another.
constexpr std::size_t kKeptParserBytes = 16 * 1024;

// The text's root while `Use` looks at it; false when simdjson does not read it.
template <class Use>
bool read_fast(std::string_view text, Use&& use) {
  if (text.empty() || has_surrogate_escape(text)) return false;
  const auto read = [&](simdjson::dom::parser& parser) {
    simdjson::dom::element root;
    return parser.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS && use(root);
  };
  if (text.size() <= kKeptParserBytes) {
    thread_local simdjson::dom::parser kept;
    return read(kept);
  }
  simdjson::dom::parser parser;
  return read(parser);
}

// False when there are more levels than `levels`.
bool build(simdjson::dom::element from, std::size_t levels, Json& into) {
  using Type = simdjson::dom::element_type;
  switch (from.type()) {
    case Type::NULL_VALUE: return true;
    case Type::BOOL: into = bool{from}; return true;
    case Type::DOUBLE: into = double{from}; return true;
    case Type::UINT64: into = std::uint64_t{from}; return true;
    case Type::INT64: {
      const std::int64_t number{from};
      if (number >= 0) {
        into = static_cast<std::uint64_t>(number);
      } else {
        into = number;
      }
      return true;
    }
    case Type::STRING: into = std::string{std::string_view{from}}; return true;
    case Type::ARRAY: {
      if (levels == 0) return false;
      into = Json::array();
      auto& items = into.get_ref<Json::array_t&>();
      const simdjson::dom::array array{from};
      items.reserve(array.size());
      for (const simdjson::dom::element item : array) {
        if (!build(item, levels - 1, items.emplace_back())) return false;
      }
      return true;
    }
    case Type::OBJECT: {
      if (levels == 0) return false;
      into = Json::object();
      auto& members = into.get_ref<Json::object_t&>();
      const simdjson::dom::object object{from};
      members.reserve(object.size());
      for (const auto& [name, value] : object) {
        Json& member = members[std::string{name}];
        member = nullptr;
        if (!build(value, levels - 1, member)) return false;
      }
      return true;
    }
  }
  PRESSO_ASSERT(false);
}

Json::value_t type_of(simdjson::dom::element root) {
  using Type = simdjson::dom::element_type;
  switch (root.type()) {
    case Type::NULL_VALUE: return Json::value_t::null;
    case Type::BOOL: return Json::value_t::boolean;
    case Type::DOUBLE: return Json::value_t::number_float;
    case Type::UINT64: return Json::value_t::number_unsigned;
    case Type::INT64:
      return std::int64_t{root} >= 0 ? Json::value_t::number_unsigned
                                     : Json::value_t::number_integer;
    case Type::STRING: return Json::value_t::string;
    case Type::ARRAY: return Json::value_t::array;
    case Type::OBJECT: return Json::value_t::object;
  }
  PRESSO_ASSERT(false);
}

// At least as many as the text has.
std::size_t levels_at_most(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return c == '[' || c == '{'; }));
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::size_t max_depth) {
  Json fast;
  const auto take = [&](simdjson::dom::element root) { return build(root, max_depth, fast); };
  if (read_fast(text, take)) return fast;
  if (auto error = nul_in(text)) return *std::move(error);
  Builder builder{max_depth};
  Json::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).finish();
}

Result<Json::value_t> check_json(std::string_view text, std::size_t max_depth) {
  Json::value_t root = Json::value_t::null;
  const auto take = [&](simdjson::dom::element element) {
    root = type_of(element);
    return true;
  };
  if (levels_at_most(text) <= max_depth && read_fast(text, take)) return root;
  if (auto error = nul_in(text)) return *std::move(error);
  Checker checker{max_depth};
  Json::sax_parse(text.begin(), text.end(), &checker);
  return std::move(checker).finish();
}

std::optional<std::string> source_text(std::string_view text, std::string_view pointer) {
  const simdjson::padded_string padded{text};
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return std::nullopt;
  simdjson::ondemand::value value;
  auto found = pointer.empty() ? document.get_value() : document.at_pointer(pointer);
  if (found.get(value) != simdjson::SUCCESS) return std::nullopt;
  simdjson::ondemand::array array;
  simdjson::ondemand::object object;
  std::string_view raw;
  if (value.get_array().get(array) == simdjson::SUCCESS) {
    if (array.raw_json().get(raw) != simdjson::SUCCESS) return std::nullopt;
  } else if (value.get_object().get(object) != simdjson::SUCCESS ||
             object.raw_json().get(raw) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  raw.remove_suffix(raw.size() - 1 - raw.find_last_of("]}"));
  return std::string{raw};
}

std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Almost every text is printable ASCII without quotes, and stands for itself.
void append_json_string(std::string& text, std::string_view value) {
  const bool is_plain = std::all_of(value.begin(), value.end(), [](char c) {
    return c >= ' ' && c < '\x7f' && c != '"' && c != '\\';
  });
  if (is_plain) {
    text.append(1, '"').append(value).append(1, '"');
  } else {
    text += dump_json(Json(value));
  }
}

const Json* find_member(const Json& value, std::string_view name) {
  if (!value.is_object()) return nullptr;
  const auto& members = value.get_ref<const Json::object_t&>();
  const auto it = members.find(name);
  return it == members.end() ? nullptr : &it->second;
}

const std::string* as_string(const Json* value) {
  return value == nullptr ? nullptr : value->get_ptr<const std::string*>();
}

LibraryVersion version_of_nlohmann_json() {
  return {"nlohmann_json",
          std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." +
              std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." +
              std::to_string(NLOHMANN_JSON_VERSION_PATCH),
          ""};
}

// Which of its forms runs depends on the processor.
LibraryVersion version_of_simdjson() {
  return {"simdjson",
          std::to_string(simdjson::SIMDJSON_VERSION_MAJOR) + "." +
              std::to_string(simdjson::SIMDJSON_VERSION_MINOR) + "." +
              std::to_string(simdjson::SIMDJSON_VERSION_REVISION),
          "for " + simdjson::get_active_implementation()->name()};
}

}  // namespace presso
