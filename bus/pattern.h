// Pattern: one compiled event pattern, and the reference matcher. A pattern is a tree of field
// names with lists of clauses at its leaves; an event matches when, for one choice of every `$or`,
// each leaf field has a value that satisfies one of its clauses, and all values chosen lie in the
// same elements of the event's arrays.
//
//   auto pattern = Pattern::compile(R"({"source": ["aws.s3"], "detail": {"size": [9]}})");
//   if (!pattern) return pattern.error();  // InvalidEventPatternException, AWS's own words
//   pattern->matches(event);
//
// AWS: EventBridge compiles with aws/event-ruler, whose texts and quirks are followed: of a
// repeated name the last counts, and a name with dots is the same field as nested names.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json_fwd.h"
#include "base/result.h"
#include "bus/event.h"

namespace presso::bus {

class Fields;
struct PatternProgram;

class Pattern {
 public:
  // Fails with "InvalidEventPatternException", "Event pattern is not valid. Reason: …".
  [[nodiscard]] static Result<Pattern> compile(std::string_view text);

  // `event` is an envelope, or any JSON object.
  [[nodiscard]] bool matches(const Json& event) const;
  [[nodiscard]] bool matches(const Event& event) const;
  [[nodiscard]] bool matches(const Fields& fields) const;

  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] const PatternProgram& program() const { return *program_; }

 private:
  explicit Pattern(std::shared_ptr<const PatternProgram> program);

  std::shared_ptr<const PatternProgram> program_;
};

}  // namespace presso::bus
