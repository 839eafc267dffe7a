#include "server/integrations/kubernetes_client.h"

#include <utility>

#include "server/integrations/task_parameters.h"
#include "server/tls.h"

namespace presso::server {

struct KubernetesClient::Way {
  TaskId task;
  std::shared_ptr<SignedClient> client;
  std::shared_ptr<OutgoingCalls> outgoing;
  std::string authorization;  // empty: what is not encrypted carries none

  void send(OutboundRequest request, std::function<void(OutboundResult)> done) const {
    if (!authorization.empty()) request.headers.emplace_back("authorization", authorization);
    outgoing->send(task, std::move(request), {.signing = {}, .client = client}, std::move(done));
  }
  static void describe(const std::shared_ptr<const Way>& way,
                       const std::shared_ptr<KubernetesJob>& job, const Done& done) {
    auto request = job->next();
    if (!request) return done(job->result());
    way->send(*std::move(request), [way, job, done](const OutboundResult& result) {
      job->take(result);
      describe(way, job, done);
    });
  }
};

void KubernetesClient::call(const core::TaskCall& call, const Done& done) {
  const auto parsed = parse_json(call.parameters);
  const Json parameters = parsed ? *parsed : Json::object();
  const auto cluster = kubernetes_cluster(parameters);
  if (!cluster) return done(unusable_parameters(call.parameters, cluster.error().message));
  const bool is_described = call.resource.action == kDescribeKubernetesJob;
  auto request = is_described ? Result<OutboundRequest>{OutboundRequest{}}
                              : kubernetes_request(call.resource.action, parameters);
  if (!request) return done(unusable_parameters(call.parameters, request.error().message));
  const auto job = is_described ? std::make_shared<KubernetesJob>(parameters) : nullptr;
  client_->find_credentials(
      {.caller = call.caller, .is_for_aws = cluster->is_secure},
      [task = call.task, region = call.caller.region, client = client_of(*cluster),
       outgoing = outgoing_, cluster = *cluster, made = *std::move(request), job,
       done](const Result<Credentials>& found) mutable {
        if (!found) {
          return done(
              run::Failure{.error = "EKS.SdkClientException", .cause = found.error().message});
        }
        std::string authorization;
        if (cluster.is_secure) {
          authorization = "Bearer " + kubernetes_token(cluster.name, region, *found, real_now());
        }
        const auto way = std::make_shared<const Way>(Way{
            .task = task, .client = client, .outgoing = outgoing, .authorization = authorization});
        if (job) return Way::describe(way, job, done);
        way->send(std::move(made),
                  [done](const OutboundResult& result) { done(kubernetes_result(result)); });
      });
}

std::shared_ptr<SignedClient> KubernetesClient::client_of(const KubernetesCluster& cluster) {
  if (cluster.certificates.empty()) return client_;
  const std::lock_guard lock{mutex_};
  auto& client = clients_[cluster.certificates];
  if (!client) {
    Integrations::Setup setup = setup_;
    setup.trust = std::make_shared<TlsTrust>("", cluster.certificates);
    client = std::make_shared<SignedClient>(setup);
  }
  return client;
}

}  // namespace presso::server
