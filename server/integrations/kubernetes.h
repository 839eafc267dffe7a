// The actions of `eks` that call Kubernetes: any request of its API (call), and a batch/v1 Job
// (runJob), which `.sync` awaits and whose logs it may bring.
// Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html
//
// An Endpoint may be http:, as `kubectl proxy` has it; then it needs no CertificateAuthority and
// gets no token.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "server/http_client.h"
#include "server/integrations/integration.h"

namespace presso::server {

// What describes a Job for whoever awaits it; no action of Step Functions.
inline constexpr std::string_view kDescribeKubernetesJob = "describeJob";

[[nodiscard]] bool is_kubernetes_action(std::string_view service, std::string_view action);

struct KubernetesCluster {
  std::string name;
  std::string endpoint;
  std::string certificates;  // PEM; empty: the system's are believed
  bool is_secure = false;    // https:
};
// Error: what the parameters lack.
[[nodiscard]] Result<KubernetesCluster> kubernetes_cluster(const Json& parameters);

// Of `call` and `runJob`, without a token.
[[nodiscard]] Result<OutboundRequest> kubernetes_request(std::string_view action,
                                                         const Json& parameters);
// {"ResponseBody": …, "StatusCode": 200, "StatusText": "OK"}, or the failure EKS.401 with that.
[[nodiscard]] CallResult kubernetes_result(const OutboundResult&);

// With a cluster's name in it, as EKS takes it for a password: "k8s-aws-v1.…".
[[nodiscard]] std::string kubernetes_token(const std::string& cluster, const std::string& region,
                                           const Credentials&, Time now);

// How a Job that was created stands. Its logs are read when it has ended, one after the other:
//
//   KubernetesJob job(parameters);
//   while (auto request = job.next()) job.take(answer to it);
//   done(job.result());
class KubernetesJob {
 public:
  // {"Endpoint": …, "Job": its metadata, "LogOptions": …}
  explicit KubernetesJob(const Json& parameters);

  // Nothing: it is known now.
  [[nodiscard]] std::optional<OutboundRequest> next();
  void take(const OutboundResult&);
  // {"Status": "Running" | "Complete" | "Failed", "Job": {…, "logs": …}}
  [[nodiscard]] CallResult result() const;

 private:
  struct Log {
    std::string pod;
    std::string container;
  };
  enum class Step { Job, Pods, Logs };

  [[nodiscard]] OutboundRequest get(const std::string& path) const;
  void take_job(const OutboundResult&);
  void take_pods(const OutboundResult&);
  void take_log(const Log&, const OutboundResult&);
  [[nodiscard]] bool wants_logs() const;

  std::string endpoint_;
  std::string namespace_;
  std::string name_;
  Json log_options_;
  Step step_ = Step::Job;
  bool is_over_ = false;
  std::vector<Log> logs_;  // to be read, the last one first
  std::string status_ = "Running";
  Json job_;
  std::optional<run::Failure> failure_;
};

}  // namespace presso::server
