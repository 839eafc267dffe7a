// API destinations: an event as an HTTP request of its own, with the credentials and parameters of
// its connection.
//
// OAuth: the token is fetched with the client's credentials when there is none, and kept until it
// expires; an answer that refuses it makes the next attempt fetch a new one. Everything here runs
// on the thread of the io_context that calls use, so nothing is locked.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "engine/core/effect.h"
#include "server/http_client.h"
#include "server/integrations/integration.h"

namespace presso::server {

class ApiDestinations : public std::enable_shared_from_this<ApiDestinations> {
 public:
  explicit ApiDestinations(HttpClient& client) : client_(client) {}

  void deliver(const core::DeliveryCall&, const Delivered&);
  // A request of http:invoke, with the connection's authorization. `sending` sees it as it goes
  // out.
  void call(OutboundRequest, const Json& connection,
            std::function<void(const OutboundRequest&)> sending,
            std::function<void(OutboundResult)>);

 private:
  struct Token {
    std::string text;
    std::chrono::steady_clock::time_point expires;
  };

  void authorize(const Json& connection, std::function<void(std::string token)> then,
                 const Delivered& failed);
  void send(OutboundRequest, const std::string& connection_arn, const Delivered&);

  HttpClient& client_;
  std::map<std::string, Token> tokens_;  // by the connection's ARN
};

// What the connection adds to the members of every body.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> connection_body(
    const Json& connection);
// Adds what the connection adds to every request, and the authorization of BASIC and API_KEY.
void apply_connection(OutboundRequest&, const Json& connection);

// Each * of the URL is the next of HttpParameters' PathParameterValues.
[[nodiscard]] std::string with_path_parameters(const std::string& url, const Json& http_parameters);

// Without the Authorization of OAuth, which is fetched. `endpoint` is DeliveryCall::endpoint.
[[nodiscard]] OutboundRequest api_destination_request(const core::DeliveryCall&,
                                                      const Json& endpoint);
// The request for a token.
[[nodiscard]] OutboundRequest token_request(const Json& connection);

}  // namespace presso::server
