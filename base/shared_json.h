// SharedJson: a handle to an immutable JSON value and its text, shared instead of copied.
//
// Made from either side; the other is made on first use and kept, so that a state that passes its
// input on costs neither a parse nor a dump. The text is what came in, white space included:
// histories show a client's own text. One handle belongs to one thread at a time (the other side is
// made in place); give another thread a copy of `text()`.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/json_fwd.h"
#include "base/result.h"

namespace presso {

class SharedJson {
 public:
  SharedJson() = default;  // no value: `has_value()` is false
  explicit SharedJson(Json value);

  // Fails as parse_json does.
  [[nodiscard]] static Result<SharedJson> parse(std::string text);
  // `text` was checked before, as what is read back from the store; a bad text aborts on use.
  [[nodiscard]] static SharedJson trusted(std::string text);

  [[nodiscard]] bool has_value() const { return node_ != nullptr; }
  [[nodiscard]] const Json& value() const;
  [[nodiscard]] const std::string& text() const;

  // The same node: cheap, for "was it passed on unchanged".
  [[nodiscard]] bool is_same(const SharedJson& other) const { return node_ == other.node_; }
  [[nodiscard]] const void* identity() const { return node_.get(); }
  // Deep equality of values; two empty handles are equal.
  friend bool operator==(const SharedJson& left, const SharedJson& right);

 private:
  struct Node;
  std::shared_ptr<Node> node_;
};

}  // namespace presso
