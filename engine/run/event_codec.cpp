#include "engine/run/event_codec.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/assert.h"

namespace presso::run {
namespace {

constexpr char kVersion = 1;
// Groups within groups that are skipped: more than any version writes, few enough for the stack.
constexpr int kGroupDepth = 16;

// What follows a field's key, so that a reader can step over a tag it does not know.
enum class Wire : std::uint64_t { End = 0, Number = 1, Text = 2, Json = 3, Group = 4 };
constexpr int kWireBits = 3;

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

// How many enumerators there are: a greater number was written by a newer presso.
template <class T>
constexpr std::uint64_t kEnumerators = 0;
template <>
constexpr std::uint64_t kEnumerators<TaskKind> = 3;
template <>
constexpr std::uint64_t kEnumerators<asl::StateType> = 8;
template <>
constexpr std::uint64_t kEnumerators<ExecutionEnded::How> = 3;
template <>
constexpr std::uint64_t kEnumerators<TaskFailed::How> = 5;
template <>
constexpr std::uint64_t kEnumerators<ChildEnded::How> = 3;
template <>
constexpr std::uint64_t kEnumerators<MapRunChildEnded::How> = 4;
template <>
constexpr std::uint64_t kEnumerators<MapRunEnded::How> = 3;

template <class T>
constexpr Wire wire_of() {
  if constexpr (IsOptional<T>::value || IsVector<T>::value) {
    return wire_of<typename T::value_type>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    return Wire::Text;
  } else if constexpr (std::is_same_v<T, SharedJson>) {
    return Wire::Json;
  } else if constexpr (requires { T::fields(); }) {
    return Wire::Group;
  } else {
    return Wire::Number;
  }
}

// Small magnitudes of either sign become small numbers.
std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

// The texts of a pack by handle and by content. Most mentions are of a recent handle; the others
// are found by hash, so that a step of a thousand states does not compare each with each.
class WrittenTexts {
 public:
  // The number under which the text was written before, or nothing: then it has one from now on.
  std::optional<std::uint64_t> find_or_add(const SharedJson& json) {
    const std::size_t recent = std::min(entries_.size(), kRecent);
    for (std::size_t i = entries_.size(); i > entries_.size() - recent; --i) {
      if (entries_[i - 1].identity == json.identity()) return i - 1;
    }
    const std::string_view text = json.text();
    const std::size_t hash = std::hash<std::string_view>{}(text);
    if (const auto found = find(text, hash)) {
      entries_[*found].identity = json.identity();
      return *found;
    }
    entries_.push_back({json.identity(), text, hash});
    if (entries_.size() * 2 > slots_.size()) {
      rebuild();
    } else {
      place(static_cast<std::uint32_t>(entries_.size() - 1));
    }
    return std::nullopt;
  }

 private:
  struct Entry {
    const void* identity;
    std::string_view text;
    std::size_t hash;
  };
  static constexpr std::size_t kRecent = 8;
  static constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();

  std::optional<std::uint64_t> find(std::string_view text, std::size_t hash) const {
    if (slots_.empty()) return std::nullopt;
    for (std::size_t slot = hash & (slots_.size() - 1); slots_[slot] != kFree;
         slot = (slot + 1) & (slots_.size() - 1)) {
      const Entry& entry = entries_[slots_[slot]];
      if (entry.hash == hash && entry.text == text) return slots_[slot];
    }
    return std::nullopt;
  }
  void rebuild() {
    slots_.assign(std::max<std::size_t>(16, slots_.size() * 2), kFree);
    for (std::uint32_t i = 0; i < entries_.size(); ++i) place(i);
  }
  void place(std::uint32_t entry) {
    std::size_t slot = entries_[entry].hash & (slots_.size() - 1);
    while (slots_[slot] != kFree) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = entry;
  }

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // open addressing
};

class Writer {
 public:
  explicit Writer(std::string& out) : out_{out} {}

  void number(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(static_cast<unsigned char>(value | 0x80)));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(static_cast<unsigned char>(value)));
  }

