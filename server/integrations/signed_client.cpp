#include "server/integrations/signed_client.h"

#include <chrono>

#include "server/integrations/sigv4.h"

namespace presso::server {

Time real_now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

SignedClient::SignedClient(const Integrations::Setup& setup)
    : client_(setup.io, setup.trust),
      credentials_({.environment = setup.environment, .client = client_, .now = real_now}) {}

void SignedClient::send(OutboundRequest request, const Signing& signing,
                        std::function<void(OutboundResult)> done, const Sent& sent) {
  if (signing.service.empty()) {
    const auto exchange = client_.send(std::move(request), std::move(done));
    if (sent) sent(exchange);
    return;
  }
  credentials_.find({.caller = signing.caller, .is_for_aws = signing.is_for_aws},
                    [self = shared_from_this(), request = std::move(request), signing,
                     done = std::move(done), sent](const Result<Credentials>& found) mutable {
                      if (!found) return done(NoResponse{found.error().message});
                      sign(request, *found,
                           {.region = signing_region(request.url, signing.caller.region),
                            .service = signing.service},
                           real_now());
                      const auto exchange = self->client_.send(std::move(request), std::move(done));
                      if (sent) sent(exchange);
                    });
}

}  // namespace presso::server
