#include "server/integrations/model_body.h"

#include "base/json.h"
#include "base/text.h"
#include "server/integrations/model_values.h"
#include "server/integrations/s3_xml.h"

namespace presso::server {

using models::Action;
using models::Location;
using models::Member;
using models::Protocol;
using models::ServiceModel;
using models::Shape;
using models::ShapeKind;
using models::TimeForm;

namespace {

TimeForm form_of(const Member& member, const Shape& shape, TimeForm usual) {
  if (member.time != TimeForm::Default) return member.time;
  return shape.time == TimeForm::Default ? usual : shape.time;
}

// ---- JSON ----

Json json_value(const ServiceModel& model, const Member& member, const Json& value) {
  const Shape shape = model.shape(member.shape);
  switch (shape.kind) {
    case ShapeKind::Structure: return json_body(model, member.shape, value);
    case ShapeKind::List:
    case ShapeKind::Map: {
      Json items = value;
      for (Json& item : items) {
        if (!item.is_null()) item = json_value(model, shape.item, item);
      }
      return items;
    }
    case ShapeKind::Blob:
    case ShapeKind::Stream: return base64_encode(blob_bytes(value));
    case ShapeKind::Time: return wire_time(value, form_of(member, shape, TimeForm::Epoch));
    case ShapeKind::Text:
    case ShapeKind::Boolean:
    case ShapeKind::Integer:
    case ShapeKind::Number:
    case ShapeKind::Document: break;
  }
  return value;
}

// ---- query ----

class QueryWriter {
 public:
  explicit QueryWriter(const ServiceModel& model)
      : model_{model}, is_ec2_{model.protocol == Protocol::Ec2} {}

  void structure(const std::string& prefix, const Shape& shape, const Json& value) {
    for (const Member& member : shape.members) {
      const Json* found = find_member(value, member.name);
      if (found == nullptr) continue;
      const std::string name = query_name(member);
      one(prefix.empty() ? name : prefix + "." + name, member, *found);
    }
  }
  void add(std::string_view name, std::string_view value) {
    if (!text.empty()) text += '&';
    text.append(percent_encode(name, false)).append("=").append(percent_encode(value, false));
  }

  std::string text;

 private:
  // EC2: its own name, or the element's with a capital first letter.
  [[nodiscard]] std::string query_name(const Member& member) const {
    if (!is_ec2_) return std::string{member.wire_name()};
    if (!member.query.empty()) return std::string{member.query};
    return member_name(ModelStyle::Optimised, member.wire_name());
  }

  void one(const std::string& prefix, const Member& member, const Json& value) {
    const Shape shape = model_.shape(member.shape);
    switch (shape.kind) {
      case ShapeKind::Structure: return structure(prefix, shape, value);
      case ShapeKind::List: return list(prefix, member, shape, value);
      case ShapeKind::Map: return map(prefix, member, shape, value);
      case ShapeKind::Text:
      case ShapeKind::Boolean:
      case ShapeKind::Integer:
      case ShapeKind::Number:
      case ShapeKind::Time:
      case ShapeKind::Blob:
      case ShapeKind::Stream:
      case ShapeKind::Document: break;
    }
    add(prefix, wire_text(shape.kind, value, form_of(member, shape, TimeForm::Iso)));
  }

  void list(std::string prefix, const Member& member, const Shape& shape, const Json& value) {
    const bool is_flat = is_ec2_ || shape.is_flattened || member.is_flattened;
    if (value.empty() && !is_ec2_) return add(prefix, "");
    if (!is_flat) {
      prefix += "." + std::string{shape.item.wire.empty() ? "member" : shape.item.wire};
    } else if (!is_ec2_ && !shape.item.wire.empty()) {
      const auto dot = prefix.rfind('.');
      prefix.resize(dot == std::string::npos ? 0 : dot + 1);
      prefix += shape.item.wire;
    }
    std::size_t number = 0;
    for (const Json& item : value) one(prefix + "." + std::to_string(++number), shape.item, item);
  }

