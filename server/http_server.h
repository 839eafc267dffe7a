// HttpServer: the listener and its sessions, one coroutine each, on the workers.
//
// A session lives on one worker. It survives any bytes: what is no request is refused with a reply
// and the end of the connection. Every wait for the client has a deadline but one: an idle
// connection stays, because SDKs use theirs again after minutes, and makes room only when a worker
// has no place left for a new one.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "server/config.h"
#include "server/http_message.h"
#include "server/log.h"
#include "server/worker.h"

namespace presso::server {

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // What may follow this head. On any worker.
  [[nodiscard]] virtual BodyPlan plan(const HttpRequest&) const { return {.bytes = kBodyBytes}; }
  // Runs on the worker; may take as long as it likes.
  virtual boost::asio::awaitable<HttpReply> handle(HttpRequest, Worker&) = 0;
  // For what is no request: 400, 413, 431, and 503 when there is no room for another connection.
  [[nodiscard]] virtual HttpReply refuse(int status, Worker&) = 0;
};

class HttpServer {
 public:
  class Impl;
  // For `listen`: whoever else has no Impl.
  explicit HttpServer(std::unique_ptr<Impl>);
  struct Setup {
    std::string host;
    std::uint16_t port = 0;
    std::vector<Worker*> workers;  // outlive this; so does the handler
    HttpHandler& handler;
    const Log& log;
    std::size_t connections = kConnections;
    Duration receive_time = seconds(30);  // a request's first byte to its last
    Duration send_time = seconds(30);     // without any progress
    Duration linger_time = seconds(3);    // for what a refused client is still sending
  };

  // Listens; connections wait until `start`. Error: one sentence that names the address.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> listen(Setup);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // Before the workers run, or on the first worker's thread.
  void start();
  // From any thread but a worker's: no new connections; idle ones end, busy ones after their reply.
  // False: some are left after `patience`.
  bool stop(Duration patience);
  [[nodiscard]] std::size_t connections() const;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace presso::server
