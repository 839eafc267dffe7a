// RuntimeListener: the HTTP side of Lambda's Runtime API, for one process. Each process has a
// listener of its own on the loopback interface: what it asks is then known to be its own, whatever
// its client makes of AWS_LAMBDA_RUNTIME_API.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
//
// Touched on the io_context's one thread only. A connection survives any bytes: what is no request
// ends it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace boost::asio {
class io_context;
}

namespace presso::server {

// Answers one request of a process; may be kept until there is something to say.
class RuntimeReply {
 public:
  class Connection;
  explicit RuntimeReply(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  using Headers = std::vector<std::pair<std::string, std::string>>;
  void send(int status, const std::string& body, const Headers& headers = {}) const;
  // Whether the connection still stands.
  [[nodiscard]] bool is_there() const;

 private:
  std::shared_ptr<Connection> connection_;
};

struct NextInvocation {};
struct InvocationAnswer {
  std::string request_id;
  std::string body;
};
struct InvocationFault {
  std::string request_id;
  std::string error_type;  // the header's; may be empty
  std::string body;
};
struct InitFault {
  std::string error_type;
  std::string body;
};
// A body beyond all that is taken: an answer, whose it is was not read.
struct OversizeBody {};

using RuntimeRequest =
    std::variant<NextInvocation, InvocationAnswer, InvocationFault, InitFault, OversizeBody>;

class RuntimeListener {
 public:
  using Handler = std::function<void(RuntimeRequest, RuntimeReply)>;

  [[nodiscard]] static Result<std::unique_ptr<RuntimeListener>> open(boost::asio::io_context&,
                                                                     Handler);
  ~RuntimeListener();
  RuntimeListener(const RuntimeListener&) = delete;
  RuntimeListener& operator=(const RuntimeListener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // No connection reaches the handler any more.
  void close();

 private:
  RuntimeListener(boost::asio::io_context&, Handler);
  void accept();

  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::shared_ptr<Handler> handler_;  // empty after close
  std::list<std::weak_ptr<RuntimeReply::Connection>> connections_;
};

}  // namespace presso::server
