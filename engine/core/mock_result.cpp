#include "engine/core/mock_result.h"

#include <string>

#include "base/text.h"
#include "engine/models/optimised.h"
#include "engine/models/service_model.h"

namespace presso::core {
namespace {

using models::Member;
using models::ServiceModel;
using models::Shape;
using models::ShapeKind;

Error invalid(const std::string& field, std::string_view what) {
  return Error{"ValidationException",
               "Mock result schema validation error: Field '" + field + "' " + std::string{what}};
}

class Check {
 public:
  Check(const ServiceModel& model, bool is_sdk, bool wants_required)
      : model_{model}, is_sdk_{is_sdk}, wants_required_{wants_required} {}

  Result<void> members(const Json& value, const Shape& shape) const {
    for (const Member& member : shape.members) {
      const std::string name =
          is_sdk_ ? models::shown_name(member.name) : models::capital_name(member.name);
      const Json* found = find_member(value, name);
      if (found == nullptr || found->is_null()) {
        if (!wants_required_ || !member.is_required) continue;
        return Error{
            "ValidationException",
            "Mock result schema validation error: Required field '" + name + "' is missing"};
      }
      const auto checked = one(*found, member.shape, name);
      if (!checked) return checked;
    }
    return {};
  }

 private:
  Result<void> one(const Json& value, std::size_t number_of_shape, const std::string& name) const {
    const Shape shape = model_.shape(number_of_shape);
    switch (shape.kind) {
      case ShapeKind::Text:
      case ShapeKind::Time: return text(value, shape, name);
      case ShapeKind::Blob:
        // An optimised integration shows the JSON that a blob holds.
        return is_sdk_ ? text(value, shape, name) : Result<void>{};
      case ShapeKind::Boolean:
        return value.is_boolean() ? Result<void>{} : invalid(name, "must be a boolean");
      case ShapeKind::Integer:
      case ShapeKind::Number: return number(value, shape, name);
      case ShapeKind::List: return list(value, shape, name);
      case ShapeKind::Structure:
        if (!value.is_object()) return invalid(name, "must be an object");
        return members(value, shape);
      case ShapeKind::Map:
        return value.is_object() ? Result<void>{} : invalid(name, "must be an object");
      case ShapeKind::Stream:
      case ShapeKind::Document: return {};
    }
    return {};
  }

  static Result<void> text(const Json& value, const Shape& shape, const std::string& name) {
    const std::string* text = as_string(&value);
    if (text == nullptr) return invalid(name, "must be a string");
    const auto length = static_cast<double>(utf16_length(*text));
    if (shape.min && length < *shape.min) {
      return invalid(name, "is smaller than the minimum length");
    }
    if (shape.max && length > *shape.max) return invalid(name, "exceeds the maximum length");
    if (shape.values.empty()) return {};
    for (const std::string_view known : shape.values) {
      if (known == *text) return {};
    }
    return invalid(name, "is not an expected value");
  }

  static Result<void> number(const Json& value, const Shape& shape, const std::string& name) {
    if (!value.is_number()) return invalid(name, "must be a number");
    const double number = value.get<double>();
    if (shape.min && number < *shape.min) return invalid(name, "is less than the minimum value");
    if (shape.max && number > *shape.max) return invalid(name, "exceeds the maximum value");
    return {};
  }

  Result<void> list(const Json& value, const Shape& shape, const std::string& name) const {
    if (!value.is_array()) return invalid(name, "must be an array");
    for (const Json& element : value) {
      const auto checked = one(element, shape.item.shape, name);
      if (!checked) return checked;
    }
    return {};
  }

  const ServiceModel& model_;
  bool is_sdk_;
  bool wants_required_;
};

std::string_view model_name(const asl::Resource& resource) {
  constexpr std::string_view kSdk = "aws-sdk:";
  if (resource.is_sdk()) return std::string_view{resource.service}.substr(kSdk.size());
  const auto* optimised = models::find_optimised(resource.service, resource.action);
  return optimised == nullptr ? std::string_view{} : optimised->model;
}

}  // namespace

Result<void> check_mock_result(const asl::Resource& resource, const Json& result,
                               FieldValidation mode) {
  if (mode == FieldValidation::None || !result.is_object()) return {};
  if (resource.kind != asl::Resource::Kind::Integration) return {};
  const auto model = models::load_model(model_name(resource));
  const auto action = model == nullptr ? std::nullopt : model->action(resource.action);
  if (!action || !action->output) return {};
  const bool wants_required = mode == FieldValidation::Strict;
  return Check{*model, resource.is_sdk(), wants_required}.members(result,
                                                                  model->shape(*action->output));
}

}  // namespace presso::core
