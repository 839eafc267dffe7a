// Where something stands in a definition. A chain of names, rendered only when there is something
// to say about the place: most places never are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/asl/diagnostics.h"

namespace presso::asl {

// A member of an object, an element of an array, or both at once (an element of a member). Borrows
// its parent and its name: it must not outlive them.
class Place {
 public:
  Place() = default;                                      // the whole
  explicit Place(std::string_view root) : name_(root) {}  // below what `root` says already
  Place(const Place& array, std::size_t index) : Place(array, "", index) {}
  Place(const Place& parent, std::string_view name) : parent_(&parent), name_(name) {}
  Place(const Place& parent, std::string_view name, std::size_t index)
      : parent_(&parent), name_(name), index_(index), is_element_(true) {}

  // "/States/Fetch/Catch[0]/Next"; "/" for the whole. AWS escapes nothing.
  [[nodiscard]] std::string text() const;

 private:
  const Place* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = 0;
  bool is_element_ = false;
};

inline constexpr std::string_view kSchemaFault = "SCHEMA_VALIDATION_FAILED";

// Appends unless there are kDiagnosticsPerSeverity of that severity already.
void report(std::vector<Diagnostic>&, Diagnostic);
void report_fault(std::vector<Diagnostic>&, const Place&, std::string message,
                  std::string_view code = kSchemaFault);

}  // namespace presso::asl
