#include "server/integrations/model_values.h"

#include <charconv>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "server/integrations/s3_values.h"

namespace presso::server {

using models::Member;
using models::ServiceModel;
using models::Shape;
using models::ShapeKind;
using models::TimeForm;

namespace {

const Member* find_shown(const Shape& shape, ModelStyle style, std::string_view name) {
  for (const Member& member : shape.members) {
    if (member_name(style, member.name) == name) return &member;
  }
  // DynamoDB's "BOOL" is known to many by its own name.
  for (const Member& member : shape.members) {
    if (member_name(ModelStyle::Optimised, member.name) == name) return &member;
  }
  return nullptr;
}

class Parameters {
 public:
  Parameters(const ServiceModel& model, ModelStyle style, const std::string& token)
      : model_{model}, style_{style}, token_{token} {}

  Result<Json> structure(const Json& value, const Shape& shape) const {
    Json members = Json::object();
    for (const auto& [name, item] : value.items()) {
      const Member* member = find_shown(shape, style_, name);
      if (member == nullptr) {
        return Error{"States.Runtime",
                     "The field \"" + name + "\" is not supported by Step Functions"};
      }
      if (item.is_null()) continue;
      auto converted = one(item, member->shape, name);
      if (!converted) return converted.error();
      members[std::string{member->name}] = *std::move(converted);
    }
    for (const Member& member : shape.members) {
      const std::string name{member.name};
      if (member.is_token && !members.contains(name)) members[name] = token_;
    }
    return members;
  }

 private:
  Result<Json> one(const Json& value, std::size_t number, const std::string& name) const {
    const Shape shape = model_.shape(number);
    switch (shape.kind) {
      case ShapeKind::Structure:
        if (!value.is_object()) return wrong_type(name, "an OBJECT");
        return structure(value, shape);
      case ShapeKind::List:
        if (!value.is_array()) return wrong_type(name, "an ARRAY");
        return items(value, shape, name);
      case ShapeKind::Map:
        if (!value.is_object()) return wrong_type(name, "an OBJECT");
        return items(value, shape, name);
      case ShapeKind::Text:
        if (value.is_structured()) return wrong_type(name, "a STRING");
        return value.is_string() ? value : Json(dump_json(value));
      case ShapeKind::Boolean:
      case ShapeKind::Integer:
      case ShapeKind::Number:
      case ShapeKind::Time:
      case ShapeKind::Blob:
      case ShapeKind::Stream:
      case ShapeKind::Document: return value;
    }
    return value;
  }

  Result<Json> items(const Json& value, const Shape& shape, const std::string& name) const {
    Json converted = value;
    for (Json& item : converted) {
      if (item.is_null()) continue;
      auto wire = one(item, shape.item.shape, name);
      if (!wire) return wire.error();
      item = *std::move(wire);
    }
    return converted;
  }

  static Error wrong_type(const std::string& name, std::string_view wanted) {
    return {"States.Runtime",
            "The value for the field '" + name + "' must be " + std::string{wanted}};
  }

  const ServiceModel& model_;
  ModelStyle style_;
  const std::string& token_;
};

std::optional<Time> time_of(const Json& value) {
  if (value.is_number()) {
    return time_of_epoch_ms(static_cast<std::int64_t>(std::llround(value.get<double>() * 1000.0)));
  }
  const auto* text = as_string(&value);
  return text == nullptr ? std::nullopt : parse_rfc3339(*text);
}

std::string short_iso(Time time) {
  return epoch_ms(time) % 1000 == 0 ? to_iso_seconds(time) : to_iso_milliseconds(time);
}

template <typename Value>
std::optional<Value> number_in(std::string_view text) {
  Value number{};
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

}  // namespace

std::string member_name(ModelStyle style, std::string_view name) {
  return style == ModelStyle::Sdk ? models::shown_name(name) : models::capital_name(name);
}

Result<Json> model_parameters(const ServiceModel& model, std::size_t shape, ModelStyle style,
                              const Json& parameters, const std::string& token) {
  return Parameters{model, style, token}.structure(parameters, model.shape(shape));
}

std::string blob_bytes(const Json& value) {
  const auto* text = as_string(&value);
  return text == nullptr ? dump_json(value) : *text;
}

Json wire_time(const Json& value, TimeForm form) {
  const auto time = time_of(value);
  if (!time) return value;
  switch (form) {
    case TimeForm::Default:
    case TimeForm::Epoch: break;
    case TimeForm::Iso: return short_iso(*time);
    case TimeForm::Http: return http_date_of_iso(to_iso_seconds(*time)).value_or("");
  }
  const std::int64_t count = epoch_ms(*time);
  return count % 1000 == 0 ? Json(count / 1000) : Json(to_epoch_seconds(*time));
}

std::string wire_text(ShapeKind kind, const Json& value, TimeForm form) {
  if (kind == ShapeKind::Blob || kind == ShapeKind::Stream) {
    return base64_encode(blob_bytes(value));
  }
  const Json wire = kind == ShapeKind::Time ? wire_time(value, form) : value;
  const auto* text = as_string(&wire);
  return text == nullptr ? dump_json(wire) : *text;
}

Json shown_time(const Json& wire, ModelStyle style) {
  auto time = time_of(wire);
  const auto* text = as_string(&wire);
  if (!time && text != nullptr) {
    if (const auto iso = iso_of_http_date(*text)) time = parse_rfc3339(*iso);
  }
  if (!time && text != nullptr) {
    if (const auto number = number_in<double>(*text)) time = time_of(Json(*number));
  }
  if (!time) return wire;
  return style == ModelStyle::Sdk ? Json(short_iso(*time)) : Json(epoch_ms(*time));
}

Json shown_text(ShapeKind kind, std::string_view text, ModelStyle style) {
  switch (kind) {
    case ShapeKind::Boolean:
      if (text == "true" || text == "false") return text == "true";
      break;
    case ShapeKind::Integer:
      if (const auto number = number_in<std::int64_t>(text)) return *number;
      break;
    case ShapeKind::Number:
      if (const auto number = number_in<double>(text)) return *number;
      break;
    case ShapeKind::Time: return shown_time(std::string{text}, style);
    case ShapeKind::Blob:
    case ShapeKind::Stream:
      if (auto bytes = base64_decode(text)) return *std::move(bytes);
      break;
    case ShapeKind::Text:
    case ShapeKind::Document:
    case ShapeKind::Structure:
    case ShapeKind::List:
    case ShapeKind::Map: break;
  }
  return std::string{text};
}

}  // namespace presso::server
