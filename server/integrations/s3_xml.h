// XML as S3 speaks it: its answers as the members that an aws-sdk result shows, and the few
// requests that are XML.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"

namespace presso::server {

struct XmlElement {
  std::string name;
  std::string text;  // what stands directly in it, white space kept
  std::vector<XmlElement> children;

  // Null when there is no child of that name.
  [[nodiscard]] const XmlElement* child(std::string_view name) const;
  // Of that child; empty without it.
  [[nodiscard]] std::string_view text_of(std::string_view name) const;
};

// As an element's text, or an attribute's value.
void append_xml_text(std::string& document, std::string_view text);

// The root. Nothing for what is no XML, and for what is nested deeper than any service's answer.
[[nodiscard]] std::optional<XmlElement> parse_xml(std::string_view text);

// The children as members in the order of their names: numbers, truth values, times and lists for
// what they are, in AWS's spelling for Step Functions ("Id", "Errors"). What S3 has encoded for
// EncodingType is decoded.
[[nodiscard]] Json s3_members(const XmlElement&);

// <Root xmlns="…">…</Root>. Lists are written as S3's model has them.
[[nodiscard]] std::string s3_document(std::string_view root, const Json& members);

}  // namespace presso::server
