#include "base/shared_json.h"

#include <optional>
#include <utility>

#include "base/assert.h"
#include "base/json.h"

namespace presso {

// At least one side is there from the start; the other is filled in by the first reader.
struct SharedJson::Node {
  std::optional<Json> value;
  std::optional<std::string> text;
};

SharedJson::SharedJson(Json value) : node_{std::make_shared<Node>()} {
  node_->value.emplace(std::move(value));
}

Result<SharedJson> SharedJson::parse(std::string text) {
  Result<Json> value = parse_json(text);
  if (!value) return value.error();
  SharedJson shared{std::move(*value)};
  shared.node_->text.emplace(std::move(text));
  return shared;
}

SharedJson SharedJson::trusted(std::string text) {
  SharedJson shared;
  shared.node_ = std::make_shared<Node>();
  shared.node_->text.emplace(std::move(text));
  return shared;
}

const Json& SharedJson::value() const {
  PRESSO_ASSERT(has_value());
  if (!node_->value) {
    Result<Json> value = parse_json(*node_->text);
    PRESSO_ASSERT(value.has_value());
    node_->value.emplace(std::move(*value));
  }
  return *node_->value;
}

const std::string& SharedJson::text() const {
  PRESSO_ASSERT(has_value());
  if (!node_->text) node_->text.emplace(dump_json(*node_->value));
  return *node_->text;
}

bool operator==(const SharedJson& left, const SharedJson& right) {
  if (left.is_same(right)) return true;
  if (!left.has_value() || !right.has_value()) return false;
  return left.value() == right.value();
}

}  // namespace presso
