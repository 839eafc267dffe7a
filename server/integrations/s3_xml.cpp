// expat reads, and tells of elements and texts one after the other: a stack of the open elements is
// all that there is to it. It resolves no entities from outside and bounds those from within.

#include "server/integrations/s3_xml.h"

#include <expat.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <type_traits>

#include "base/json.h"
#include "base/text.h"
#include "server/integrations/s3_values.h"
#include "server/versions.h"

namespace presso::server {

namespace {

constexpr std::size_t kXmlDepth = 64;  // no service's answers are nested half as deep
constexpr std::string_view kNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";

struct XmlBuilder {
  XML_Parser parser = nullptr;
  XmlElement root;  // its only child is the document's
  std::vector<XmlElement*> open{&root};
};

// A new child may move its siblings, none of which is open.
void on_start(void* data, const XML_Char* name, const XML_Char**) {
  auto& builder = *static_cast<XmlBuilder*>(data);
  if (builder.open.size() > kXmlDepth) {
    XML_StopParser(builder.parser, XML_FALSE);
    return;
  }
  auto& children = builder.open.back()->children;
  builder.open.push_back(&children.emplace_back(XmlElement{name, {}, {}}));
}

void on_end(void* data, const XML_Char*) { static_cast<XmlBuilder*>(data)->open.pop_back(); }

void on_text(void* data, const XML_Char* text, int size) {
  auto& builder = *static_cast<XmlBuilder*>(data);
  builder.open.back()->text.append(text, static_cast<std::size_t>(size));
}

// How an element is shown where that is not as the text or the object that it is.
enum class Shape { Value, FlatList, WrappedList };
struct ElementRow {
  std::string_view element;
  Shape shape = Shape::Value;
  S3Kind kind = S3Kind::Text;
  std::string_view member;  // empty: as the element
};

constexpr std::array kElements{
    ElementRow{"Buckets", Shape::WrappedList, S3Kind::Text, ""},
    ElementRow{"ChecksumAlgorithm", Shape::FlatList, S3Kind::Text, ""},
    ElementRow{"CommonPrefixes", Shape::FlatList, S3Kind::Text, ""},
    ElementRow{"Contents", Shape::FlatList, S3Kind::Text, ""},
    ElementRow{"CreationDate", Shape::Value, S3Kind::IsoDate, ""},
    ElementRow{"DeleteMarker", Shape::Value, S3Kind::Boolean, ""},
    ElementRow{"Deleted", Shape::FlatList, S3Kind::Text, ""},
    ElementRow{"Error", Shape::FlatList, S3Kind::Text, "Errors"},
    ElementRow{"ID", Shape::Value, S3Kind::Text, "Id"},
    ElementRow{"IsRestoreInProgress", Shape::Value, S3Kind::Boolean, ""},
    ElementRow{"IsTruncated", Shape::Value, S3Kind::Boolean, ""},
    ElementRow{"KeyCount", Shape::Value, S3Kind::Integer, ""},
    ElementRow{"LastModified", Shape::Value, S3Kind::IsoDate, ""},
    ElementRow{"MaxKeys", Shape::Value, S3Kind::Integer, ""},
    ElementRow{"MaxParts", Shape::Value, S3Kind::Integer, ""},
    ElementRow{"NextPartNumberMarker", Shape::Value, S3Kind::Integer, ""},
    ElementRow{"ObjectSize", Shape::Value, S3Kind::Integer, ""},
    ElementRow{"Part", Shape::FlatList, S3Kind::Text, "Parts"},
    ElementRow{"PartNumber", Shape::Value, S3Kind::Integer, ""},
    ElementRow{"PartNumberMarker", Shape::Value, S3Kind::Integer, ""},
    ElementRow{"PartsCount", Shape::Value, S3Kind::Integer, "TotalPartsCount"},
    ElementRow{"RestoreExpiryDate", Shape::Value, S3Kind::IsoDate, ""},
    ElementRow{"Size", Shape::Value, S3Kind::Integer, ""},
    ElementRow{"TagSet", Shape::WrappedList, S3Kind::Text, ""},
};

const ElementRow& row_of(const XmlElement& element) {
  static constexpr ElementRow kPlain{};
  const auto* it = std::find_if(kElements.begin(), kElements.end(),
                                [&](const ElementRow& row) { return row.element == element.name; });
  return it == kElements.end() ? kPlain : *it;
}

// With EncodingType=url S3 encodes these as a form does: a blank is a plus.
constexpr std::array<std::string_view, 7> kEncoded = {
    "Delimiter", "Key", "Marker", "NextMarker", "Prefix", "StartAfter", "KeyMarker"};

std::string decoded_name(const std::string& text) {
  std::string blanks = text;
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return percent_decode(blanks).value_or(text);
}

Json members_within(const XmlElement& element, bool is_encoded);

Json value_within(const XmlElement& element, S3Kind kind, bool is_encoded) {
  if (!element.children.empty()) return members_within(element, is_encoded);
  const bool decodes =
      is_encoded && std::find(kEncoded.begin(), kEncoded.end(), element.name) != kEncoded.end();
  return s3_value(kind, decodes ? decoded_name(element.text) : element.text);
}

Json members_within(const XmlElement& element, bool is_encoded) {
  std::map<std::string, Json, std::less<>> members;
  for (const XmlElement& child : element.children) {
    const ElementRow& row = row_of(child);
    Json& member = members[row.member.empty() ? child.name : std::string{row.member}];
    switch (row.shape) {
      case Shape::Value: member = value_within(child, row.kind, is_encoded); break;
      case Shape::FlatList:
        if (!member.is_array()) member = Json::array();
        member.push_back(value_within(child, row.kind, is_encoded));
        break;
      case Shape::WrappedList:
        member = Json::array();
        for (const XmlElement& item : child.children) {
          member.push_back(value_within(item, row.kind, is_encoded));
        }
        break;
    }
  }
  Json object = Json::object();
  for (auto& [name, value] : members) object[name] = std::move(value);
  return object;
}

// What the items of a list are called; S3's model keeps `Objects` without an element around them.
struct ListRow {
  std::string_view member;
  std::string_view item;
  bool is_flat = false;
};
constexpr std::array kLists{ListRow{"Objects", "Object", true}, ListRow{"TagSet", "Tag", false},
                            ListRow{"Tags", "Tag", false}};

void append_element(std::string& document, std::string_view name, const Json& value);

void append_list(std::string& document, std::string_view name, const Json& items) {
  const auto* row = std::find_if(kLists.begin(), kLists.end(),
                                 [&](const ListRow& known) { return known.member == name; });
  const bool is_flat = row == kLists.end() || row->is_flat;
  const std::string_view item_name = row == kLists.end() ? name : row->item;
  if (!is_flat) document.append("<").append(name).append(">");
  for (const Json& item : items) append_element(document, item_name, item);
  if (!is_flat) document.append("</").append(name).append(">");
}

void append_members(std::string& document, const Json& object) {
  for (const auto& [name, member] : object.items()) append_element(document, name, member);
}

void append_element(std::string& document, std::string_view name, const Json& value) {
  if (value.is_null()) return;
  if (value.is_array()) return append_list(document, name, value);
  document.append("<").append(name).append(">");
  if (value.is_object()) {
    append_members(document, value);
  } else {
    append_xml_text(document, s3_text(S3Kind::Text, value).value_or(""));
  }
  document.append("</").append(name).append(">");
}

}  // namespace

void append_xml_text(std::string& document, std::string_view text) {
  for (const char character : text) {
    switch (character) {
      case '&': document += "&amp;"; break;
      case '<': document += "&lt;"; break;
      case '>': document += "&gt;"; break;
      case '"': document += "&quot;"; break;
      case '\r': document += "&#13;"; break;
      case '\n': document += "&#10;"; break;
      default: document += character;
    }
  }
}

const XmlElement* XmlElement::child(std::string_view wanted) const {
  const auto it = std::find_if(children.begin(), children.end(),
                               [&](const XmlElement& one) { return one.name == wanted; });
  return it == children.end() ? nullptr : &*it;
}

std::string_view XmlElement::text_of(std::string_view wanted) const {
  const XmlElement* found = child(wanted);
  return found == nullptr ? std::string_view{} : found->text;
}

std::optional<XmlElement> parse_xml(std::string_view text) {
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser{
      XML_ParserCreate(nullptr), &XML_ParserFree};
  if (parser == nullptr || text.size() > INT32_MAX) return std::nullopt;
  XmlBuilder builder;
  builder.parser = parser.get();
  XML_SetUserData(parser.get(), &builder);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  const auto state = XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
  if (state != XML_STATUS_OK || builder.root.children.size() != 1) return std::nullopt;
  return std::move(builder.root.children.front());
}

Json s3_members(const XmlElement& element) {
  return members_within(element, element.text_of("EncodingType") == "url");
}

std::string s3_document(std::string_view root, const Json& members) {
  std::string document;
  document.append("<").append(root).append(" xmlns=\"").append(kNamespace).append("\">");
  append_members(document, members);
  document.append("</").append(root).append(">");
  return document;
}

LibraryVersion version_of_expat() {
  std::string running = XML_ExpatVersion();
  running.erase(0, running.find('_') + 1);
  return {"expat",
          std::to_string(XML_MAJOR_VERSION) + "." + std::to_string(XML_MINOR_VERSION) + "." +
              std::to_string(XML_MICRO_VERSION),
          std::move(running)};
}

}  // namespace presso::server
