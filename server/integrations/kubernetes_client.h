// KubernetesClient: the calls of tasks to clusters' own APIs (kubernetes.h), with the token that
// EKS takes, and over TLS with the authority that the task names.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "server/integrations/kubernetes.h"
#include "server/integrations/outgoing_calls.h"

namespace presso::server {

class KubernetesClient {
 public:
  KubernetesClient(const Integrations::Setup& setup, std::shared_ptr<SignedClient> client,
                   std::shared_ptr<OutgoingCalls> outgoing)
      : setup_(setup), client_(std::move(client)), outgoing_(std::move(outgoing)) {}

  // From any thread; returns at once.
  void call(const core::TaskCall&, const Done&);

 private:
  struct Way;
  // One for each authority: connections are kept by it.
  [[nodiscard]] std::shared_ptr<SignedClient> client_of(const KubernetesCluster&);

  Integrations::Setup setup_;
  std::shared_ptr<SignedClient> client_;
  std::shared_ptr<OutgoingCalls> outgoing_;
  std::mutex mutex_;  // guards what follows
  std::map<std::string, std::shared_ptr<SignedClient>> clients_;
};

}  // namespace presso::server
