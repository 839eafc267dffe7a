#include "server/integrations/aws_json.h"

#include "base/json.h"

namespace presso::server {

OutboundRequest aws_json_request(const Service& service, std::string_view endpoint,
                                 std::string_view action, std::string parameters) {
  std::string operation{action};
  if (!operation.empty() && operation.front() >= 'a' && operation.front() <= 'z') {
    operation.front() = static_cast<char>(operation.front() - 'a' + 'A');
  }
  OutboundRequest request;
  request.method = "POST";
  request.url = std::string{endpoint} + "/";
  request.headers = {
      {"content-type", "application/x-amz-json-" + std::string{service.json_version}},
      {"x-amz-target", std::string{service.target_prefix} + "." + operation}};
  request.body = std::move(parameters);
  return request;
}

std::string with_text_member(std::string parameters, std::string_view member) {
  auto parsed = parse_json(parameters);
  if (!parsed || !parsed->is_object()) return parameters;
  const auto body = parsed->find(std::string{member});
  if (body == parsed->end() || body->is_string()) return parameters;
  if (body->is_null()) {
    parsed->erase(std::string{member});  // as the SDK leaves it out
  } else {
    *body = dump_json(*body);
  }
  return dump_json(*parsed);
}

}  // namespace presso::server
