// Reading one object of a definition: checked against its shape first, then asked field by field.
// Every question reports what is wrong with the answer, once, and then answers "nothing"; so code
// that builds from an object never reports a type itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "engine/asl/definition.h"
#include "engine/asl/parse.h"
#include "engine/asl/place.h"
#include "engine/asl/shape.h"

namespace presso::asl {

// What holds for a whole definition, or for the children of a Distributed Map.
struct Context {
  std::vector<Diagnostic>& diagnostics;
  MachineType type = MachineType::Standard;
  QueryLanguage machine_language = QueryLanguage::JsonPath;
  // Of the state that is read:
  QueryLanguage language = QueryLanguage::JsonPath;
  std::size_t state_length = 0;  // characters of its place
};

class Reader {
 public:
  // Borrows all three. `value` may be of any type; a question to something that is no object is
  // answered with nothing.
  Reader(const Json& value, Place place, const Context& context)
      : value_(value), place_(place), context_(context) {}

  // Reports members that the shape does not know, or knows for the other language only, wrong types
  // and limits, what is missing and what excludes each other. False when this is no object at all.
  bool check(const Shape&) const;

  [[nodiscard]] const Json& value() const { return value_; }
  [[nodiscard]] const Place& place() const { return place_; }
  [[nodiscard]] const Context& context() const { return context_; }
  [[nodiscard]] Place place_of(std::string_view name) const { return {place_, name}; }
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  [[nodiscard]] const Json* find(std::string_view name) const { return find_member(value_, name); }

  void report(std::string message, std::string_view code = kSchemaFault) const;
  void report_at(std::string_view name, std::string message,
                 std::string_view code = kSchemaFault) const;
  // A literal that looks like a path: probably meant for the …Path form of the field.
  void warn_of_path(std::string_view name) const;

  // Nothing when absent or of another type, which check() reported.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
  [[nodiscard]] std::optional<double> number(std::string_view name) const;
  [[nodiscard]] bool is_true(std::string_view name) const;
  [[nodiscard]] std::optional<Reader> object(std::string_view name) const;
  // One reader per element.
  [[nodiscard]] std::vector<Reader> elements(std::string_view name) const;

  // Compiled; what does not compile is reported here.
  [[nodiscard]] std::optional<jsonpath::Path> path(std::string_view name) const;
  [[nodiscard]] std::optional<jsonpath::Path> reference(std::string_view name) const;
  [[nodiscard]] Selection selection(std::string_view name) const;  // InputPath, OutputPath
  [[nodiscard]] Placement placement() const;                       // ResultPath
  // X or XPath, or X as an expression; nothing when neither is written.
  [[nodiscard]] std::optional<NumberField> number_or_path(std::string_view name) const;
  // Of a field that both languages have.
  [[nodiscard]] std::optional<Payload> payload(std::string_view name,
                                               StatesMembers members = {}) const;
  // Of a field that JSONPath alone has; and one that JSONata alone has.
  [[nodiscard]] std::optional<Template> path_template(std::string_view name) const;
  [[nodiscard]] std::optional<Query> query(std::string_view name, StatesMembers members = {}) const;
  // A text with a delimiter of an expression, in JSONata; nothing when it is literal.
  [[nodiscard]] std::optional<Query> expression(std::string_view name) const;

 private:
  void check_members(const Shape&) const;
  void check_required(const Shape&) const;
  void check_groups(const Shape&) const;

  const Json& value_;
  Place place_;
  const Context& context_;
};

}  // namespace presso::asl