  template <class Struct>
  void fields(const Struct& value) {
    std::apply([&](const auto&... each) { (field(each.tag, value.*each.member), ...); },
               Struct::fields());
    number(static_cast<std::uint64_t>(Wire::End));
  }

 private:
  // What equals its type's zero is left out; what is optional, when absent.
  template <class T>
  void field(int tag, const T& value) {
    if constexpr (IsVector<T>::value) {
      for (const auto& element : value) keyed(tag, element);
    } else if constexpr (IsOptional<T>::value) {
      if (value) keyed(tag, *value);
    } else if constexpr (std::is_same_v<T, SharedJson>) {
      if (value.has_value()) keyed(tag, value);
    } else {
      if (value != T{}) keyed(tag, value);
    }
  }
  template <class T>
  void keyed(int tag, const T& value) {
    number((static_cast<std::uint64_t>(tag) << kWireBits) |
           static_cast<std::uint64_t>(wire_of<T>()));
    if constexpr (std::is_same_v<T, std::string>) {
      text(value);
    } else if constexpr (std::is_same_v<T, SharedJson>) {
      json(value);
    } else if constexpr (wire_of<T>() == Wire::Group) {
      fields(value);
    } else if constexpr (std::is_same_v<T, Time>) {
      number(zigzag(epoch_ms(value)));
    } else if constexpr (std::is_same_v<T, FrameId>) {
      number(value.value);
    } else if constexpr (std::is_enum_v<T> || std::is_unsigned_v<T>) {
      number(static_cast<std::uint64_t>(value));
    } else {
      static_assert(std::is_same_v<T, std::int64_t>);
      number(zigzag(value));
    }
  }
  void text(std::string_view value) {
    number(value.size());
    out_.append(value);
  }
  // 0: no value. 1: a text that was not there before follows. n + 2: the n-th text of the pack.
  void json(const SharedJson& value) {
    if (!value.has_value()) return number(0);
    if (const auto earlier = texts_.find_or_add(value)) return number(*earlier + 2);
    number(1);
    text(value.text());
  }

  std::string& out_;
  WrittenTexts texts_;
};

