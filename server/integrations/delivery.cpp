#include "server/integrations/delivery.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/arn.h"
#include "base/json.h"
#include "base/json_members.h"
#include "base/text.h"
#include "server/integrations/aws_json.h"
#include "server/integrations/delivery_target.h"
#include "server/integrations/lambda.h"
#include "server/integrations/model_call.h"
#include "server/integrations/s3.h"
#include "server/routes/service_names.h"

namespace presso::server {

namespace {

constexpr Duration kDeliveryTimeout = seconds(30);
constexpr Duration kApiTimeout = seconds(5);  // AWS: of API Gateway

using Target = DeliveryTarget;

MadeDelivery queue_message(const Target& target) {
  Json message = Json::object();
  message["QueueUrl"] = target.endpoint + "/" + target.arn.account + "/" + target.arn.resource;
  message["MessageBody"] = target.call.payload;
  if (const Json* parameters = target.parameters("SqsParameters")) {
    const std::string group = text_at(*parameters, "MessageGroupId");
    if (!group.empty()) message["MessageGroupId"] = group;
  }
  for (const auto& [name, value] : target.call.attributes) {
    message["MessageAttributes"][name] = {{"DataType", "String"}, {"StringValue", value}};
  }
  return message;
}

MadeDelivery function_event(const Target& target) {
  LambdaInvocation invocation;
  invocation.function = to_string(target.arn);
  invocation.payload = target.call.payload;
  invocation.invocation_type = "Event";
  return lambda_request(target.endpoint, std::move(invocation));
}

// SNS speaks the query protocol.
MadeDelivery topic_message(const Target& target) {
  OutboundRequest request;
  request.url = target.endpoint + "/";
  request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body =
      "Action=Publish&Version=2010-03-31&TopicArn=" + percent_encode(to_string(target.arn), false) +
      "&Message=" + percent_encode(target.call.payload, false);
  return request;
}

// AWS: a log group's events go to a stream of their own, named by the event.
MadeDelivery log_entry(const Target& target) {
  constexpr std::string_view kGroup = "log-group:";
  std::string group = target.arn.resource;
  if (group.starts_with(kGroup)) group = group.substr(kGroup.size());
  if (group.ends_with(":*")) group.resize(group.size() - 2);
  const auto event = parse_json(target.call.payload);
  std::string stream = event ? text_at(*event, "id") : "";
  if (stream.empty()) stream = std::to_string(target.call.delivery.value);
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  return Json{
      {"logGroupName", group},
      {"logStreamName", stream},
      {"logEvents",
       Json::array({Json{{"timestamp", epoch_ms(now)}, {"message", target.call.payload}}})}};
}

// What a path of the form $.a.b selects from the payload, as text; empty when there is nothing.
std::string selected_text(const std::string& payload, std::string_view path) {
  const auto event = parse_json(payload);
  if (!event || !path.starts_with("$.")) return {};
  const Json* at = &*event;
  for (const std::string_view name : split(path.substr(2), '.')) {
    at = find_member(*at, name);
    if (at == nullptr) return {};
  }
  return at->is_string() ? at->get<std::string>() : dump_json(*at);
}

// AWS: without a path the event's id is the partition key.
MadeDelivery stream_record(const Target& target) {
  constexpr std::string_view kStream = "stream/";
  std::string key;
  if (const Json* parameters = target.parameters("KinesisParameters")) {
    const std::string path = text_at(*parameters, "PartitionKeyPath");
    key = path.empty() ? text_at(*parameters, "PartitionKey")
                       : selected_text(target.call.payload, path);
  }
  if (key.empty()) key = selected_text(target.call.payload, "$.id");
  if (key.empty()) key = std::to_string(target.call.delivery.value);
  std::string stream = target.arn.resource;
  if (stream.starts_with(kStream)) stream = stream.substr(kStream.size());
  return Json{
      {"StreamName", stream}, {"PartitionKey", key}, {"Data", base64_encode(target.call.payload)}};
}

MadeDelivery delivery_stream_record(const Target& target) {
  constexpr std::string_view kStream = "deliverystream/";
  std::string stream = target.arn.resource;
  if (stream.starts_with(kStream)) stream = stream.substr(kStream.size());
  return Json{{"DeliveryStreamName", stream},
              {"Record", Json{{"Data", base64_encode(target.call.payload)}}}};
}

// ECS spells its members in lower case where EventBridge does not.
Json with_small_initials(const Json& json) {
  if (!json.is_object()) return json;
  Json small = Json::object();
  for (const auto& [name, value] : json.items()) {
    std::string key = name;
    if (!key.empty() && key.front() >= 'A' && key.front() <= 'Z') {
      key.front() = static_cast<char>(key.front() - 'A' + 'a');
    }
    small[key] = with_small_initials(value);
  }
  return small;
}

MadeDelivery cluster_task(const Target& target) {
  const Json* parameters = target.parameters("EcsParameters");
  Json run = parameters == nullptr ? Json::object() : with_small_initials(*parameters);
  const auto rename = [&](const char* from, const char* to) {
    const auto member = run.find(from);
    if (member == run.end()) return;
    Json value = *member;
    run.erase(from);
    run[to] = std::move(value);
  };
  rename("taskDefinitionArn", "taskDefinition");
  rename("taskCount", "count");
  run["cluster"] = to_string(target.arn);
  if (const auto input = parse_json(target.call.payload)) {
    const Json* overrides = find_member(*input, "containerOverrides");
    if (overrides != nullptr) run["overrides"] = *input;
  }
  return run;
}

MadeDelivery build_start(const Target& target) {
  Json build = Json::object();
  if (auto input = parse_json(target.call.payload); input && input->is_object()) {
    if (find_member(*input, "detail-type") == nullptr) build = *std::move(input);
  }
  build["projectName"] = target.arn.resource.substr(target.arn.resource.find('/') + 1);
  return build;
}

MadeDelivery pipeline_start(const Target& target) { return Json{{"name", target.arn.resource}}; }

MadeDelivery model_pipeline_start(const Target& target) {
  Json start{{"PipelineName", target.arn.resource.substr(target.arn.resource.find('/') + 1)},
             {"ClientRequestToken", "presso-" + std::to_string(target.call.delivery.value) +
                                        "-00000000000000000000000000"}};
  if (const Json* parameters = target.parameters("SageMakerPipelineParameters")) {
    const Json* list = find_member(*parameters, "PipelineParameterList");
    if (list != nullptr) start["PipelineParameters"] = *list;
  }
  return start;
}

MadeDelivery statement(const Target& target) {
  const Json* parameters = target.parameters("RedshiftDataParameters");
  Json run = parameters == nullptr ? Json::object() : *parameters;
  run.erase("SecretManagerArn");
  if (parameters != nullptr && find_member(*parameters, "SecretManagerArn") != nullptr) {
    run["SecretArn"] = text_at(*parameters, "SecretManagerArn");
  }
  run["ClusterIdentifier"] = target.arn.resource.substr(target.arn.resource.find(':') + 1);
  return run;
}

MadeDelivery command(const Target& target) {
  constexpr std::string_view kDocument = "document/";
  const std::string& resource = target.arn.resource;
  Json send{{"DocumentName",
             resource.starts_with(kDocument) ? resource.substr(kDocument.size()) : resource}};
  if (const Json* parameters = target.parameters("RunCommandParameters")) {
    const Json* targets = find_member(*parameters, "RunCommandTargets");
    if (targets != nullptr) send["Targets"] = *targets;
  }
  if (auto input = parse_json(target.call.payload); input && input->is_object()) {
    send["Parameters"] = *std::move(input);
  }
  return send;
}

MadeDelivery batch_job(const Target& target) {
  Json job = Json::object();
  if (const Json* parameters = target.parameters("BatchParameters")) {
    job["jobDefinition"] = text_at(*parameters, "JobDefinition");
    job["jobName"] = text_at(*parameters, "JobName");
    if (const Json* array = find_member(*parameters, "ArrayProperties")) {
      job["arrayProperties"] = with_small_initials(*array);
    }
    if (const Json* retry = find_member(*parameters, "RetryStrategy")) {
      job["retryStrategy"] = with_small_initials(*retry);
    }
  }
  job["jobQueue"] = to_string(target.arn);
  OutboundRequest request;
  request.url = target.endpoint + "/v1/submitjob";
  request.headers = {{"content-type", "application/json"}};
  request.body = dump_json(job);
  return request;
}

struct TargetRow {
  std::string_view service;  // of the target's ARN
  Service call;
  std::string_view action;
  MadeDelivery (*make)(const Target&);
  Duration timeout = kDeliveryTimeout;
};

constexpr Service json_service(std::string_view name, std::string_view variable,
                               std::string_view prefix, std::string_view version = "1.1") {
  return {.name = name,
          .variable = variable,
          .signing_name = name,
          .target_prefix = prefix,
          .json_version = version};
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
constexpr std::array<TargetRow, 17> kRows = {{
    {"sqs", json_service("sqs", "SQS", "AmazonSQS", "1.0"), "SendMessage", queue_message},
    {"lambda", json_service("lambda", "LAMBDA", ""), "Invoke", function_event},
    {"sns", json_service("sns", "SNS", ""), "Publish", topic_message},
    {"logs", kLogsService, "PutLogEvents", log_entry},
    {"kinesis", json_service("kinesis", "KINESIS", "Kinesis_20131202"), "PutRecord", stream_record},
    {"firehose", json_service("firehose", "FIREHOSE", "Firehose_20150804"), "PutRecord",
     delivery_stream_record},
    {"ecs", json_service("ecs", "ECS", "AmazonEC2ContainerServiceV20141113"), "RunTask",
     cluster_task},
    {"batch", json_service("batch", "BATCH", ""), "SubmitJob", batch_job},
    {"codebuild", json_service("codebuild", "CODEBUILD", "CodeBuild_20161006"), "StartBuild",
     build_start},
    {"codepipeline", json_service("codepipeline", "CODEPIPELINE", "CodePipeline_20150709"),
     "StartPipelineExecution", pipeline_start},
    {"sagemaker", json_service("sagemaker", "SAGEMAKER", "SageMaker"), "StartPipelineExecution",
     model_pipeline_start},
    {"redshift", json_service("redshift-data", "REDSHIFT_DATA", "RedshiftData"), "ExecuteStatement",
     statement},
    {"ssm", json_service("ssm", "SSM", "AmazonSSM"), "SendCommand", command},
    {"execute-api", json_service("execute-api", "API_GATEWAY", ""), "Invoke", api_request,
     kApiTimeout},
    {"appsync", json_service("appsync", "APPSYNC", ""), "GraphQL", mutation},
    {"glue", json_service("glue", "GLUE", "AWSGlue"), "StartWorkflowRun", workflow_run},
    {"inspector", json_service("inspector", "INSPECTOR", "InspectorService"), "StartAssessmentRun",
     assessment},
}};

// Null for a service that is no target.
const TargetRow* row_of(const Arn& arn) {
  const auto row = std::ranges::find(kRows, arn.service, &TargetRow::service);
  return row == kRows.end() ? nullptr : &*row;
}

core::DeliveryFailure no_route(std::string message, bool is_retryable) {
  return {"NO_RESOURCE", std::move(message), is_retryable};
}

std::variant<DeliveryRequest, core::DeliveryFailure> url_request(const core::DeliveryCall& call) {
  OutboundRequest request;
  request.url = call.target_arn;
  request.headers = {{"content-type", "application/json"}};
  request.body = call.payload;
  request.timeout = kDeliveryTimeout;
  return DeliveryRequest{std::move(request)};
}

std::variant<DeliveryRequest, core::DeliveryFailure> universal_request(
    const core::DeliveryCall& call, const UniversalAction& universal, const RouteTable& routes) {
  const auto model = models::load_model(universal.service);
  const auto action = model == nullptr ? std::nullopt : model->action(universal.action);
  if (!action) {
    return no_route("presso does not call " + universal.service + ":" + universal.action, false);
  }
  const Called called = called_by(model->id, universal.action, call.payload, call.caller);
  auto routed = route_or_reason(routes, called, call.caller, endpoint_variable(model->id));
  if (const auto* reason = std::get_if<std::string>(&routed)) return no_route(*reason, true);
  const std::string& endpoint = std::get<Route>(routed).endpoint;
  std::variant<OutboundRequest, run::Failure> request;
  const S3Operation* operation =
      universal.service == "s3" ? find_s3_operation(universal.action) : nullptr;
  if (operation != nullptr) {
    request = s3_request(*operation, S3Form::Sdk, endpoint, call.payload);
  } else {
    const std::string token = idempotency_token(call.target_arn + call.payload);
    request = model_request({.model = model, .action = *action}, endpoint, call.payload, token);
  }
  if (const auto* failure = std::get_if<run::Failure>(&request)) {
    return core::DeliveryFailure{"INVALID_PARAMETER", failure->cause.value_or(""), false};
  }
  DeliveryRequest made{.request = std::get<OutboundRequest>(std::move(request)),
                       .signing_name = std::string{model->signing_name}};
  made.request.timeout = kDeliveryTimeout;
  return made;
}

struct Fault {
  std::string code;
  std::string message;
};
Fault fault_of(const OutboundResponse& response) {
  Fault fault{.code = std::string{response.header("x-amzn-errortype")},
              .message = response.body.substr(0, kShownBytes)};
  if (auto body = parse_json(response.body); body && body->is_object()) {
    const std::string type = text_at(*body, "__type");
    if (!type.empty()) fault.code = type.substr(type.find('#') + 1);
    for (const char* name : {"message", "Message"}) {
      const std::string message = text_at(*body, name);
      if (!message.empty()) fault.message = message;
    }
  }
  fault.code = fault.code.substr(0, fault.code.find(':'));
  return fault;
}

// What no attempt will change; a service says so by its error's name as often as by its status.
bool is_missing(const Fault& fault, int status) {
  return status == 404 || fault.code.find("NonExistent") != std::string::npos ||
         fault.code.find("NotFound") != std::string::npos ||
         fault.code.find("DoesNotExist") != std::string::npos;
}
bool is_throttled(const Fault& fault, int status) {
  return status == 429 || fault.code.find("Throttl") != std::string::npos ||
         fault.code == "ProvisionedThroughputExceededException";
}

}  // namespace

std::optional<UniversalAction> universal_action(const std::string& target_arn) {
  constexpr std::string_view kPrefix = "aws-sdk:";
  const auto arn = parse_arn(target_arn);
  if (!arn || arn->service != "scheduler" || !arn->resource.starts_with(kPrefix)) return {};
  const std::string rest = arn->resource.substr(kPrefix.size());
  const auto colon = rest.find(':');
  if (colon == std::string::npos) return {};
  return UniversalAction{rest.substr(0, colon), rest.substr(colon + 1)};
}

Called called_target(const std::string& target_arn) {
  Called called = called_at(target_arn);
  const auto arn = parse_arn(target_arn);
  const TargetRow* row = arn ? row_of(*arn) : nullptr;
  if (row == nullptr) return called;
  called.service = service_key(row->call.variable);
  called.action = row->action;
  return called;
}

std::variant<DeliveryRequest, core::DeliveryFailure> delivery_request(
    const core::DeliveryCall& call, const RouteTable& routes) {
  if (parse_url(call.target_arn)) return url_request(call);
  if (const auto universal = universal_action(call.target_arn)) {
    return universal_request(call, *universal, routes);
  }
  auto arn = parse_arn(call.target_arn);
  const TargetRow* row = arn ? row_of(*arn) : nullptr;
  if (row == nullptr) return no_route("presso does not deliver to " + call.target_arn, false);
  const Called called = called_target(call.target_arn);
  auto routed = route_or_reason(routes, called, call.caller, row->call.variable);
  if (const auto* reason = std::get_if<std::string>(&routed)) return no_route(*reason, true);
  const Route& to = std::get<Route>(routed);
  auto json = parse_json(call.target);
  const Target target{.call = call,
                      .arn = *std::move(arn),
                      .json = json ? *std::move(json) : Json::object(),
                      .endpoint = to.endpoint,
                      .is_for_aws = to.kind == DestinationKind::Aws};
  DeliveryRequest delivery{.request = {}, .signing_name = std::string{row->call.signing_name}};
  MadeDelivery made = row->make(target);
  if (auto* failure = std::get_if<core::DeliveryFailure>(&made)) return std::move(*failure);
  if (auto* request = std::get_if<OutboundRequest>(&made)) {
    delivery.request = std::move(*request);
  } else {
    delivery.request =
        aws_json_request(row->call, to.endpoint, row->action, dump_json(std::get<Json>(made)));
  }
  delivery.request.timeout = row->timeout;
  return delivery;
}

std::optional<core::DeliveryFailure> delivery_failure(const OutboundResult& result) {
  if (const auto* none = std::get_if<NoResponse>(&result)) {
    const bool is_late = none->reason.starts_with("timed out");
    return core::DeliveryFailure{is_late ? "TIMEOUT" : "CONNECTION_FAILURE", none->reason, true};
  }
  const auto& response = std::get<OutboundResponse>(result);
  if (response.status >= 200 && response.status < 300) return std::nullopt;
  const Fault fault = fault_of(response);
  if (is_throttled(fault, response.status)) {
    return core::DeliveryFailure{"THROTTLING", fault.message, true};
  }
  if (response.status >= 500)
    return core::DeliveryFailure{"ERROR_FROM_TARGET", fault.message, true};
  if (is_missing(fault, response.status)) {
    return core::DeliveryFailure{"NO_RESOURCE", fault.message, false};
  }
  const bool is_forbidden = response.status == 401 || response.status == 403 ||
                            fault.code.find("AccessDenied") != std::string::npos;
  return core::DeliveryFailure{is_forbidden ? "NO_PERMISSIONS" : "ERROR_FROM_TARGET", fault.message,
                               false};
}

std::optional<OutboundRequest> first_of(const DeliveryRequest& delivery,
                                        const OutboundResult& result) {
  const auto* response = std::get_if<OutboundResponse>(&result);
  const bool is_log = delivery.signing_name == "logs";
  if (response == nullptr || !is_log || response->status != 400) return std::nullopt;
  if (fault_of(*response).code != "ResourceNotFoundException") return std::nullopt;
  const auto entry = parse_json(delivery.request.body);
  if (!entry) return std::nullopt;
  OutboundRequest request = delivery.request;
  for (auto& [name, value] : request.headers) {
    if (name == "x-amz-target") value = "Logs_20140328.CreateLogStream";
  }
  request.body = dump_json(Json{{"logGroupName", text_at(*entry, "logGroupName")},
                                {"logStreamName", text_at(*entry, "logStreamName")}});
  return request;
}

}  // namespace presso::server
