// What each object of a definition may hold, as tables: the fields with their types and limits, and
// which of them exclude each other. The reader checks an object against its shape before anything
// is built from it.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "engine/asl/definition.h"

namespace presso::asl {

enum class FieldType {
  Text,
  FilledText,  // not empty
  Path,        // JSONPath, any root
  NullablePath,
  Integer,
  Number,
  Boolean,
  Object,
  FilledObject,
  Array,
  FilledArray,
  Any,
};

// In which query languages a field exists. An object that knows of no language takes Both.
enum class FieldLanguage { Both, JsonPath, Jsonata };

struct Field {
  std::string_view name;
  FieldType type = FieldType::Any;
  FieldLanguage language = FieldLanguage::Both;
  bool is_required = false;
  std::int64_t minimum = std::numeric_limits<std::int64_t>::min();  // Integer, Number
  std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
  std::span<const std::string_view> choices = {};  // Text: any when empty
  bool is_query = false;                           // JSONata: an expression will do
};

// At most one of these fields; one must be there when `is_required`.
struct Group {
  std::span<const std::string_view> names;
  bool is_required = false;
};

struct Shape {
  std::span<const Field> fields;
  std::span<const Group> groups = {};
};

[[nodiscard]] const Shape& state_shape(StateType);

extern const Shape kMachineShape;
extern const Shape kBranchShape;
extern const Shape kProcessorShape;  // ItemProcessor, Iterator
extern const Shape kProcessorConfigShape;
extern const Shape kRetrierShape;
extern const Shape kCatcherShape;
extern const Shape kQueryRuleShape;  // a rule of a JSONata Choice
extern const Shape kItemReaderShape;
extern const Shape kReaderConfigShape;
extern const Shape kItemBatcherShape;
extern const Shape kResultWriterShape;
extern const Shape kWriterConfigShape;

// [Task, Wait, …] in the order in which AWS lists them.
[[nodiscard]] std::span<const std::string_view> state_type_names();
[[nodiscard]] const StateType* find_state_type(std::string_view name);

}  // namespace presso::asl
