#include "server/integrations/service_fault.h"

#include <string_view>

#include "base/json.h"
#include "server/integrations/s3_xml.h"

namespace presso::server {
namespace {

// The first element of that name, in whatever depth.
const XmlElement* find_element(const XmlElement& element, std::string_view name) {
  if (element.name == name) return &element;
  for (const XmlElement& child : element.children) {
    if (const XmlElement* found = find_element(child, name)) return found;
  }
  return nullptr;
}

// "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException:http://…" → the name alone.
std::string bare_error(std::string_view type) {
  type = type.substr(0, type.find(':'));
  const auto hash = type.rfind('#');
  return std::string{hash == std::string_view::npos ? type : type.substr(hash + 1)};
}

}  // namespace

void read_xml_fault(ServiceFault& fault, const OutboundResponse& response) {
  const auto document = parse_xml(response.body);
  if (!document) return;
  if (const XmlElement* error = find_element(*document, "Error")) {
    fault.code = error->text_of("Code");
    fault.message = error->text_of("Message");
    if (fault.message.empty()) fault.message = error->text_of("message");
  }
  for (const std::string_view name : {"RequestId", "RequestID"}) {
    const XmlElement* id = find_element(*document, name);
    if (id != nullptr && fault.request_id.empty()) fault.request_id = id->text;
  }
}

void read_json_fault(ServiceFault& fault, const OutboundResponse& response) {
  fault.code = bare_error(response.header("x-amzn-errortype"));
  const auto body = parse_json(response.body);
  if (!body) return;
  for (const std::string_view name : {"code", "Code", "__type"}) {
    const auto* type = as_string(find_member(*body, name));
    if (type != nullptr && fault.code.empty()) fault.code = bare_error(*type);
  }
  for (const std::string_view name : {"message", "Message", "errorMessage"}) {
    const auto* message = as_string(find_member(*body, name));
    if (message != nullptr && fault.message.empty()) fault.message = *message;
  }
}

std::string error_code(const OutboundResponse& response) {
  ServiceFault fault;
  if (response.body.starts_with('<')) {
    read_xml_fault(fault, response);
  } else {
    read_json_fault(fault, response);
  }
  return fault.code;
}

}  // namespace presso::server
