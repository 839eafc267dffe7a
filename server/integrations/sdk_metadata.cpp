#include "server/integrations/sdk_metadata.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace presso::server {

Json http_metadata(const OutboundResponse& response) {
  Json all = Json::object();
  Headers sorted = response.headers;
  for (const auto& [name, value] : sorted) {
    if (!all.contains(name)) all[name] = Json::array();
    all[name].push_back(value);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& left, const auto& right) {
    return to_lower_ascii(left.first) < to_lower_ascii(right.first);
  });
  Json headers = Json::object();
  for (const auto& [name, value] : sorted) headers[name] = value;
  Json metadata = Json::object();
  metadata["AllHttpHeaders"] = std::move(all);
  metadata["HttpHeaders"] = std::move(headers);
  metadata["HttpStatusCode"] = response.status;
  return metadata;
}

std::string request_id(const OutboundResponse& response) {
  for (const std::string_view name : {"x-amzn-requestid", "x-amz-request-id"}) {
    const auto id = response.header(name);
    if (!id.empty()) return std::string{id};
  }
  return {};
}

Json response_metadata(const OutboundResponse& response) {
  Json metadata = Json::object();
  metadata["RequestId"] = request_id(response);
  return metadata;
}

std::string optimised_cause(const ServiceFault& fault) {
  const std::string extended = fault.extended_request_id.empty()
                                   ? ""
                                   : "; S3 Extended Request ID: " + fault.extended_request_id;
  return fault.message + " (Service: " + fault.service +
         "; Status Code: " + std::to_string(fault.status) + "; Error Code: " + fault.code +
         "; Request ID: " + fault.request_id + extended + "; Proxy: null)";
}

std::string sdk_cause(const ServiceFault& fault) {
  const std::string extended = fault.extended_request_id.empty()
                                   ? ""
                                   : ", Extended Request ID: " + fault.extended_request_id;
  return fault.message + " (Service: " + fault.service +
         ", Status Code: " + std::to_string(fault.status) + ", Request ID: " + fault.request_id +
         extended + ")" + attempts_suffix(fault.attempts);
}

std::string attempts_suffix(int attempts) {
  return " (SDK Attempt Count: " + std::to_string(attempts) + ")";
}

}  // namespace presso::server
