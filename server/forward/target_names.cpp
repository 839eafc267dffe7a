#include "server/forward/target_names.h"

#include <algorithm>
#include <array>
#include <functional>

namespace presso::server {
namespace {

struct TargetName {
  std::string_view prefix;
  std::string_view service;
};
// The models' own (engine/models), sorted. Timestream's two services share theirs.
constexpr std::array<TargetName, 64> kTargetNames = {{
    {"ACMPrivateCA", "acmpca"},
    {"AWS242ServiceCatalogService", "servicecatalog"},
    {"AWSBudgetServiceGateway", "budgets"},
    {"AWSCognitoIdentityProviderService", "cognitoidentityprovider"},
    {"AWSCognitoIdentityService", "cognitoidentity"},
    {"AWSEvents", "eventbridge"},
    {"AWSGlue", "glue"},
    {"AWSHawksNestServiceFacade", "frauddetector"},
    {"AWSHealth_20160804", "health"},
    {"AWSInsightsIndexService", "costexplorer"},
    {"AWSKendraFrontendService", "kendra"},
    {"AWSOrganizationsV20161128", "organizations"},
    {"AWSShield_20160616", "shield"},
    {"AWSShineFrontendService_20170701", "translate"},
    {"AWSSimbaAPIService_v20180301", "fsx"},
    {"AWSStepFunctions", "sfn"},
    {"AWSSupport_20130415", "support"},
    {"AWSWAF_20190729", "wafv2"},
    {"AmazonAthena", "athena"},
    {"AmazonDMSv20160101", "databasemigration"},
    {"AmazonEC2ContainerRegistry_V20150921", "ecr"},
    {"AmazonEC2ContainerServiceV20141113", "ecs"},
    {"AmazonForecast", "forecast"},
    {"AmazonPersonalize", "personalize"},
    {"AmazonSQS", "sqs"},
    {"AmazonSSM", "ssm"},
    {"AnyScaleFrontendService", "applicationautoscaling"},
    {"AppRunner", "apprunner"},
    {"CertificateManager", "acm"},
    {"CloudApiService", "cloudcontrol"},
    {"CodeBuild_20161006", "codebuild"},
    {"CodeCommit_20150413", "codecommit"},
    {"CodeDeploy_20141006", "codedeploy"},
    {"CodePipeline_20150709", "codepipeline"},
    {"Comprehend_20171127", "comprehend"},
    {"DynamoDBStreams_20120810", "dynamodbstreams"},
    {"DynamoDB_20120810", "dynamodb"},
    {"ElasticMapReduce", "emr"},
    {"Firehose_20150804", "firehose"},
    {"FmrsService", "datasync"},
    {"GraniteServiceVersion20100801", "cloudwatch"},
    {"Kinesis_20131202", "kinesis"},
    {"Lightsail_20161128", "lightsail"},
    {"Logs_20140328", "cloudwatchlogs"},
    {"RedshiftData", "redshiftdata"},
    {"RedshiftServerless", "redshiftserverless"},
    {"RekognitionService", "rekognition"},
    {"ResourceGroupsTaggingAPI_20170126", "resourcegroupstaggingapi"},
    {"Route53AutoNaming_v20170314", "servicediscovery"},
    {"Route53Resolver", "route53resolver"},
    {"SWBExternalService", "ssoadmin"},
    {"SageMaker", "sagemaker"},
    {"ServiceQuotasV20190624", "servicequotas"},
    {"StarlingDoveService", "config"},
    {"StorageGateway_20130630", "storagegateway"},
    {"Textract", "textract"},
    {"Timestream_20181101", "timestreamwrite"},
    {"Transcribe", "transcribe"},
    {"TransferService", "transfer"},
    {"TrentService", "kms"},
    {"VerifiedPermissions", "verifiedpermissions"},
    {"WorkspacesService", "workspaces"},
    {"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", "cloudtrail"},
    {"secretsmanager", "secretsmanager"},
}};

}  // namespace

std::string_view service_of_target(std::string_view prefix) {
  const auto row =
      std::ranges::lower_bound(kTargetNames, prefix, std::less<>{}, &TargetName::prefix);
  const bool is_it = row != kTargetNames.end() && row->prefix == prefix;
  return is_it ? row->service : std::string_view{};
}

}  // namespace presso::server
