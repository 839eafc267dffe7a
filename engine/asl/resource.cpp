#include "engine/asl/resource.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/arn.h"
#include "base/text.h"
#include "engine/models/service_model.h"

namespace presso::asl {
namespace {

struct Suffix {
  std::string_view text;
  IntegrationPattern pattern;
};

constexpr std::array kSuffixes{
    Suffix{".sync:2", IntegrationPattern::Sync2},
    Suffix{".sync", IntegrationPattern::Sync},
    Suffix{".waitForTaskToken", IntegrationPattern::WaitForTaskToken},
};

// Which of the patterns beside request-response an integration has.
enum class Waits { None, Sync, Token, SyncAndToken, All };

struct Integration {
  std::string_view service;
  std::string_view actions;  // separated by blanks; empty: those of the service, not listed here
  Waits waits;
};

// https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
constexpr std::array kIntegrations{
    Integration{"apigateway", "invoke", Waits::Token},
    Integration{"athena",
                "startQueryExecution stopQueryExecution getQueryExecution getQueryResults",
                Waits::Sync},
    Integration{"batch", "submitJob", Waits::Sync},
    Integration{"bedrock", "", Waits::SyncAndToken},
    Integration{"bedrock-agentcore", "", Waits::None},
    Integration{"codebuild", "", Waits::Sync},
    Integration{"databrew", "startJobRun", Waits::Sync},
    Integration{"dynamodb", "getItem putItem updateItem deleteItem", Waits::None},
    Integration{"ecs", "runTask", Waits::SyncAndToken},
    Integration{"eks",
                "call runJob createCluster deleteCluster createFargateProfile "
                "deleteFargateProfile createNodegroup deleteNodegroup",
                Waits::SyncAndToken},
    Integration{"elasticmapreduce",
                "createCluster setClusterTerminationProtection terminateCluster addStep cancelStep "
                "modifyInstanceFleetByName modifyInstanceGroupByName",
                Waits::Sync},
    Integration{"emr-containers", "", Waits::Sync},
    Integration{"emr-serverless", "", Waits::Sync},
    Integration{"events", "putEvents", Waits::Token},
    Integration{"glue", "startJobRun", Waits::Sync},
    Integration{"http", "invoke", Waits::None},
    Integration{"lambda", "invoke", Waits::Token},
    Integration{"mediaconvert", "createJob", Waits::Sync},
    Integration{"sagemaker", "", Waits::Sync},
    Integration{"sns", "publish", Waits::Token},
    Integration{"sqs", "sendMessage", Waits::Token},
    Integration{"states", "startExecution", Waits::All},
};

bool allows(Waits waits, IntegrationPattern pattern) {
  switch (pattern) {
    case IntegrationPattern::RequestResponse: return true;
    case IntegrationPattern::Sync:
      return waits == Waits::Sync || waits == Waits::SyncAndToken || waits == Waits::All;
    case IntegrationPattern::Sync2: return waits == Waits::All;
    case IntegrationPattern::WaitForTaskToken:
      return waits == Waits::Token || waits == Waits::SyncAndToken || waits == Waits::All;
  }
  return false;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Error not_an_arn() { return {"InvalidResource", "Value is not a valid resource ARN"}; }

Error not_recognized(std::string_view arn) {
  return {"InvalidResource",
          "The resource provided " + std::string{arn} +
              " is not recognized. The value is not a valid resource ARN, or the resource is not "
              "available in this region."};
}

// "dynamodb:getItem", "states:startExecution.sync:2", "aws-sdk:sfn:listExecutions".
Result<Resource> parse_integration(std::string_view arn, std::string_view name) {
  Resource resource;
  resource.arn = std::string{arn};
  for (const auto& suffix : kSuffixes) {
    if (!name.ends_with(suffix.text)) continue;
    resource.pattern = suffix.pattern;
    name.remove_suffix(suffix.text.size());
    break;
  }
  const auto parts = split(name, ':');
  const bool is_sdk = parts.front() == "aws-sdk";
  if (parts.size() != (is_sdk ? 3U : 2U)) return not_recognized(arn);
  resource.action = std::string{parts.back()};
  resource.service = std::string{name.substr(0, name.size() - resource.action.size() - 1)};
  if (!is_name(parts.back())) return not_recognized(arn);
  if (is_sdk) {
    const bool is_known_form = is_name(parts[1]) && parts[2][0] >= 'a' && parts[2][0] <= 'z';
    if (!is_known_form || !allows(Waits::Token, resource.pattern)) return not_recognized(arn);
    if (models::has_action(parts[1], resource.action) == models::Known::No) {
      return not_recognized(arn);
    }
    return resource;
  }
  const auto integration =
      std::find_if(kIntegrations.begin(), kIntegrations.end(),
                   [&](const Integration& it) { return it.service == resource.service; });
  if (integration == kIntegrations.end()) return not_recognized(arn);
  const auto actions = split(integration->actions, ' ');
  const bool has_action = integration->actions.empty() ||
                          std::find(actions.begin(), actions.end(), parts[1]) != actions.end();
  if (!has_action || !allows(integration->waits, resource.pattern)) return not_recognized(arn);
  return resource;
}

// "function:NAME", "function:NAME:QUALIFIER".
bool is_function(std::string_view resource) {
  const auto parts = split(resource, ':');
  if (parts.size() != 2 && parts.size() != 3) return false;
  return parts[0] == "function" &&
         std::none_of(parts.begin(), parts.end(), [](std::string_view it) { return it.empty(); });
}

}  // namespace

std::string Resource::history_name() const {
  for (const auto& suffix : kSuffixes) {
    if (suffix.pattern == pattern) return action + std::string{suffix.text};
  }
  return action;
}

bool Resource::is_sdk() const { return service.starts_with("aws-sdk:"); }

Result<Resource> parse_resource(std::string_view text) {
  const auto arn = parse_arn(text);
  if (!arn) return not_an_arn();
  if (arn->service == "lambda") {
    if (!is_function(arn->resource)) return not_recognized(text);
    return Resource{.kind = Resource::Kind::LambdaFunction,
                    .arn = std::string{text},
                    .service = "lambda",
                    .action = "function"};
  }
  if (arn->service != "states") return not_recognized(text);
  if (arn->resource.starts_with("activity:") && arn->resource.size() > 9) {
    return Resource{.kind = Resource::Kind::Activity,
                    .arn = std::string{text},
                    .service = "states",
                    .action = "activity"};
  }
  if (!arn->region.empty() || !arn->account.empty()) return not_recognized(text);
  return parse_integration(text, arn->resource);
}

}  // namespace presso::asl