// Reads what any bytes say. After the first fault nothing more is read, and `fault` says what it
// was.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_{bytes} {}

  [[nodiscard]] bool is_at_end() const { return rest_.empty() || !fault_.empty(); }
  [[nodiscard]] const std::string& fault() const { return fault_; }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return fail("it ends within a number");
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      if (shift == 63 && byte > 1) break;
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    return fail("a number is too large");
  }

  template <class Struct>
  void fields(Struct& value) {
    // Defaults are a matter of the code, the stored zero is for ever.
    std::apply([&](const auto&... each) { (clear(value.*each.member), ...); }, Struct::fields());
    for (;;) {
      const std::uint64_t key = number();
      if (!fault_.empty() || key == static_cast<std::uint64_t>(Wire::End)) return;
      const std::uint64_t tag = key >> kWireBits;
      const Wire wire = wire_of_key(key);
      const bool is_known = std::apply(
          [&](const auto&... each) {
            return (
                (static_cast<std::uint64_t>(each.tag) == tag && field(wire, value.*each.member)) ||
                ...);
          },
          Struct::fields());
      if (!is_known) skip(wire, 0);
    }
  }

  template <std::size_t... Index>
  void detail(std::uint64_t index, Detail& detail, std::index_sequence<Index...>) {
    const bool is_known = ((index == Index && (fields(detail.emplace<Index>()), true)) || ...);
    if (!is_known) fail("event type " + std::to_string(index) + " is not known");
  }

 private:
  static Wire wire_of_key(std::uint64_t key) {
    return static_cast<Wire>(key & ((1U << kWireBits) - 1));
  }

  std::uint64_t fail(std::string reason) {
    if (fault_.empty()) fault_ = std::move(reason);
    return 0;
  }

  template <class T>
  static void clear(T& member) {
    member = T{};
  }

  template <class T>
  bool field(Wire wire, T& member) {
    if (wire != wire_of<T>()) {
      fail("a field is of another type than it should be");
    } else if constexpr (IsVector<T>::value) {
      read(member.emplace_back());
    } else if constexpr (IsOptional<T>::value) {
      read(member.emplace());
    } else {
      read(member);
    }
    return true;
  }
  template <class T>
  void read(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      value = text();
    } else if constexpr (std::is_same_v<T, SharedJson>) {
      value = json();
    } else if constexpr (wire_of<T>() == Wire::Group) {
      fields(value);
    } else if constexpr (std::is_same_v<T, Time>) {
      value = time_of_epoch_ms(unzigzag(number()));
    } else if constexpr (std::is_same_v<T, FrameId>) {
      value = FrameId{number()};
    } else if constexpr (std::is_enum_v<T>) {
      static_assert(kEnumerators<T> > 0);
      value = static_cast<T>(at_most(kEnumerators<T> - 1));
    } else if constexpr (std::is_unsigned_v<T>) {
      value = static_cast<T>(at_most(std::numeric_limits<T>::max()));
    } else {
      static_assert(std::is_same_v<T, std::int64_t>);
      value = unzigzag(number());
    }
  }
  std::uint64_t at_most(std::uint64_t most) {
    const std::uint64_t value = number();
    return value <= most ? value : fail("a field holds an unknown value");
  }
  std::string_view text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
      fail("it ends within a text");
      return {};
    }
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  SharedJson json() {
    const std::uint64_t which = number();
    if (which == 0 || !fault_.empty()) return {};
    if (which == 1) return texts_.emplace_back(SharedJson::trusted(std::string{text()}));
    if (which - 2 < texts_.size()) return texts_[which - 2];
    fail("a text is mentioned before it comes");
    return {};
  }
  void skip(Wire wire, int depth) {
    switch (wire) {
      case Wire::Number: number(); return;
      case Wire::Text: (void)text(); return;
      case Wire::Json: (void)json(); return;  // later fields may mention it
      case Wire::Group:
        if (depth == kGroupDepth) break;
        while (const std::uint64_t key = number()) skip(wire_of_key(key), depth + 1);
        return;
      case Wire::End: break;
    }
    fail("a field is of an unknown type");
  }

  std::string_view rest_;
  std::string fault_;
  std::vector<SharedJson> texts_;
};

}  // namespace

std::string encode(std::span<const Event> events) {
  std::string pack;
  pack.reserve(64 + events.size() * 48);
  pack.push_back(kVersion);
  Writer writer{pack};
  std::uint64_t time_ms = 0;
  for (const Event& event : events) {
    writer.number(event.detail.index());
    writer.number(event.id);
    writer.number(event.previous);
    const auto event_ms = static_cast<std::uint64_t>(epoch_ms(event.time));
    writer.number(zigzag(static_cast<std::int64_t>(event_ms - time_ms)));
    time_ms = event_ms;
    writer.number(event.frame.value);
    std::visit([&](const auto& detail) { writer.fields(detail); }, event.detail);
  }
  return pack;
}

Result<std::vector<Event>> decode(std::string_view pack) {
  const auto corrupt = [](const std::string& reason) {
    return Error{"CorruptHistory", "A stored step cannot be read: " + reason + "."};
  };
  if (pack.empty()) return corrupt("it is empty");
  if (pack.front() != kVersion) {
    return corrupt("its version is " + std::to_string(static_cast<unsigned char>(pack.front())));
  }
  Reader reader{pack.substr(1)};
  std::vector<Event> events;
  std::uint64_t time_ms = 0;  // wraps on nonsense, which a signed number must not
  while (!reader.is_at_end()) {
    Event& event = events.emplace_back();
    const std::uint64_t index = reader.number();
    event.id = reader.number();
    event.previous = reader.number();
    time_ms += static_cast<std::uint64_t>(unzigzag(reader.number()));
    event.time = time_of_epoch_ms(static_cast<std::int64_t>(time_ms));
    event.frame = FrameId{reader.number()};
    reader.detail(index, event.detail, std::make_index_sequence<std::variant_size_v<Detail>>{});
  }
  if (!reader.fault().empty()) return corrupt(reader.fault());
  return events;
}

}  // namespace presso::run
