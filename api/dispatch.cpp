#include "api/dispatch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "api/error.h"
#include "api/events/operations.h"
#include "api/operation.h"
#include "api/states/operations.h"
#include "base/json.h"
#include "engine/core/json_fault.h"

namespace presso::api {
namespace {

struct Target {
  Service service;
  std::string_view operation;
};

std::optional<Target> parse_target(std::string_view target) {
  constexpr std::pair<std::string_view, Service> kPrefixes[] = {
      {"AWSStepFunctions.", Service::StepFunctions}, {"AWSEvents.", Service::EventBridge}};
  for (const auto& [prefix, service] : kPrefixes) {
    if (target.starts_with(prefix)) return Target{service, target.substr(prefix.size())};
  }
  return {};
}

core::Answer unknown_operation(const Target& target) {
  const auto absent = absent_operations(target.service);
  if (!std::binary_search(absent.begin(), absent.end(), target.operation)) {
    return error_answer({"UnknownOperationException", "Unknown operation"});
  }
  return error_answer({"UnknownOperationException", "presso does not serve the operation " +
                                                        std::string{target.operation} + " yet"});
}

Error not_json(std::string_view body, const Error& error) {
  const std::string fault = core::json_fault(body);
  return {"SerializationException", fault.empty() ? error.message : fault};
}

}  // namespace

Work dispatch(const HttpRequest& request) {
  const auto target = parse_target(request.target);
  if (!target) return error_answer({"UnknownOperationException", "Unknown operation"});
  const Operation* operation = find_operation(target->service, target->operation);
  if (operation == nullptr) return unknown_operation(*target);
  // AWS: no body at all is a request without members.
  const auto body = parse_json(request.body.empty() ? "{}" : request.body);
  if (!body) return error_answer(not_json(request.body, body.error()));
  return operation->prepare(*body, request.caller);
}

Protocol protocol_of(std::string_view target) {
  const auto parsed = parse_target(target);
  return parsed && parsed->service == Service::EventBridge ? Protocol::Json11 : Protocol::Json10;
}

Response to_response(const core::Answer& answer, Protocol protocol) {
  const std::string_view version = protocol == Protocol::Json11 ? "1.1" : "1.0";
  return {answer.http_status, "application/x-amz-json-" + std::string{version}, answer.error_code,
          answer.body};
}

std::span<const Operation> operations(Service service) {
  return service == Service::StepFunctions ? states::operations() : events::operations();
}

std::span<const std::string_view> absent_operations(Service service) {
  return service == Service::StepFunctions ? states::absent_operations()
                                           : events::absent_operations();
}

const Operation* find_operation(Service service, std::string_view name) {
  const auto rows = operations(service);
  const auto row = std::lower_bound(
      rows.begin(), rows.end(), name,
      [](const Operation& operation, std::string_view wanted) { return operation.name < wanted; });
  return row != rows.end() && row->name == name ? &*row : nullptr;
}

}  // namespace presso::api
