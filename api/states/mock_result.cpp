#include "api/states/mock_result.h"

#include <cctype>
#include <string>

#include "api/error.h"
#include "api/operation.h"
#include "base/text.h"

namespace presso::api::states {
namespace {

Error invalid(const std::string& field, std::string_view what) {
  return Error{"ValidationException",
               "Mock result schema validation error: Field '" + field + "' " + std::string{what}};
}

std::string pascal_case(std::string_view name) {
  std::string pascal{name};
  if (!pascal.empty()) {
    pascal[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  }
  return pascal;
}

// What lambda:invoke shows: its service has no operation of ours.
struct LambdaInvokeResult {
  std::optional<std::string> executed_version;
  std::optional<std::string> function_error;
  std::optional<std::string> log_result;
  std::optional<Json> payload;
  std::optional<std::int64_t> status_code;

  static constexpr auto fields() {
    using S = LambdaInvokeResult;
    return std::tuple{field("ExecutedVersion", &S::executed_version),
                      field("FunctionError", &S::function_error),
                      field("LogResult", &S::log_result), field("Payload", &S::payload),
                      field("StatusCode", &S::status_code)};
  }
};

struct Expected {
  const Shape* shape = nullptr;
  bool knows_required = false;  // EventBridge's model requires nothing of an answer
};

Expected expected_of(const asl::Resource& resource) {
  constexpr std::string_view kSdk = "aws-sdk:";
  const bool is_sdk = resource.service.starts_with(kSdk);
  const std::string_view service =
      std::string_view{resource.service}.substr(is_sdk ? kSdk.size() : 0);
  if (service == "lambda" && resource.action == "invoke") return {&kShape<LambdaInvokeResult>};
  const bool is_states = service == (is_sdk ? "sfn" : "states");
  const bool is_events = service == (is_sdk ? "eventbridge" : "events");
  if (!is_states && !is_events) return {};
  const Operation* operation = find_operation(
      is_states ? Service::StepFunctions : Service::EventBridge, pascal_case(resource.action));
  if (operation == nullptr) return {};
  return {operation->response, is_states};
}

class Check {
 public:
  explicit Check(bool wants_required) : wants_required_{wants_required} {}

  Result<void> members(const Json& value, const Shape& shape) const {
    for (const Member& member : shape.members) {
      const std::string name = pascal_case(member.name);
      const Json* found = find_member(value, name);
      if (found == nullptr || found->is_null()) {
        if (!wants_required_ || !member.is_required) continue;
        return Error{
            "ValidationException",
            "Mock result schema validation error: Required field '" + name + "' is missing"};
      }
      const auto checked = one(*found, *member.type, member.constraint, name);
      if (!checked) return checked;
    }
    return {};
  }

 private:
  Result<void> one(const Json& value, const Type& type, const Constraint& constraint,
                   const std::string& name) const {
    switch (type.kind) {
      case Kind::Text:
      case Kind::Time: return text(value, constraint, name);
      case Kind::Boolean:
        return value.is_boolean() ? Result<void>{} : invalid(name, "must be a boolean");
      case Kind::Integer:
      case Kind::Number: return number(value, constraint, name);
      case Kind::List: return list(value, *type.item, name);
      case Kind::Structure:
        if (!value.is_object()) return invalid(name, "must be an object");
        return members(value, *type.shape);
      case Kind::Map:
        return value.is_object() ? Result<void>{} : invalid(name, "must be an object");
      case Kind::Document: return {};
    }
    return {};
  }

  static Result<void> text(const Json& value, const Constraint& constraint,
                           const std::string& name) {
    const std::string* text = as_string(&value);
    if (text == nullptr) return invalid(name, "must be a string");
    const auto length = static_cast<std::int64_t>(utf16_length(*text));
    if (constraint.min && length < *constraint.min) {
      return invalid(name, "is smaller than the minimum length");
    }
    if (constraint.max && length > *constraint.max) {
      return invalid(name, "exceeds the maximum length");
    }
    if (constraint.values.empty()) return {};
    for (const std::string_view known : constraint.values) {
      if (known == *text) return {};
    }
    return invalid(name, "is not an expected value");
  }

  static Result<void> number(const Json& value, const Constraint& constraint,
                             const std::string& name) {
    if (!value.is_number()) return invalid(name, "must be a number");
    const double number = value.get<double>();
    if (constraint.min && number < static_cast<double>(*constraint.min)) {
      return invalid(name, "is less than the minimum value");
    }
    if (constraint.max && number > static_cast<double>(*constraint.max)) {
      return invalid(name, "exceeds the maximum value");
    }
    return {};
  }

  Result<void> list(const Json& value, const Type& item, const std::string& name) const {
    if (!value.is_array()) return invalid(name, "must be an array");
    for (const Json& element : value) {
      const auto checked = one(element, item, {}, name);
      if (!checked) return checked;
    }
    return {};
  }

  bool wants_required_;
};

}  // namespace

Result<void> check_mock_result(const asl::Resource& resource, const Json& result,
                               FieldValidation mode) {
  if (mode == FieldValidation::None) return {};
  if (resource.kind != asl::Resource::Kind::Integration) return {};
  const Expected expected = expected_of(resource);
  if (expected.shape == nullptr || !result.is_object()) return {};
  const bool wants_required = expected.knows_required && mode == FieldValidation::Strict;
  return Check{wants_required}.members(result, *expected.shape);
}

}  // namespace presso::api::states
