#include "server/forward/peer_error.h"

#include "base/json.h"

namespace presso::server {
namespace {

std::string xml_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      default: escaped += c; break;
    }
  }
  return escaped;
}

std::string element(std::string_view name, const std::string& content) {
  return "<" + std::string{name} + ">" + content + "</" + std::string{name} + ">";
}

// RFC 8949, 3.1: a text's head, for texts below 64 KiB.
std::string cbor_text(std::string_view text) {
  std::string bytes;
  if (text.size() < 24) {
    bytes += static_cast<char>(0x60 + text.size());
  } else {
    bytes += static_cast<char>(0x79);
    bytes += static_cast<char>((text.size() >> 8) & 0xff);
    bytes += static_cast<char>(text.size() & 0xff);
  }
  return bytes.append(text);
}

HttpReply xml_reply(std::string content) {
  HttpReply reply;
  reply.content_type = "text/xml";
  reply.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + std::move(content);
  return reply;
}

HttpReply json_reply_of(const PeerError& error, std::string_view type) {
  HttpReply reply;
  const std::string code = error.code + "Exception";
  reply.content_type = type;
  reply.headers.emplace_back("x-amzn-errortype", code);
  reply.body = dump_json(Json{{"__type", code}, {"message", error.message}});
  return reply;
}

HttpReply cbor_reply(const PeerError& error) {
  HttpReply reply;
  reply.content_type = "application/cbor";
  reply.headers.emplace_back("smithy-protocol", "rpc-v2-cbor");
  reply.body = "\xa2" + cbor_text("__type") + cbor_text(error.code + "Exception") +
               cbor_text("message") + cbor_text(error.message);
  return reply;
}

HttpReply formed(const PeerError& error, ErrorForm form) {
  const std::string fault =
      element("Code", xml_text(error.code)) + element("Message", xml_text(error.message));
  switch (form) {
    case ErrorForm::Json10: return json_reply_of(error, "application/x-amz-json-1.0");
    case ErrorForm::Json11: return json_reply_of(error, "application/x-amz-json-1.1");
    case ErrorForm::RestJson: return json_reply_of(error, "application/json");
    case ErrorForm::Cbor: return cbor_reply(error);
    case ErrorForm::S3:
      return xml_reply(element("Error", fault + element("RequestId", error.request_id)));
    case ErrorForm::Ec2:
      return xml_reply(element("Response", element("Errors", element("Error", fault)) +
                                               element("RequestID", error.request_id)));
    case ErrorForm::Query:
    case ErrorForm::RestXml:
      return xml_reply(
          element("ErrorResponse", element("Error", element("Type", "Receiver") + fault) +
                                       element("RequestId", error.request_id)));
  }
  return {};
}

}  // namespace

HttpReply to_reply(const PeerError& error, ErrorForm form) {
  HttpReply reply = formed(error, form);
  reply.status = error.status;
  reply.headers.emplace_back("x-amzn-RequestId", error.request_id);
  return reply;
}

}  // namespace presso::server
