// The one endpoint of a whole stack: a request for a service that presso does not serve is passed
// on to where that service's route says, and the answer back, in pieces.
//
//   Forwarder forwarder({.workers = workers, .routes = routes, …});
//   if (auto reply = co_await forwarder.handle(request, worker)) …   // nothing: presso's own
//
// What is passed on is what came: the path and query, the headers but those of one connection
// (RFC 9110, 7.6.1), the body as it is. Host stays the client's, because it is part of what the
// client has signed; what goes to real AWS is signed anew. Via is added, and a request that carries
// this server's own has come round in a circle. An answer that does not come is an error in the
// form of the service asked.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/caller.h"
#include "server/forward/addressee.h"
#include "server/forward/peer_error.h"
#include "server/http_server.h"
#include "server/http_upstream.h"
#include "server/integrations/sigv4.h"
#include "server/routes/route_table.h"

namespace presso::server {

class Forwarder {
 public:
  struct Setup {
    std::vector<Worker*> workers;  // outlive this
    std::shared_ptr<const RouteTable> routes;
    core::Caller caller;  // of requests that say nothing about it
    std::vector<std::string> allowed_origins = {};
    std::shared_ptr<TlsTrust> trust = std::make_shared<TlsTrust>();
    // Of what goes to real AWS: presso's own keys.
    std::function<void(core::Caller, std::function<void(Result<Credentials>)>)> credentials = {};
    std::string pseudonym = "presso";      // in Via; another one for each process
    Duration timeout = seconds(60);        // for an answer to begin, and between two pieces
    Duration long_timeout = seconds(900);  // of services whose work is somebody else's code
    Duration continue_time = seconds(1);   // for a peer to say 100 Continue
  };

  explicit Forwarder(Setup);
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  // Nothing: the request is presso's own.
  [[nodiscard]] std::optional<BodyPlan> plan(const HttpRequest& head) const;
  boost::asio::awaitable<std::optional<HttpReply>> handle(const HttpRequest&, Worker&);

 private:
  struct Queued;
  struct Way;

  [[nodiscard]] std::optional<Way> way_of(const HttpRequest&) const;
  [[nodiscard]] std::optional<Route> route_of(const Way&, const HttpRequest&) const;
  [[nodiscard]] Duration timeout_of(const Way&, const Route&) const;
  [[nodiscard]] bool has_passed(const HttpRequest&) const;
  void refuse(PeerError&, const Way&, const std::optional<Route>&, const HttpRequest&) const;
  boost::asio::awaitable<HttpReply> pass(HttpRequest, Way, Worker&);
  boost::asio::awaitable<Result<std::string>> head_of(const HttpRequest&, const Way&, const Route&,
                                                      bool is_streamed);
  boost::asio::awaitable<Result<std::string>> signed_anew(const HttpRequest&, const Way&,
                                                          const Route&, bool is_streamed);
  boost::asio::awaitable<RouteGate::Hold> turn(const Route&, std::shared_ptr<HttpSender>, Worker&);
  static boost::asio::awaitable<void> watch_queued(std::shared_ptr<Queued>,
                                                   std::shared_ptr<HttpSender>);

  Setup setup_;
  std::vector<std::unique_ptr<UpstreamConnections>> connections_;  // by worker
};

}  // namespace presso::server
