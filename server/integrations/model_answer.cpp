#include "server/integrations/model_answer.h"

#include "base/json.h"
#include "base/text.h"

namespace presso::server {

using models::Location;
using models::Member;
using models::ServiceModel;
using models::Shape;
using models::ShapeKind;

namespace {

class JsonAnswer {
 public:
  JsonAnswer(const ServiceModel& model, ModelStyle style) : model_{model}, style_{style} {}

  [[nodiscard]] Json value(std::size_t number, const Json& wire) const {
    if (wire.is_null()) return wire;
    const Shape shape = model_.shape(number);
    switch (shape.kind) {
      case ShapeKind::Structure: return structure(shape, wire);
      case ShapeKind::List:
      case ShapeKind::Map: {
        Json items = wire;
        if (!items.is_structured()) return items;
        for (Json& item : items) item = value(shape.item.shape, item);
        return items;
      }
      case ShapeKind::Time: return shown_time(wire, style_);
      case ShapeKind::Blob:
      case ShapeKind::Stream:
        if (const auto* text = as_string(&wire)) return shown_text(shape.kind, *text, style_);
        break;
      case ShapeKind::Text:
      case ShapeKind::Boolean:
      case ShapeKind::Integer:
      case ShapeKind::Number:
      case ShapeKind::Document: break;
    }
    return wire;
  }

 private:
  [[nodiscard]] Json structure(const Shape& shape, const Json& wire) const {
    Json shown = Json::object();
    if (!wire.is_object()) return shown;
    for (const Member& member : shape.members) {
      const Json* found = find_member(wire, member.wire_name());
      if (found == nullptr || found->is_null()) continue;
      shown[member_name(style_, member.name)] = value(member.shape, *found);
    }
    return shown;
  }

  const ServiceModel& model_;
  ModelStyle style_;
};

class XmlAnswer {
 public:
  XmlAnswer(const ServiceModel& model, ModelStyle style) : model_{model}, style_{style} {}

  [[nodiscard]] Json structure(const Shape& shape, const XmlElement& element) const {
    Json shown = Json::object();
    for (const Member& member : shape.members) {
      if (member.location != Location::Body || member.is_attribute) continue;
      const Shape of = model_.shape(member.shape);
      const std::string name = member_name(style_, member.name);
      const bool is_flat = of.is_flattened || member.is_flattened;
      if (is_flat && (of.kind == ShapeKind::List || of.kind == ShapeKind::Map)) {
        // A flattened list's elements may be called as its items are.
        const std::string_view wire =
            of.kind == ShapeKind::List && member.wire.empty() && !of.item.wire.empty()
                ? of.item.wire
                : member.wire_name();
        Json all = flattened(of, element, wire);
        if (!all.empty()) shown[name] = std::move(all);
      } else if (const XmlElement* child = element.child(member.wire_name())) {
        shown[name] = value(of, *child);
      }
    }
    return shown;
  }

 private:
  [[nodiscard]] Json value(const Shape& shape, const XmlElement& element) const {
    switch (shape.kind) {
      case ShapeKind::Structure: return structure(shape, element);
      case ShapeKind::List: {
        const Shape item = model_.shape(shape.item.shape);
        Json items = Json::array();
        for (const XmlElement& child : element.children) items.push_back(value(item, child));
        return items;
      }
      case ShapeKind::Map: {
        Json entries = Json::object();
        for (const XmlElement& child : element.children) add_entry(entries, shape, child);
        return entries;
      }
      case ShapeKind::Text:
      case ShapeKind::Boolean:
      case ShapeKind::Integer:
      case ShapeKind::Number:
      case ShapeKind::Time:
      case ShapeKind::Blob:
      case ShapeKind::Stream:
      case ShapeKind::Document: break;
    }
    return shown_text(shape.kind, element.text, style_);
  }

  [[nodiscard]] Json flattened(const Shape& shape, const XmlElement& element,
                               std::string_view wire) const {
    const bool is_list = shape.kind == ShapeKind::List;
    Json all = is_list ? Json::array() : Json::object();
    for (const XmlElement& child : element.children) {
      if (child.name != wire) continue;
      if (is_list) {
        all.push_back(value(model_.shape(shape.item.shape), child));
      } else {
        add_entry(all, shape, child);
      }
    }
    return all;
  }

  void add_entry(Json& entries, const Shape& shape, const XmlElement& entry) const {
    const XmlElement* key = entry.child(shape.key.wire.empty() ? "key" : shape.key.wire);
    const XmlElement* item = entry.child(shape.item.wire.empty() ? "value" : shape.item.wire);
    if (key == nullptr || item == nullptr) return;
    entries[key->text] = value(model_.shape(shape.item.shape), *item);
  }

  const ServiceModel& model_;
  ModelStyle style_;
};

Json prefixed_headers(std::string_view prefix, const OutboundResponse& response) {
  const std::string wanted = to_lower_ascii(prefix);
  Json found = Json::object();
  for (const auto& [name, value] : response.headers) {
    const std::string lower = to_lower_ascii(name);
    if (lower.starts_with(wanted)) found[lower.substr(wanted.size())] = value;
  }
  return found;
}

}  // namespace

Json shown_json(const ServiceModel& model, std::size_t shape, ModelStyle style, const Json& body) {
  return JsonAnswer{model, style}.value(shape, body);
}

Json shown_xml(const ServiceModel& model, std::size_t shape, ModelStyle style,
               const XmlElement& element) {
  return XmlAnswer{model, style}.structure(model.shape(shape), element);
}

void add_header_members(Json& shown, const ServiceModel& model, const Shape& shape,
                        ModelStyle style, const OutboundResponse& response) {
  for (const Member& member : shape.members) {
    const std::string name = member_name(style, member.name);
    if (member.location == Location::Status) shown[name] = response.status;
    if (member.location == Location::Headers) {
      shown[name] = prefixed_headers(member.wire, response);
    }
    if (member.location != Location::Header) continue;
    const std::string_view text = response.header(member.wire_name());
    if (!text.empty()) shown[name] = shown_text(model.shape(member.shape).kind, text, style);
  }
}

}  // namespace presso::server
