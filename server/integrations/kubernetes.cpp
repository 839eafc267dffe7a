#include "server/integrations/kubernetes.h"

#include <algorithm>
#include <array>

#include "base/json_members.h"
#include "base/text.h"
#include "server/integrations/task_parameters.h"

namespace presso::server {
namespace {

constexpr std::array<std::string_view, 6> kKubernetesMethods{"GET",    "POST", "PUT",
                                                             "DELETE", "HEAD", "PATCH"};
constexpr std::string_view kDefaultNamespace = "default";

// "a=1&a=2" of {"a": ["1", "2"]}.
std::string query_of(const Json* parameters) {
  std::string query;
  if (parameters == nullptr || !parameters->is_object()) return query;
  for (const auto& [name, values] : parameters->items()) {
    const Json list = values.is_array() ? values : Json::array({values});
    for (const Json& value : list) {
      const std::string text = value.is_string() ? value.get<std::string>() : dump_json(value);
      query += (query.empty() ? "?" : "&") + percent_encode(name, false) + "=" +
               percent_encode(text, false);
    }
  }
  return query;
}

std::string body_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : dump_json(value);
}

Json parsed_or_text(const std::string& text) {
  auto parsed = parse_json(text);
  return parsed ? *std::move(parsed) : Json(text);
}

// "Complete" of {"status": {"conditions": [{"type": "Complete", "status": "True"}]}}.
std::string status_of(const Json& job) {
  const Json* status = find_member(job, "status");
  const Json* conditions = status == nullptr ? nullptr : find_member(*status, "conditions");
  if (conditions != nullptr && conditions->is_array()) {
    for (const Json& condition : *conditions) {
      const std::string type = text_at(condition, "type");
      const bool is_end = type == "Complete" || type == "Failed";
      if (is_end && text_at(condition, "status") == "True") return type;
    }
  }
  return "Running";
}

bool is_true(const Json& options, std::string_view name) {
  const Json* value = find_member(options, name);
  return value != nullptr && *value == true;
}

}  // namespace

bool is_kubernetes_action(std::string_view service, std::string_view action) {
  return service == "eks" &&
         (action == "call" || action == "runJob" || action == kDescribeKubernetesJob);
}

Result<KubernetesCluster> kubernetes_cluster(const Json& parameters) {
  KubernetesCluster cluster{.name = text_at(parameters, "ClusterName"),
                            .endpoint = text_at(parameters, "Endpoint"),
                            .certificates = {}};
  if (cluster.name.empty()) return missing_field("ClusterName");
  if (cluster.endpoint.empty()) return missing_field("Endpoint");
  const auto url = parse_url(cluster.endpoint);
  if (!url) return unusable_field("The field 'Endpoint' is no http: or https: URL");
  cluster.is_secure = url->is_secure;
  const std::string authority = text_at(parameters, "CertificateAuthority");
  if (authority.empty() && url->is_secure) return missing_field("CertificateAuthority");
  auto certificates = base64_decode(authority);
  if (!certificates || (url->is_secure && certificates->find("-----BEGIN ") != 0)) {
    return unusable_field("The field 'CertificateAuthority' is no certificate in Base64");
  }
  cluster.certificates = *std::move(certificates);
  return cluster;
}

Result<OutboundRequest> kubernetes_request(std::string_view action, const Json& parameters) {
  OutboundRequest request;
  request.headers = {{"accept", "application/json, */*"}};
  std::string endpoint = text_at(parameters, "Endpoint");
  while (endpoint.ends_with('/')) endpoint.pop_back();
  const Json* body = nullptr;
  if (action == "runJob") {
    body = find_member(parameters, "Job");
    if (body == nullptr) return missing_field("Job");
    std::string space = text_at(parameters, "Namespace");
    if (space.empty()) space = kDefaultNamespace;
    request.url = endpoint + "/apis/batch/v1/namespaces/" + percent_encode(space, false) + "/jobs";
  } else {
    request.method = text_at(parameters, "Method");
    if (std::ranges::find(kKubernetesMethods, request.method) == kKubernetesMethods.end()) {
      return unusable_field(
          "The field 'Method' must be one of GET, POST, PUT, DELETE, HEAD, PATCH");
    }
    const std::string path = text_at(parameters, "Path");
    if (!path.starts_with('/')) return unusable_field("The field 'Path' must begin with /");
    request.url = endpoint + path + query_of(find_member(parameters, "QueryParameters"));
    body = find_member(parameters, "RequestBody");
  }
  if (body != nullptr) {
    request.body = body_of(*body);
    const bool is_patch = request.method == "PATCH";
    request.headers.emplace_back("content-type",
                                 is_patch ? "application/merge-patch+json" : "application/json");
  }
  if (!parse_url(request.url))
    return unusable_field("The field 'Path' makes no URL: " + request.url);
  return request;
}

CallResult kubernetes_result(const OutboundResult& result) {
  if (const auto* none = std::get_if<NoResponse>(&result)) {
    return run::Failure{.error = "EKS.SdkClientException", .cause = none->reason};
  }
  const auto& response = std::get<OutboundResponse>(result);
  const Json shown{{"ResponseBody", parsed_or_text(response.body)},
                   {"StatusCode", response.status},
                   {"StatusText", response.reason}};
  if (response.status < 400) return dump_json(shown);
  return run::Failure{.error = "EKS." + std::to_string(response.status), .cause = dump_json(shown)};
}

