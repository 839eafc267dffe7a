// Naive idea: rename every member. What is done beyond it: names are looked up in the operation's
// shapes, so that an unknown one is refused as AWS refuses it, keys of maps are left alone, and
// times, which are numbers on the wire, are texts for a task.
#include "api/sdk_call.h"

#include <cctype>
#include <utility>

#include "api/decode.h"
#include "api/error.h"
#include "api/operation.h"
#include "base/json.h"
#include "base/time.h"

namespace presso::api {
namespace {

struct SdkService {
  std::string_view resource;  // in "arn:aws:states:::aws-sdk:RESOURCE:action"
  std::string_view name;      // in errors and their causes
  Service service;
};
constexpr SdkService kServices[] = {{"sfn", "Sfn", Service::StepFunctions},
                                    {"eventbridge", "EventBridge", Service::EventBridge}};

const SdkService* find_service(std::string_view resource) {
  for (const SdkService& service : kServices) {
    if (service.resource == resource) return &service;
  }
  return nullptr;
}

std::string pascal_case(std::string_view name) {
  std::string pascal{name};
  if (!pascal.empty()) {
    pascal[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  }
  return pascal;
}

const Member* find_pascal(const Shape& shape, std::string_view pascal) {
  for (const Member& member : shape.members) {
    if (pascal_case(member.name) == pascal) return &member;
  }
  return nullptr;
}

// ---- parameters → request ----

Result<Json> to_wire(const Json& value, const Type& type);

Result<Json> structure_to_wire(const Json& value, const Shape& shape) {
  Json request = Json::object();
  for (const auto& [name, item] : value.items()) {
    const Member* member = find_pascal(shape, name);
    if (member == nullptr) {
      return Error{"States.Runtime",
                   "The field \"" + name + "\" is not supported by Step Functions"};
    }
    auto converted = to_wire(item, *member->type);
    if (!converted) return converted.error();
    request[std::string{member->name}] = *std::move(converted);
  }
  return request;
}

Result<Json> items_to_wire(const Json& value, const Type& item_type) {
  Json converted = value;
  for (Json& item : converted) {
    auto wire = to_wire(item, item_type);
    if (!wire) return wire.error();
    item = *std::move(wire);
  }
  return converted;
}

// A value of the wrong type stays as it is: decoding says what is wrong with it.
Result<Json> to_wire(const Json& value, const Type& type) {
  switch (type.kind) {
    case Kind::Structure:
      if (value.is_object()) return structure_to_wire(value, *type.shape);
      break;
    case Kind::List:
      if (value.is_array()) return items_to_wire(value, *type.item);
      break;
    case Kind::Map:
      if (value.is_object()) return items_to_wire(value, *type.item);
      break;
    case Kind::Time:
      if (const std::string* text = as_string(&value)) {
        const auto time = parse_rfc3339(*text);
        if (time) return Json(to_epoch_seconds(*time));
      }
      break;
    case Kind::Text:
    case Kind::Boolean:
    case Kind::Integer:
    case Kind::Number:
    case Kind::Document: break;
  }
  return value;
}

// ---- answer → result ----

// What has no shape of its own: the events of a history. Their one map of free names is the
// assigned variables.
Json document_to_task(const Json& value) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value) list.push_back(document_to_task(item));
    return list;
  }
  if (!value.is_object()) return value;
  Json object = Json::object();
  for (const auto& [name, item] : value.items()) {
    Json& converted = object[pascal_case(name)];
    const auto time = name == "timestamp" ? epoch_time(item) : std::nullopt;
    if (time) {
      converted = to_iso_milliseconds(*time);
    } else {
      converted = name == "assignedVariables" ? item : document_to_task(item);
    }
  }
  return object;
}

Json to_task(const Json& value, const Type& type);

Json structure_to_task(const Json& value, const Shape& shape) {
  Json result = Json::object();
  for (const Member& member : shape.members) {
    const Json* found = find_member(value, member.name);
    if (found == nullptr) continue;
    result[pascal_case(member.name)] = to_task(*found, *member.type);
  }
  return result;
}

Json to_task(const Json& value, const Type& type) {
  switch (type.kind) {
    case Kind::Structure: return structure_to_task(value, *type.shape);
    case Kind::List:
    case Kind::Map: {
      Json converted = value;
      for (Json& item : converted) item = to_task(item, *type.item);
      return converted;
    }
    case Kind::Time: {
      const auto time = epoch_time(value);
      return time ? Json(to_iso_milliseconds(*time)) : value;
    }
    case Kind::Document: return document_to_task(value);
    case Kind::Text:
    case Kind::Boolean:
    case Kind::Integer:
    case Kind::Number: break;
  }
  return value;
}

// "Sfn.InvalidTokenException". What the model does not name is the SDK's general exception.
std::string error_name(const SdkService& service, std::string_view code) {
  const std::string prefix = std::string{service.name} + ".";
  if (!is_modelled(service.service, code)) return prefix + std::string{service.name} + "Exception";
  return prefix + std::string{code} + (code.ends_with("Exception") ? "" : "Exception");
}

run::Failure failure_of(const SdkService& service, const core::Answer& answer,
                        const std::string& request_id) {
  const auto body = parse_json(answer.body);
  const std::string* message = body ? as_string(find_member(*body, "message")) : nullptr;
  return {.error = error_name(service, answer.error_code),
          .cause = (message == nullptr ? "" : *message) +
                   " (Service: " + std::string{service.name} +
                   ", Status Code: " + std::to_string(answer.http_status) +
                   ", Request ID: " + request_id + ") (SDK Attempt Count: 1)"};
}

// An answer that is known before anything ran.
SdkCall refused(run::Failure failure) {
  return {core::Answer{.body = "{}", .error_code = {}},
          [failure = std::move(failure)](const core::Answer&) -> SdkResult { return failure; }};
}

}  // namespace

std::optional<SdkCall> prepare(const SdkRequest& request) {
  const SdkService* service = find_service(request.service);
  if (service == nullptr) return {};
  const std::string name = pascal_case(request.action);
  const Operation* operation = find_operation(service->service, name);
  if (operation == nullptr) {
    return refused({.error = "States.Runtime",
                    .cause = "presso does not serve the operation " + name + " yet"});
  }
  const auto parameters = parse_json(request.parameters.empty() ? "{}" : request.parameters);
  auto body = parameters && parameters->is_object()
                  ? structure_to_wire(*parameters, *operation->request)
                  : Error{"States.Runtime", "The parameters are no JSON object"};
  if (!body) {
    return refused({.error = body.error().code,
                    .cause = "The Parameters '" + std::string{request.parameters} +
                             "' could not be used to start the Task: [" + body.error().message +
                             "]"});
  }
  const auto convert = [service, operation,
                        request_id = request.request_id](const core::Answer& answer) -> SdkResult {
    if (!answer.error_code.empty()) return failure_of(*service, answer, request_id);
    const auto result = parse_json(answer.body);
    return result ? dump_json(structure_to_task(*result, *operation->response)) : answer.body;
  };
  return SdkCall{operation->prepare(*body, request.caller), convert};
}

}  // namespace presso::api
