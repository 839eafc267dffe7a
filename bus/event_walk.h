// One pass over an event, as a JSON value, a JSON text or an Event, that tells a sink what it
// meets:
//
//   struct Sink {
//     bool enter(std::string_view name);  // a member; false: nothing in it is of interest
//     void leave();                       // the end of a member that was entered
//     void begin_array();
//     void end_array();
//     void begin_element(std::size_t index);  // an element that is an object or an array itself
//     void end_element();
//     void value(std::string_view text);  // as in clause.h; gone after the call
//     void lasting_value(std::string_view text);  // the same, part of the event's text
//   };
//
// The text and the value are valid JSON of bounded depth; no check is made here.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "bus/event.h"
#include "bus/json_skip.h"

namespace presso::bus {

// What stands between the quotes of a JSON string, without its escapes.
[[nodiscard]] std::string unescape_json(std::string_view text);

// White space and what follows a value.
inline constexpr auto kEndsToken = [] {
  std::array<bool, 256> ends{};
  for (std::size_t byte = 0; byte <= ' '; ++byte) ends[byte] = true;
  for (const char byte : std::string_view{",]}"}) ends[static_cast<unsigned char>(byte)] = true;
  return ends;
}();

template <class Sink>
class TextWalk {
 public:
  TextWalk(std::string_view text, Sink& sink)
      : at_(text.data()), end_(text.data() + text.size()), sink_(sink) {}

  void value() {
    skip_space();
    switch (*at_) {
      case '{': object(); break;
      case '[': array(); break;
      case '"': string(); break;
      default: sink_.lasting_value(token());
    }
  }

 private:
  void object() {
    ++at_;
    for (skip_space(); *at_ != '}'; skip_separator()) {
      bool has_escapes = false;
      const std::string_view quoted = quoted_text(has_escapes);
      const std::string_view name = quoted.substr(1, quoted.size() - 2);
      skip_space();
      ++at_;  // the colon
      if (has_escapes ? sink_.enter(unescape_json(name)) : sink_.enter(name)) {
        value();
        sink_.leave();
      } else {
        skip_value();
      }
    }
    ++at_;
  }

  void array() {
    ++at_;
    sink_.begin_array();
    std::size_t index = 0;
    for (skip_space(); *at_ != ']'; skip_separator(), ++index) {
      if (*at_ == '{' || *at_ == '[') {
        sink_.begin_element(index);
        value();
        sink_.end_element();
      } else {
        value();
      }
    }
    ++at_;
    sink_.end_array();
  }

  void string() {
    bool has_escapes = false;
    const std::string_view quoted = quoted_text(has_escapes);
    if (has_escapes) {
      sink_.value('"' + unescape_json(quoted.substr(1, quoted.size() - 2)) + '"');
    } else {
      sink_.lasting_value(quoted);
    }
  }

  void skip_space() {
    while (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r') ++at_;
  }
  void skip_separator() {
    skip_space();
    if (*at_ != ',') return;
    ++at_;
    skip_space();
  }
  std::string_view quoted_text(bool& has_escapes) {
    const char* start = at_++;
    for (; *at_ != '"'; ++at_) {
      if (*at_ != '\\') continue;
      has_escapes = true;
      ++at_;
    }
    ++at_;
    return {start, static_cast<std::size_t>(at_ - start)};
  }
  // A number, true, false or null; it may be the last of the text.
  std::string_view token() {
    const char* start = at_;
    while (at_ != end_ && !kEndsToken[static_cast<unsigned char>(*at_)]) ++at_;
    return {start, static_cast<std::size_t>(at_ - start)};
  }
  void skip_value() {
    skip_space();
    bool has_escapes = false;
    if (*at_ == '"') {
      (void)quoted_text(has_escapes);
    } else if (*at_ != '{' && *at_ != '[') {
      (void)token();
    } else {
      at_ = skip_container(at_, end_);
    }
  }

  const char* at_;
  const char* end_;
  Sink& sink_;
};

template <class Sink>
void walk_text(std::string_view text, Sink& sink) {
  TextWalk<Sink>{text, sink}.value();
}

template <class Sink>
void walk_json(const Json& json, Sink& sink) {
  if (json.is_object()) {
    for (const auto& [name, member] : json.items()) {
      if (!sink.enter(name)) continue;
      walk_json(member, sink);
      sink.leave();
    }
  } else if (json.is_array()) {
    sink.begin_array();
    for (std::size_t i = 0; i < json.size(); ++i) {
      const bool has_place = json[i].is_structured();
      if (has_place) sink.begin_element(i);
      walk_json(json[i], sink);
      if (has_place) sink.end_element();
    }
    sink.end_array();
  } else if (json.is_string()) {
    sink.value('"' + json.template get_ref<const std::string&>() + '"');
  } else {
    sink.value(dump_json(json));
  }
}

// The envelope, without making it.
template <class Sink>
void walk_event(const Event& event, Sink& sink) {
  const auto member = [&](std::string_view name, std::string_view text) {
    if (!sink.enter(name)) return;
    std::string quoted;
    quoted.reserve(text.size() + 2);
    quoted += '"';
    quoted += text;
    quoted += '"';
    sink.value(quoted);
    sink.leave();
  };
  member("version", "0");
  member("id", event.id);
  member("detail-type", event.detail_type);
  member("source", event.source);
  member("account", event.account);
  if (sink.enter("time")) {
    sink.value('"' + to_iso_seconds(event.time) + '"');
    sink.leave();
  }
  member("region", event.region);
  if (sink.enter("resources")) {
    sink.begin_array();
    for (const std::string& resource : event.resources) sink.value('"' + resource + '"');
    sink.end_array();
    sink.leave();
  }
  if (sink.enter("detail")) {
    walk_text(event.detail, sink);
    sink.leave();
  }
  if (event.replay_name) member("replay-name", *event.replay_name);
}

}  // namespace presso::bus