  void map(std::string prefix, const Member& member, const Shape& shape, const Json& value) {
    if (!shape.is_flattened && !member.is_flattened) prefix += ".entry";
    const std::string key{shape.key.wire.empty() ? "key" : shape.key.wire};
    const std::string item_name{shape.item.wire.empty() ? "value" : shape.item.wire};
    std::size_t number = 0;
    for (const auto& [name, item] : value.items()) {
      const std::string entry = prefix + "." + std::to_string(++number) + ".";
      add(entry + key, name);
      one(entry + item_name, shape.item, item);
    }
  }

  const ServiceModel& model_;
  bool is_ec2_;
};

// ---- XML ----

class XmlWriter {
 public:
  explicit XmlWriter(const ServiceModel& model) : model_{model} {}

  void element(std::string_view name, const Member& member, const Json& value,
               std::string_view space = {}) {
    const Shape shape = model_.shape(member.shape);
    if (shape.kind == ShapeKind::List) return list(name, member, shape, value);
    text.append("<").append(name);
    if (!space.empty()) text.append(" xmlns=\"").append(space).append("\"");
    if (shape.kind == ShapeKind::Structure) attributes(shape, value);
    text += '>';
    if (shape.kind == ShapeKind::Structure) {
      members(shape, value);
    } else if (shape.kind == ShapeKind::Map) {
      entries(shape, value);
    } else {
      append_xml_text(text, wire_text(shape.kind, value, form_of(member, shape, TimeForm::Iso)));
    }
    text.append("</").append(name).append(">");
  }

  std::string text;

 private:
  void attributes(const Shape& shape, const Json& value) {
    for (const Member& member : shape.members) {
      const auto* found = as_string(find_member(value, member.name));
      if (!member.is_attribute || found == nullptr) continue;
      if (member.wire_name().starts_with("xsi:")) {
        text += " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
      }
      text.append(" ").append(member.wire_name()).append("=\"");
      append_xml_text(text, *found);
      text += '"';
    }
  }
  void members(const Shape& shape, const Json& value) {
    for (const Member& member : shape.members) {
      const Json* found = find_member(value, member.name);
      if (found == nullptr || member.is_attribute || member.location != Location::Body) continue;
      element(member.wire_name(), member, *found);
    }
  }
  void list(std::string_view name, const Member& member, const Shape& shape, const Json& value) {
    const bool is_flat = shape.is_flattened || member.is_flattened;
    const std::string_view inner = shape.item.wire.empty() ? "member" : shape.item.wire;
    if (!is_flat) text.append("<").append(name).append(">");
    for (const Json& item : value) element(is_flat ? name : inner, shape.item, item);
    if (!is_flat) text.append("</").append(name).append(">");
  }
  void entries(const Shape& shape, const Json& value) {
    for (const auto& [key, item] : value.items()) {
      text += "<entry>";
      element(shape.key.wire.empty() ? "key" : shape.key.wire, shape.key, Json(key));
      element(shape.item.wire.empty() ? "value" : shape.item.wire, shape.item, item);
      text += "</entry>";
    }
  }

  const ServiceModel& model_;
};

}  // namespace

Json json_body(const ServiceModel& model, std::size_t number, const Json& value) {
  const Shape shape = model.shape(number);
  Json body = Json::object();
  for (const Member& member : shape.members) {
    const Json* found = find_member(value, member.name);
    if (found == nullptr || member.location != Location::Body) continue;
    body[std::string{member.wire_name()}] = json_value(model, member, *found);
  }
  return body;
}

std::string query_body(const ServiceModel& model, const Action& action, const Json& value) {
  QueryWriter writer{model};
  writer.add("Action", action.name);
  writer.add("Version", model.api_version);
  if (action.input) writer.structure("", model.shape(*action.input), value);
  return writer.text;
}

std::string xml_body(const ServiceModel& model, std::size_t shape, std::string_view element,
                     const Json& value) {
  XmlWriter writer{model};
  Member root;
  root.shape = shape;
  writer.element(element, root, value, model.xml_namespace);
  return writer.text;
}

}  // namespace presso::server
