// One pass over the text: nlohmann's parser keeps its own stack, so depth costs it nothing, and the
// builder below counts levels as they open and stops the parser at the first one too many. (Its own
// builder knows no bound, and a scan for brackets beforehand would read every text twice.)
#include "base/json.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "base/json_text.h"

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

}  // namespace

Result<Json> parse_json(std::string_view text, std::size_t max_depth) {
  if (auto error = nul_in(text)) return *std::move(error);
  Builder builder{max_depth};
  Json::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).finish();
}

Result<Json::value_t> check_json(std::string_view text, std::size_t max_depth) {
  if (auto error = nul_in(text)) return *std::move(error);
  Checker checker{max_depth};
  Json::sax_parse(text.begin(), text.end(), &checker);
  return std::move(checker).finish();
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

}  // namespace presso
