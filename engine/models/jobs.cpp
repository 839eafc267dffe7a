#include "engine/models/jobs.h"

#include <algorithm>

#include "base/json.h"
#include "base/json_members.h"

namespace presso::models {

namespace {

using Argument = JobKind::Argument;

constexpr std::string_view kReason = "text:The execution that awaits it has gone on without it.";

// https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html names the actions,
// the services' own API references the calls, their members and statuses.
constexpr std::array kJobs{
    JobKind{.service = "athena",
            .action = "startQueryExecution",
            .describe = "getQueryExecution",
            .describe_arguments = {Argument{"QueryExecutionId", "answer:/QueryExecutionId"}},
            .status = "/QueryExecution/Status/State",
            .succeeded = "SUCCEEDED",
            .failed = "FAILED|CANCELLED",
            .stop = "stopQueryExecution",
            .stop_arguments = {Argument{"QueryExecutionId", "answer:/QueryExecutionId"}}},
    JobKind{.service = "batch",
            .action = "submitJob",
            .describe = "describeJobs",
            .describe_arguments = {Argument{"Jobs", "answer:/JobId", true}},
            .status = "/Jobs/0/Status",
            .succeeded = "SUCCEEDED",
            .failed = "FAILED",
            .shown = "/Jobs/0",
            .stop = "terminateJob",
            .stop_arguments = {Argument{"JobId", "answer:/JobId"}, Argument{"Reason", kReason}}},
    JobKind{.service = "bedrock",
            .action = "createModelCustomizationJob",
            .describe = "getModelCustomizationJob",
            .describe_arguments = {Argument{"JobIdentifier", "answer:/JobArn"}},
            .status = "/Status",
            .succeeded = "Completed",
            .failed = "Failed|Stopped",
            .stop = "stopModelCustomizationJob",
            .stop_arguments = {Argument{"JobIdentifier", "answer:/JobArn"}}},
    JobKind{.service = "codebuild",
            .action = "startBuild",
            .describe = "batchGetBuilds",
            .describe_arguments = {Argument{"Ids", "answer:/Build/Id", true}},
            .status = "/Builds/0/BuildStatus",
            .succeeded = "SUCCEEDED",
            .failed = "FAILED|FAULT|STOPPED|TIMED_OUT",
            .shown = "/Builds/0",
            .shown_as = "Build",
            .stop = "stopBuild",
            .stop_arguments = {Argument{"Id", "answer:/Build/Id"}}},
    JobKind{.service = "codebuild",
            .action = "startBuildBatch",
            .describe = "batchGetBuildBatches",
            .describe_arguments = {Argument{"Ids", "answer:/BuildBatch/Id", true}},
            .status = "/BuildBatches/0/BuildBatchStatus",
            .succeeded = "SUCCEEDED",
            .failed = "FAILED|FAULT|STOPPED|TIMED_OUT",
            .shown = "/BuildBatches/0",
            .shown_as = "BuildBatch",
            .stop = "stopBuildBatch",
            .stop_arguments = {Argument{"Id", "answer:/BuildBatch/Id"}}},
    JobKind{
        .service = "databrew",
        .action = "startJobRun",
        .describe = "describeJobRun",
        .describe_arguments = {Argument{"Name", "request:/Name"},
                               Argument{"RunId", "answer:/RunId"}},
        .status = "/State",
        .succeeded = "SUCCEEDED",
        .failed = "FAILED|STOPPED|TIMEOUT",
        .stop = "stopJobRun",
        .stop_arguments = {Argument{"Name", "request:/Name"}, Argument{"RunId", "answer:/RunId"}}},
    // The task's own end is STOPPED, whatever its containers did: see judge().
    JobKind{.service = "ecs",
            .action = "runTask",
            .describe = "describeTasks",
            .describe_arguments = {Argument{"Cluster", "answer:/Tasks/0/ClusterArn"},
                                   Argument{"Tasks", "answer:/Tasks/0/TaskArn", true}},
            .status = "/Tasks/0/LastStatus",
            .succeeded = "STOPPED",
            .failed = "",
            .shown = "/Tasks/0",
            .stop = "stopTask",
            .stop_arguments = {Argument{"Cluster", "answer:/Tasks/0/ClusterArn"},
                               Argument{"Task", "answer:/Tasks/0/TaskArn"},
                               Argument{"Reason", kReason}}},
    JobKind{.service = "eks",
            .action = "createCluster",
            .describe = "describeCluster",
            .describe_arguments = {Argument{"Name", "request:/Name"}},
            .status = "/Cluster/Status",
            .succeeded = "ACTIVE",
            .failed = "FAILED"},
    JobKind{.service = "eks",
            .action = "deleteCluster",
            .describe = "describeCluster",
            .describe_arguments = {Argument{"Name", "request:/Name"}},
            .status = "/Cluster/Status",
            .succeeded = "",
            .failed = "FAILED",
            .ends_when_gone = true},
    JobKind{.service = "eks",
            .action = "createNodegroup",
            .describe = "describeNodegroup",
            .describe_arguments = {Argument{"ClusterName", "request:/ClusterName"},
                                   Argument{"NodegroupName", "request:/NodegroupName"}},
            .status = "/Nodegroup/Status",
            .succeeded = "ACTIVE",
            .failed = "CREATE_FAILED|DEGRADED"},
    JobKind{.service = "eks",
            .action = "deleteNodegroup",
            .describe = "describeNodegroup",
            .describe_arguments = {Argument{"ClusterName", "request:/ClusterName"},
                                   Argument{"NodegroupName", "request:/NodegroupName"}},
            .status = "/Nodegroup/Status",
            .succeeded = "",
            .failed = "DELETE_FAILED",
            .ends_when_gone = true},
    JobKind{.service = "eks",
            .action = "createFargateProfile",
            .describe = "describeFargateProfile",
            .describe_arguments = {Argument{"ClusterName", "request:/ClusterName"},
                                   Argument{"FargateProfileName", "request:/FargateProfileName"}},
            .status = "/FargateProfile/Status",
            .succeeded = "ACTIVE",
            .failed = "CREATE_FAILED"},
    JobKind{.service = "eks",
            .action = "deleteFargateProfile",
            .describe = "describeFargateProfile",
            .describe_arguments = {Argument{"ClusterName", "request:/ClusterName"},
                                   Argument{"FargateProfileName", "request:/FargateProfileName"}},
            .status = "/FargateProfile/Status",
            .succeeded = "",
            .failed = "DELETE_FAILED",
            .ends_when_gone = true},
    // A Job of Kubernetes; the integration itself describes it.
    JobKind{.service = "eks",
            .action = "runJob",
            .describe = "describeJob",
            .describe_arguments = {Argument{"ClusterName", "request:/ClusterName"},
                                   Argument{"Endpoint", "request:/Endpoint"},
                                   Argument{.name = "CertificateAuthority",
                                            .from = "request:/CertificateAuthority",
                                            .is_optional = true},
                                   Argument{"Job", "answer:/ResponseBody/metadata"},
                                   Argument{.name = "LogOptions",
                                            .from = "request:/LogOptions",
                                            .is_optional = true}},
            .status = "/Status",
            .succeeded = "Complete",
            .failed = "Failed",
            .shown = "/Job"},
    // AWS: a cluster goes on when nobody awaits it any more.
    JobKind{.service = "elasticmapreduce",
            .action = "createCluster",
            .calls = "runJobFlow",
            .describe = "describeCluster",
            .describe_arguments = {Argument{"ClusterId", "answer:/ClusterId"}},
            .status = "/Cluster/Status/State",
            .succeeded = "WAITING",
            .failed = "TERMINATING|TERMINATED|TERMINATED_WITH_ERRORS",
            .also_shown = "ClusterId",
            .also_from = "/Cluster/Id"},
    JobKind{.service = "elasticmapreduce",
            .action = "terminateCluster",
            .calls = "terminateJobFlows",
            .describe = "describeCluster",
            .describe_arguments = {Argument{"ClusterId", "request:/ClusterId"}},
            .status = "/Cluster/Status/State",
            .succeeded = "TERMINATED|TERMINATED_WITH_ERRORS",
            .failed = ""},
    JobKind{.service = "elasticmapreduce",
            .action = "addStep",
            .calls = "addJobFlowSteps",
            .describe = "describeStep",
            .describe_arguments = {Argument{"ClusterId", "request:/ClusterId"},
                                   Argument{"StepId", "answer:/StepId"}},
            .status = "/Step/Status/State",
            .succeeded = "COMPLETED",
            .failed = "CANCELLED|FAILED|INTERRUPTED",
            .also_shown = "StepId",
            .also_from = "/Step/Id",
            .stop = "cancelSteps",
            .stop_arguments = {Argument{"ClusterId", "request:/ClusterId"},
                               Argument{"StepIds", "answer:/StepId", true}}},
    JobKind{.service = "emr-containers",
            .action = "startJobRun",
            .describe = "describeJobRun",
            .describe_arguments = {Argument{"Id", "answer:/Id"},
                                   Argument{"VirtualClusterId", "request:/VirtualClusterId"}},
            .status = "/JobRun/State",
            .succeeded = "COMPLETED",
            .failed = "FAILED|CANCELLED",
            .stop = "cancelJobRun",
            .stop_arguments = {Argument{"Id", "answer:/Id"},
                               Argument{"VirtualClusterId", "request:/VirtualClusterId"}}},
    JobKind{.service = "emr-containers",
            .action = "deleteVirtualCluster",
            .describe = "describeVirtualCluster",
            .describe_arguments = {Argument{"Id", "request:/Id"}},
            .status = "/VirtualCluster/State",
            .succeeded = "TERMINATED",
            .failed = "ARRESTED",
            .ends_when_gone = true},
    JobKind{.service = "emr-serverless",
            .action = "createApplication",
            .describe = "getApplication",
            .describe_arguments = {Argument{"ApplicationId", "answer:/ApplicationId"}},
            .status = "/Application/State",
            .succeeded = "CREATED|STARTED",
            .failed = "TERMINATED"},
    JobKind{.service = "emr-serverless",
            .action = "startApplication",
            .describe = "getApplication",
            .describe_arguments = {Argument{"ApplicationId", "request:/ApplicationId"}},
            .status = "/Application/State",
            .succeeded = "STARTED",
            .failed = "STOPPED|TERMINATED"},
    JobKind{.service = "emr-serverless",
            .action = "stopApplication",
            .describe = "getApplication",
            .describe_arguments = {Argument{"ApplicationId", "request:/ApplicationId"}},
            .status = "/Application/State",
            .succeeded = "STOPPED|CREATED",
            .failed = "TERMINATED"},
    JobKind{.service = "emr-serverless",
            .action = "deleteApplication",
            .describe = "getApplication",
            .describe_arguments = {Argument{"ApplicationId", "request:/ApplicationId"}},
            .status = "/Application/State",
            .succeeded = "TERMINATED",
            .failed = "",
            .ends_when_gone = true},
    JobKind{.service = "emr-serverless",
            .action = "startJobRun",
            .describe = "getJobRun",
            .describe_arguments = {Argument{"ApplicationId", "request:/ApplicationId"},
                                   Argument{"JobRunId", "answer:/JobRunId"}},
            .status = "/JobRun/State",
            .succeeded = "SUCCESS",
            .failed = "FAILED|CANCELLED",
            .stop = "cancelJobRun",
            .stop_arguments = {Argument{"ApplicationId", "request:/ApplicationId"},
                               Argument{"JobRunId", "answer:/JobRunId"}}},
    JobKind{.service = "glue",
            .action = "startJobRun",
            .describe = "getJobRun",
            .describe_arguments = {Argument{"JobName", "request:/JobName"},
                                   Argument{"RunId", "answer:/JobRunId"}},
            .status = "/JobRun/JobRunState",
            .succeeded = "SUCCEEDED",
            .failed = "FAILED|STOPPED|TIMEOUT|ERROR|EXPIRED",
            .shown = "/JobRun",
            .stop = "batchStopJobRun",
            .stop_arguments = {Argument{"JobName", "request:/JobName"},
                               Argument{"JobRunIds", "answer:/JobRunId", true}}},
    JobKind{.service = "mediaconvert",
            .action = "createJob",
            .describe = "getJob",
            .describe_arguments = {Argument{"Id", "answer:/Job/Id"}},
            .status = "/Job/Status",
            .succeeded = "COMPLETE",
            .failed = "ERROR|CANCELED",
            .stop = "cancelJob",
            .stop_arguments = {Argument{"Id", "answer:/Job/Id"}}},
    JobKind{.service = "sagemaker",
            .action = "createHyperParameterTuningJob",
            .describe = "describeHyperParameterTuningJob",
            .describe_arguments = {Argument{"HyperParameterTuningJobName",
                                            "request:/HyperParameterTuningJobName"}},
            .status = "/HyperParameterTuningJobStatus",
            .succeeded = "Completed",
            .failed = "Failed|Stopped",
            .stop = "stopHyperParameterTuningJob",
            .stop_arguments = {Argument{"HyperParameterTuningJobName",
                                        "request:/HyperParameterTuningJobName"}}},
    JobKind{.service = "sagemaker",
            .action = "createLabelingJob",
            .describe = "describeLabelingJob",
            .describe_arguments = {Argument{"LabelingJobName", "request:/LabelingJobName"}},
            .status = "/LabelingJobStatus",
            .succeeded = "Completed",
            .failed = "Failed|Stopped",
            .stop = "stopLabelingJob",
            .stop_arguments = {Argument{"LabelingJobName", "request:/LabelingJobName"}}},
    JobKind{.service = "sagemaker",
            .action = "createProcessingJob",
            .describe = "describeProcessingJob",
            .describe_arguments = {Argument{"ProcessingJobName", "request:/ProcessingJobName"}},
            .status = "/ProcessingJobStatus",
            .succeeded = "Completed",
            .failed = "Failed|Stopped",
            .stop = "stopProcessingJob",
            .stop_arguments = {Argument{"ProcessingJobName", "request:/ProcessingJobName"}}},
    JobKind{.service = "sagemaker",
            .action = "createTrainingJob",
            .describe = "describeTrainingJob",
            .describe_arguments = {Argument{"TrainingJobName", "request:/TrainingJobName"}},
            .status = "/TrainingJobStatus",
            .succeeded = "Completed",
            .failed = "Failed|Stopped",
            .stop = "stopTrainingJob",
            .stop_arguments = {Argument{"TrainingJobName", "request:/TrainingJobName"}}},
    JobKind{.service = "sagemaker",
            .action = "createTransformJob",
            .describe = "describeTransformJob",
            .describe_arguments = {Argument{"TransformJobName", "request:/TransformJobName"}},
            .status = "/TransformJobStatus",
            .succeeded = "Completed",
            .failed = "Failed|Stopped",
            .stop = "stopTransformJob",
            .stop_arguments = {Argument{"TransformJobName", "request:/TransformJobName"}}},
};

// Null: nothing is there.
const Json* at(const Json& value, std::string_view pointer) {
  const Json::json_pointer path{std::string{pointer}};
  return value.contains(path) ? &value.at(path) : nullptr;
}

Result<Json> fill(const JobKind& kind, const JobKind::Arguments& arguments, const Json& request,
                  const Json& answer) {
  Json filled = Json::object();
  for (const Argument& argument : arguments) {
    if (argument.name.empty()) continue;
    const auto colon = argument.from.find(':');
    const std::string_view rest = argument.from.substr(colon + 1);
    Json value = rest;
    if (!argument.from.starts_with("text:")) {
      const Json* found = at(argument.from.starts_with("request:") ? request : answer, rest);
      if (found == nullptr && argument.is_optional) continue;
      if (found == nullptr || found->is_null()) {
        return Error{"NoJob", std::string{kind.service} + ":" + std::string{kind.action} + " has " +
                                  (argument.from.starts_with("request:") ? "no parameter "
                                                                         : "answered without ") +
                                  std::string{rest} + ", by which its job would be awaited"};
      }
      value = *found;
    }
    filled[std::string{argument.name}] = argument.is_listed ? Json::array({value}) : value;
  }
  return filled;
}

bool is_among(std::string_view status, std::string_view statuses) {
  while (!statuses.empty()) {
    const auto bar = std::min(statuses.find('|'), statuses.size());
    if (statuses.substr(0, bar) == status) return true;
    statuses.remove_prefix(std::min(bar + 1, statuses.size()));
  }
  return false;
}

// A task that never started has containers without an exit code.
bool did_containers_succeed(const Json& described) {
  const Json* containers = at(described, "/Tasks/0/Containers");
  if (containers == nullptr || !containers->is_array()) return false;
  return std::all_of(containers->begin(), containers->end(), [](const Json& container) {
    return number_if<std::int64_t>(container, "ExitCode") == 0;
  });
}

}  // namespace

std::span<const JobKind> all_jobs() { return kJobs; }

const JobKind* find_job(std::string_view service, std::string_view action) {
  const auto* it = std::find_if(kJobs.begin(), kJobs.end(), [&](const JobKind& kind) {
    return kind.service == service && kind.action == action;
  });
  return it == kJobs.end() ? nullptr : &*it;
}

Result<Json> describe_parameters(const JobKind& kind, const Json& request, const Json& answer) {
  return fill(kind, kind.describe_arguments, request, answer);
}
Result<Json> stop_parameters(const JobKind& kind, const Json& request, const Json& answer) {
  return fill(kind, kind.stop_arguments, request, answer);
}

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html: "If a non-empty Failures
// field is encountered, the task is failed with an AmazonECS.Unknown error."
std::optional<Refused> refused(const JobKind& kind, const Json& answer) {
  if (kind.service != "ecs") return std::nullopt;
  const Json* failures = find_member(answer, "Failures");
  if (failures == nullptr || !failures->is_array() || failures->empty()) return std::nullopt;
  return Refused{"AmazonECS.Unknown", dump_json(answer)};
}

JobState judge(const JobKind& kind, const Json& described) {
  const Json* found = at(described, kind.status);
  const std::string* status = found == nullptr ? nullptr : as_string(found);
  if (status == nullptr) return JobState::Running;
  if (is_among(*status, kind.failed)) return JobState::Failed;
  if (!is_among(*status, kind.succeeded)) return JobState::Running;
  if (kind.service == "ecs" && !did_containers_succeed(described)) return JobState::Failed;
  return JobState::Succeeded;
}

Json shown(const JobKind& kind, const Json& described) {
  const Json* found = at(described, kind.shown);
  Json part = found == nullptr ? described : *found;
  // What the question was answered with besides the job.
  if (part.is_object() && kind.shown.empty()) {
    part.erase("SdkHttpMetadata");
    part.erase("SdkResponseMetadata");
  }
  const Json* also = kind.also_shown.empty() ? nullptr : at(described, kind.also_from);
  if (also != nullptr && part.is_object()) part[std::string{kind.also_shown}] = *also;
  if (kind.shown_as.empty()) return part;
  return Json{{std::string{kind.shown_as}, part}};
}

}  // namespace presso::models
