#include "tests/support/gen.h"

#include <cstdlib>
#include <limits>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace presso::test {
namespace {

using run::Assignment;
using run::ChildEnded;
using run::Detail;
using run::ExecutionEnded;
using run::TaskFailed;
using run::TaskKind;

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
constexpr T kLast{};
template <>
constexpr TaskKind kLast<TaskKind> = TaskKind::Activity;
template <>
constexpr asl::StateType kLast<asl::StateType> = asl::StateType::Map;
template <>
constexpr ExecutionEnded::How kLast<ExecutionEnded::How> = ExecutionEnded::How::Aborted;
template <>
constexpr TaskFailed::How kLast<TaskFailed::How> = TaskFailed::How::TimedOut;
template <>
constexpr ChildEnded::How kLast<ChildEnded::How> = ChildEnded::How::Aborted;
template <>
constexpr run::MapRunChildEnded::How kLast<run::MapRunChildEnded::How> =
    run::MapRunChildEnded::How::Aborted;
template <>
constexpr run::MapRunEnded::How kLast<run::MapRunEnded::How> = run::MapRunEnded::How::Aborted;

// Small numbers, large ones and the ends of the range.
std::uint64_t random_number(Entropy& entropy) {
  switch (next_below(entropy, 4)) {
    case 0: return next_below(entropy, 3);
    case 1: return next_below(entropy, 1000);
    case 2: return std::numeric_limits<std::uint64_t>::max() - next_below(entropy, 2);
    default: return entropy.next();
  }
}

class EventMaker {
 public:
  explicit EventMaker(Entropy& entropy) : entropy_{entropy} {}

  run::Event next() {
    run::Event event;
    event.id = random_number(entropy_);
    event.previous = random_number(entropy_);
    fill(event.time);
    fill(event.frame);
    fill_detail(event.detail, std::make_index_sequence<std::variant_size_v<Detail>>{});
    return event;
  }

 private:
  template <std::size_t... Index>
  void fill_detail(Detail& detail, std::index_sequence<Index...>) {
    const std::uint64_t which = next_below(entropy_, sizeof...(Index));
    ((which == Index ? fill(detail.emplace<Index>()) : void()), ...);
  }

  template <class T>
  void fill(T& value) {
    if constexpr (requires { T::fields(); }) {
      std::apply([&](const auto&... each) { (fill(value.*each.member), ...); }, T::fields());
    } else if constexpr (IsOptional<T>::value) {
      value.reset();
      if (next_below(entropy_, 2) == 0) fill(value.emplace());
    } else if constexpr (IsVector<T>::value) {
      value.clear();
      for (auto left = next_below(entropy_, 4); left > 0; --left) fill(value.emplace_back());
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = random_text(entropy_);
    } else if constexpr (std::is_same_v<T, SharedJson>) {
      value = json();
    } else if constexpr (std::is_same_v<T, Time>) {
      value = time_of_epoch_ms(static_cast<std::int64_t>(random_number(entropy_)));
    } else if constexpr (std::is_same_v<T, FrameId>) {
      value = FrameId{random_number(entropy_)};
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(next_below(entropy_, static_cast<std::uint64_t>(kLast<T>) + 1));
    } else {
      value = static_cast<T>(random_number(entropy_));
    }
  }

  SharedJson json() {
    const std::uint64_t which = next_below(entropy_, 6);
    if (which == 0) return {};
    if (which < 4 && !known_.empty()) return known_[next_below(entropy_, known_.size())];
    known_.push_back(SharedJson{random_json(entropy_)});
    return known_.back();
  }

  Entropy& entropy_;
  std::vector<SharedJson> known_;
};

template <class T>
bool is_same_field(const T& left, const T& right) {
  if constexpr (requires { T::fields(); }) {
    return std::apply(
        [&](const auto&... each) {
          return (is_same_field(left.*each.member, right.*each.member) && ...);
        },
        T::fields());
  } else if constexpr (IsVector<T>::value) {
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!is_same_field(left[i], right[i])) return false;
    }
    return true;
  } else if constexpr (std::is_same_v<T, SharedJson>) {
    if (!left.has_value() || !right.has_value()) return left.has_value() == right.has_value();
    return left.text() == right.text();
  } else {
    return left == right;
  }
}

}  // namespace

std::uint64_t seed_or(std::uint64_t fallback) {
  const char* seed = std::getenv("PRESSO_SEED");
  return seed ? std::strtoull(seed, nullptr, 10) : fallback;
}

std::string random_text(Entropy& entropy) {
  static constexpr const char* kPieces[] = {"a", "order", "-7", " ", "é", "\n", "\"", "日本", "𝄞"};
  std::string text;
  for (auto left = next_below(entropy, 5); left > 0; --left) {
    text += kPieces[next_below(entropy, std::size(kPieces))];
  }
  return text;
}

Json random_json(Entropy& entropy, int depth) {
  switch (next_below(entropy, depth > 0 ? 7 : 5)) {
    case 0: return nullptr;
    case 1: return next_below(entropy, 2) == 0;
    case 2: return static_cast<std::int64_t>(next_below(entropy, 2000)) - 1000;
    case 3: return next_fraction(entropy) * 100;
    case 4: return random_text(entropy);
    case 5: {
      Json array = Json::array();
      for (auto left = next_below(entropy, 4); left > 0; --left) {
        array.push_back(random_json(entropy, depth - 1));
      }
      return array;
    }
    default: {
      Json object = Json::object();
      for (auto left = next_below(entropy, 4); left > 0; --left) {
        object[random_text(entropy)] = random_json(entropy, depth - 1);
      }
      return object;
    }
  }
}

std::vector<run::Event> random_events(Entropy& entropy, std::size_t count) {
  EventMaker maker{entropy};
  std::vector<run::Event> events;
  for (std::size_t i = 0; i < count; ++i) events.push_back(maker.next());
  return events;
}

bool is_equal(const run::Event& left, const run::Event& right) {
  if (left.id != right.id || left.previous != right.previous || left.time != right.time ||
      left.frame != right.frame || left.detail.index() != right.detail.index()) {
    return false;
  }
  return std::visit(
      [&](const auto& detail) {
        using T = std::decay_t<decltype(detail)>;
        return is_same_field(detail, std::get<T>(right.detail));
      },
      left.detail);
}

}  // namespace presso::test
