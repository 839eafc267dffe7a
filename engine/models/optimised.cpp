#include "engine/models/optimised.h"

#include <algorithm>
#include <array>

#include "engine/models/service_model.h"

namespace presso::models {

namespace {

// https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html. Where two rows
// have one name, the first whose model has the action is meant.
constexpr std::array kOptimised{
    OptimisedService{"athena", "athena", "Athena", "AmazonAthena"},
    OptimisedService{"batch", "batch", "Batch", "AWSBatch"},
    OptimisedService{"bedrock", "bedrock", "Bedrock", "Bedrock"},
    OptimisedService{"bedrock", "bedrockruntime", "Bedrock", "BedrockRuntime"},
    OptimisedService{"bedrock-agentcore", "bedrockagentcore", "BedrockAgentCore",
                     "BedrockAgentCore"},
    OptimisedService{"codebuild", "codebuild", "CodeBuild", "AWSCodeBuild"},
    OptimisedService{"databrew", "databrew", "DataBrew", "AWSGlueDataBrew"},
    OptimisedService{"dynamodb", "dynamodb", "DynamoDB", "AmazonDynamoDBv2"},
    OptimisedService{"ecs", "ecs", "ECS", "AmazonECS"},
    OptimisedService{"eks", "eks", "EKS", "AmazonEKS"},
    OptimisedService{"elasticmapreduce", "emr", "ElasticMapReduce", "AmazonElasticMapReduce"},
    OptimisedService{"emr-containers", "emrcontainers", "EMRContainers", "AmazonEMRContainers"},
    OptimisedService{"emr-serverless", "emrserverless", "EmrServerless", "AWSEMRServerless"},
    OptimisedService{"events", "eventbridge", "EventBridge", "AmazonEventBridge"},
    OptimisedService{"glue", "glue", "Glue", "AWSGlue"},
    OptimisedService{"lambda", "lambda", "Lambda", "AWSLambda"},
    OptimisedService{"mediaconvert", "mediaconvert", "MediaConvert", "AWSMediaConvert"},
    OptimisedService{"sagemaker", "sagemaker", "SageMaker", "AmazonSageMaker"},
    OptimisedService{"sns", "sns", "SNS", "AmazonSNS"},
    OptimisedService{"sqs", "sqs", "SQS", "AmazonSQS"},
    OptimisedService{"states", "sfn", "StepFunctions", "AWSStepFunctions"},
};

}  // namespace

const OptimisedService* find_optimised(std::string_view name, std::string_view action) {
  const auto* it = std::find_if(kOptimised.begin(), kOptimised.end(), [&](const auto& row) {
    return row.name == name && has_action(row.model, action) == Known::Yes;
  });
  return it == kOptimised.end() ? nullptr : &*it;
}

}  // namespace presso::models
