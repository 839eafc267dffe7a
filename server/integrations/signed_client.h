// SignedClient: an HTTP client that signs what it sends. A signature has a time in it, so it is
// made when the request leaves.
//
//   client->send(request, {.service = "sqs", .caller = caller}, [](OutboundResult result) { … });
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "engine/core/caller.h"
#include "server/http_client.h"
#include "server/integrations/credentials.h"
#include "server/integrations/integration.h"

namespace presso::server {

struct Signing {
  std::string service;  // its signing name; empty: the request carries no signature
  core::Caller caller;
  bool is_for_aws = false;  // not a local server
};

// What signatures carry and what expires is measured by, whatever the virtual clock says: the other
// side checks it.
[[nodiscard]] Time real_now();

class SignedClient : public std::enable_shared_from_this<SignedClient> {
 public:
  // With what is under way and can be given up: HttpClient::cancel.
  using Sent = std::function<void(const std::shared_ptr<HttpClient::Exchange>&)>;

  explicit SignedClient(const Integrations::Setup&);

  // From any thread. `done` is called once, unless the exchange is cancelled.
  void send(OutboundRequest, const Signing&, std::function<void(OutboundResult)> done,
            const Sent& sent = {});
  // For whoever signs by itself.
  void find_credentials(CredentialChain::Wanted wanted, CredentialChain::Found found) {
    credentials_.find(std::move(wanted), std::move(found));
  }
  [[nodiscard]] HttpClient& plain() { return client_; }

 private:
  HttpClient client_;
  CredentialChain credentials_;
};

}  // namespace presso::server
