// What AWS Step Functions adds to JSONata: $partition, $range, $hash, $random(seed), $uuid, $parse.
#include <array>
#include <cmath>
#include <string>

#include "base/digest.h"
#include "base/entropy.h"
#include "base/text.h"
#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/to_json.h"

namespace presso::jsonata {

namespace {

// As States.ArrayRange.
constexpr double kMaxRangeItems = 1'000;

Thrown refused(std::string message) {
  return Thrown{.code = "D3141", .message = std::move(message)};
}

// AWS: functions that want whole numbers round others down.
double whole(const Value& value) { return std::floor(value.number); }

Value partition(const NativeCall& call) {
  if (call[0].is_nothing() || call[1].is_nothing()) return {};
  const double size = whole(call[1]);
  if (!(size >= 1)) throw refused("The chunk size of $partition must be a positive integer");
  Arena& arena = call.evaluator.arena();
  const Items items{call[0]};
  Array* chunks = arena.make<Array>();
  Array* chunk = nullptr;
  for (std::size_t i = 0; i < items.size(); ++i) {
    call.evaluator.spend(1);
    if (chunk == nullptr || static_cast<double>(chunk->size) >= size) {
      chunk = arena.make<Array>();
      chunks->push(arena, Value{chunk});
    }
    chunk->push(arena, items[i]);
  }
  return Value{chunks};
}

// AWS: a range is a sequence, so that one of a single number is that number.
Value range(const NativeCall& call) {
  if (call[0].is_nothing() || call[1].is_nothing() || call[2].is_nothing()) return {};
  const double first = whole(call[0]);
  const double last = whole(call[1]);
  const double step = whole(call[2]);
  if (step == 0 || !std::isfinite(first + last + step)) {
    throw refused("The step of $range must not be zero");
  }
  const double count = std::max(0.0, std::floor((last - first) / step) + 1);
  if (count > kMaxRangeItems) throw refused("$range must not have more than 1000 items");
  Arena& arena = call.evaluator.arena();
  Array* result = make_sequence(arena);
  for (double i = 0; i < count; ++i) result->push(arena, Value{first + i * step});
  return Value{result};
}

Value hash(const NativeCall& call) {
  if (call[0].is_nothing() || call[1].is_nothing()) return {};
  struct Row {
    std::string_view name;
    DigestAlgorithm algorithm;
  };
  constexpr std::array<Row, 5> kRows = {{{"MD5", DigestAlgorithm::Md5},
                                         {"SHA-1", DigestAlgorithm::Sha1},
                                         {"SHA-256", DigestAlgorithm::Sha256},
                                         {"SHA-384", DigestAlgorithm::Sha384},
                                         {"SHA-512", DigestAlgorithm::Sha512}}};
  for (const Row& row : kRows) {
    if (row.name != call[1].text()) continue;
    return call.evaluator.text_value(hex_encode(digest(row.algorithm, call[0].text())));
  }
  throw refused("Invalid hash algorithm: " + std::string{call[1].text()});
}

Value seeded_random(const NativeCall& call) {
  if (call[0].is_number()) {
    SeededEntropy seeded{static_cast<std::uint64_t>(
        static_cast<std::int64_t>(std::clamp(whole(call[0]), -9e15, 9e15)))};
    return Value{next_fraction(seeded)};
  }
  SeededEntropy fixed{0};
  Entropy* entropy = call.evaluator.env().entropy;
  return Value{next_fraction(entropy == nullptr ? fixed : *entropy)};
}

Value uuid(const NativeCall& call) {
  SeededEntropy fixed{0};
  Entropy* entropy = call.evaluator.env().entropy;
  return call.evaluator.text_value(next_uuid(entropy == nullptr ? fixed : *entropy));
}

// JSON in the arena.
Value made_of(Evaluator& evaluator, const Json& json) {
  evaluator.spend(1);
  Arena& arena = evaluator.arena();
  if (json.is_array()) {
    Array* array = arena.make<Array>();
    for (const Json& item : json) array->push(arena, made_of(evaluator, item));
    return Value{array};
  }
  if (json.is_object()) {
    Object* object = arena.make<Object>();
    for (const auto& [name, member] : json.get_ref<const Json::object_t&>()) {
      object->add(arena, arena.copy(name), made_of(evaluator, member));
    }
    return Value{object};
  }
  if (const auto* text = json.get_ptr<const std::string*>(); text != nullptr) {
    return evaluator.text_value(*text);
  }
  return Value::of_json(json);
}

Value parse(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const auto parsed = parse_json(call[0].text());
  if (!parsed) throw refused("$parse: " + parsed.error().message);
  return made_of(call.evaluator, *parsed);
}

}  // namespace

std::vector<Builtin> step_functions_functions() {
  return {
      {"partition", "<an:a>", 2, partition},
      {"range", "<nnn:a>", 3, range},
      {"hash", "<s-s:s>", 2, hash},
      {"random", "<n?:n>", 1, seeded_random},
      {"uuid", "<:s>", 0, uuid},
      {"parse", "<s-:x>", 1, parse},
  };
}

}  // namespace presso::jsonata