// https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
std::string kubernetes_token(const std::string& cluster, const std::string& region,
                             const Credentials& credentials, Time now) {
  OutboundRequest request;
  request.method = "GET";
  request.url =
      "https://sts." + region + ".amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15";
  request.headers = {{"x-k8s-aws-id", cluster}};
  std::string encoded = base64_encode(
      presigned_url(request, credentials, {.region = region, .service = "sts"}, seconds(60), now));
  std::ranges::replace(encoded, '+', '-');
  std::ranges::replace(encoded, '/', '_');
  while (encoded.ends_with('=')) encoded.pop_back();
  return "k8s-aws-v1." + encoded;
}

KubernetesJob::KubernetesJob(const Json& parameters)
    : endpoint_(text_at(parameters, "Endpoint")), log_options_(Json::object()) {
  while (endpoint_.ends_with('/')) endpoint_.pop_back();
  if (const Json* job = find_member(parameters, "Job")) {
    namespace_ = text_at(*job, "namespace");
    name_ = text_at(*job, "name");
  }
  if (namespace_.empty()) namespace_ = kDefaultNamespace;
  if (const Json* options = find_member(parameters, "LogOptions")) log_options_ = *options;
}

OutboundRequest KubernetesJob::get(const std::string& path) const {
  OutboundRequest request;
  request.method = "GET";
  request.url = endpoint_ + path;
  request.headers = {{"accept", "application/json, */*"}};
  return request;
}

std::optional<OutboundRequest> KubernetesJob::next() {
  if (is_over_) return std::nullopt;
  const std::string space = "/namespaces/" + percent_encode(namespace_, false);
  switch (step_) {
    case Step::Job: return get("/apis/batch/v1" + space + "/jobs/" + percent_encode(name_, false));
    case Step::Pods:
      return get("/api/v1" + space +
                 "/pods?labelSelector=" + percent_encode("job-name=" + name_, false));
    case Step::Logs: {
      const Json container{{"container", logs_.back().container}};
      std::string query = query_of(&container);
      const std::string more = query_of(find_member(log_options_, "LogParameters"));
      if (!more.empty()) query += "&" + more.substr(1);
      return get("/api/v1" + space + "/pods/" + percent_encode(logs_.back().pod, false) + "/log" +
                 query);
    }
  }
  return std::nullopt;
}

void KubernetesJob::take(const OutboundResult& result) {
  switch (step_) {
    case Step::Job: return take_job(result);
    case Step::Pods: return take_pods(result);
    case Step::Logs: {
      const Log log = logs_.back();
      logs_.pop_back();
      is_over_ = logs_.empty();
      return take_log(log, result);
    }
  }
}

bool KubernetesJob::wants_logs() const { return is_true(log_options_, "RetrieveLogs"); }

void KubernetesJob::take_job(const OutboundResult& result) {
  CallResult shown = kubernetes_result(result);
  if (auto* failure = std::get_if<run::Failure>(&shown)) {
    failure_ = std::move(*failure);
    is_over_ = true;
    return;
  }
  job_ = parsed_or_text(std::get<OutboundResponse>(result).body);
  status_ = status_of(job_);
  is_over_ = status_ == "Running" || !wants_logs() || !job_.is_object();
  step_ = Step::Pods;
}

// AWS: as well as it can be done.
void KubernetesJob::take_pods(const OutboundResult& result) {
  step_ = Step::Logs;
  job_["logs"] = Json{{"pods", Json::object()}};
  const auto* response = std::get_if<OutboundResponse>(&result);
  const Json pods = response == nullptr ? Json() : parsed_or_text(response->body);
  const Json* items = find_member(pods, "items");
  if (items != nullptr && items->is_array()) {
    for (const Json& pod : *items) {
      const Json* metadata = find_member(pod, "metadata");
      const Json* spec = find_member(pod, "spec");
      const Json* containers = spec == nullptr ? nullptr : find_member(*spec, "containers");
      if (metadata == nullptr || containers == nullptr || !containers->is_array()) continue;
      for (const Json& container : *containers) {
        logs_.push_back({text_at(*metadata, "name"), text_at(container, "name")});
      }
    }
  }
  is_over_ = logs_.empty();
}

void KubernetesJob::take_log(const Log& log, const OutboundResult& result) {
  Json& shown = job_["logs"]["pods"][log.pod]["containers"][log.container];
  const CallResult read = kubernetes_result(result);
  if (const auto* failure = std::get_if<run::Failure>(&read)) {
    shown = Json{{"error", failure->error.value_or("")}, {"cause", failure->cause.value_or("")}};
    return;
  }
  const std::string& text = std::get<OutboundResponse>(result).body;
  shown = Json{{"log", is_true(log_options_, "RawLogs") ? Json(text) : parsed_or_text(text)}};
}

CallResult KubernetesJob::result() const {
  if (failure_) return *failure_;
  return dump_json(Json{{"Status", status_}, {"Job", job_}});
}

}  // namespace presso::server
