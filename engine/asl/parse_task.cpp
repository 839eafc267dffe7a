#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/asl/parse_parts.h"

namespace presso::asl {
namespace {

struct RequiredParameters {
  std::string_view integration;
  std::string_view names;  // separated by blanks
};

// What an optimised integration refuses to be created without.
constexpr std::array kRequiredParameters{
    RequiredParameters{"apigateway:invoke", "ApiEndpoint Method"},
    RequiredParameters{"athena:startQueryExecution", "QueryString"},
    RequiredParameters{"batch:submitJob", "JobName JobQueue JobDefinition"},
    RequiredParameters{"codebuild:startBuild", "ProjectName"},
    RequiredParameters{"databrew:startJobRun", "Name"},
    RequiredParameters{"dynamodb:deleteItem", "TableName Key"},
    RequiredParameters{"dynamodb:getItem", "TableName Key"},
    RequiredParameters{"dynamodb:putItem", "TableName Item"},
    RequiredParameters{"dynamodb:updateItem", "TableName Key"},
    RequiredParameters{"ecs:runTask", "TaskDefinition"},
    RequiredParameters{"events:putEvents", "Entries"},
    RequiredParameters{"glue:startJobRun", "JobName"},
    RequiredParameters{"http:invoke", "ApiEndpoint Method"},
    RequiredParameters{"lambda:invoke", "FunctionName"},
    RequiredParameters{"sns:publish", "Message"},
    RequiredParameters{"sqs:sendMessage", "QueueUrl MessageBody"},
    RequiredParameters{"states:startExecution", "StateMachineArn"},
};

bool is_jsonata(const Reader& reader) {
  return reader.context().language == QueryLanguage::Jsonata;
}

std::string parameters_name(const Reader& reader) {
  return is_jsonata(reader) ? "Arguments" : "Parameters";
}

bool has_parameter(const Reader& parameters, std::string_view name) {
  if (parameters.has(name)) return true;
  return !is_jsonata(parameters) && parameters.has(std::string{name} + ".$");
}

void report_missing(const Reader& object, std::string_view name) {
  object.report("The field '" + std::string{name} + "' is required but was missing");
}

void check_parameters(const Reader& reader, const Resource& resource) {
  if (resource.kind != Resource::Kind::Integration) return;
  const auto name = parameters_name(reader);
  if (!reader.has(name)) {
    reader.report(name + " field is required for resource ARN: " + resource.arn);
    return;
  }
  const auto parameters = reader.object(name);
  const auto key = resource.service + ":" + resource.action;
  const auto required = std::find_if(kRequiredParameters.begin(), kRequiredParameters.end(),
                                     [&](const auto& it) { return it.integration == key; });
  if (!parameters || required == kRequiredParameters.end()) return;
  for (const auto member : split(required->names, ' ')) {
    if (!has_parameter(*parameters, member)) report_missing(*parameters, member);
  }
}

void check_express(const Reader& reader, const Resource& resource) {
  if (reader.context().type != MachineType::Express) return;
  if (resource.kind == Resource::Kind::Activity) {
    reader.report_at("Resource", "Express state machine does not support Activity ARN");
  }
  if (resource.pattern == IntegrationPattern::RequestResponse) return;
  const auto pattern = resource.history_name().substr(resource.action.size());
  // AWS: the blank at the end is theirs.
  reader.report_at("Resource",
                   "Express state machine does not support '" + pattern + "' service integration ");
}

std::optional<Payload> parse_credentials(const Reader& reader, const Resource& resource) {
  const auto credentials = reader.object("Credentials");
  if (!credentials) return std::nullopt;
  if (resource.kind == Resource::Kind::Activity) {
    credentials->report("The field 'Credentials' is not supported for activities");
  } else if (!has_parameter(*credentials, "RoleArn")) {
    report_missing(*credentials, "RoleArn");
  } else {
    for (const auto& [name, value] : credentials->value().items()) {
      const bool is_path = name == "RoleArn.$" && !is_jsonata(*credentials);
      const bool is_role = name == "RoleArn" || is_path;
      if (!is_role) credentials->report("Field '" + name + "' is not supported");
    }
  }
  return reader.payload("Credentials");
}

std::vector<std::string> parse_error_equals(const Reader& reader) {
  std::vector<std::string> names;
  for (const auto& element : reader.elements("ErrorEquals")) {
    if (const auto* name = as_string(&element.value())) {
      names.push_back(*name);
    } else {
      element.report("Expected value of type String");
    }
  }
  return names;
}

// States.ALL must be the only name of the last entry.
void check_catch_all(const Reader& entry, const std::vector<std::string>& names, bool is_last) {
  const bool has_all = std::find(names.begin(), names.end(), "States.ALL") != names.end();
  if (!has_all || (names.size() == 1 && is_last)) return;
  entry.report_at("ErrorEquals", "States.ALL must appear alone and at end of list");
}

Retrier parse_retrier(const Reader& entry, bool is_last) {
  Retrier retrier;
  retrier.error_equals = parse_error_equals(entry);
  check_catch_all(entry, retrier.error_equals, is_last);
  retrier.interval_seconds = entry.integer("IntervalSeconds").value_or(retrier.interval_seconds);
  retrier.max_attempts = entry.integer("MaxAttempts").value_or(retrier.max_attempts);
  retrier.backoff_rate = entry.number("BackoffRate").value_or(retrier.backoff_rate);
  retrier.max_delay_seconds = entry.integer("MaxDelaySeconds");
  retrier.has_full_jitter = entry.text("JitterStrategy") == "FULL";
  if (retrier.max_delay_seconds && *retrier.max_delay_seconds <= retrier.interval_seconds) {
    entry.report_at("MaxDelaySeconds", "MaxDelaySeconds must be greater than IntervalSeconds");
  }
  return retrier;
}

}  // namespace

TaskState parse_task(const Reader& reader) {
  TaskState state;
  if (const auto arn = reader.text("Resource")) {
    auto resource = parse_resource(*arn);
    if (resource) {
      state.resource = std::move(resource).value();
      check_parameters(reader, state.resource);
      check_express(reader, state.resource);
    } else if (!arn->empty()) {
      reader.report_at("Resource", resource.error().message);
    }
  }
  state.parameters = reader.payload(parameters_name(reader));
  state.result_selector = reader.path_template("ResultSelector");
  state.result_path = reader.placement();
  state.timeout_seconds = reader.number_or_path("TimeoutSeconds");
  state.heartbeat_seconds = reader.number_or_path("HeartbeatSeconds");
  state.credentials = parse_credentials(reader, state.resource);
  const auto timeout = reader.integer("TimeoutSeconds");
  const auto heartbeat = reader.integer("HeartbeatSeconds");
  if (timeout && heartbeat && *heartbeat >= *timeout) {
    reader.report_at("HeartbeatSeconds", "HeartbeatSeconds must be smaller than TimeoutSeconds");
  }
  return state;
}

std::vector<Retrier> parse_retry(const Reader& reader) {
  std::vector<Retrier> retriers;
  const auto entries = reader.elements("Retry");
  for (const auto& entry : entries) {
    if (!entry.check(kRetrierShape)) continue;
    retriers.push_back(parse_retrier(entry, &entry == &entries.back()));
  }
  return retriers;
}

std::vector<Catcher> parse_catch(const Reader& reader) {
  std::vector<Catcher> catchers;
  const auto entries = reader.elements("Catch");
  for (const auto& entry : entries) {
    if (!entry.check(kCatcherShape)) continue;
    Catcher catcher;
    catcher.error_equals = parse_error_equals(entry);
    check_catch_all(entry, catcher.error_equals, &entry == &entries.back());
    catcher.next = entry.text("Next").value_or("");
    catcher.result_path = entry.placement();
    catcher.assign = parse_assign(entry, {.has_error_output = true});
    catcher.output = entry.query("Output", {.has_error_output = true});
    catchers.push_back(std::move(catcher));
  }
  return catchers;
}

}  // namespace presso::asl
