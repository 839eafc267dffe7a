#include "server/functions/runtime_listener.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <optional>

#include "base/text.h"
#include "server/http_message.h"

namespace presso::server {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::string_view kRuntimePath = "/2018-06-01/runtime/";
constexpr std::size_t kRuntimeHeadBytes = 32 * 1024;
// More than an answer may have: one that is somewhat too large is refused by its size.
constexpr std::size_t kRuntimeBodyBytes = 32 * 1024 * 1024;
constexpr std::size_t kRuntimeReadBytes = 64 * 1024;
constexpr std::size_t kRuntimeConnections = 64;  // of one process

constexpr std::string_view kFaultHeader = "Lambda-Runtime-Function-Error-Type";

// runtime/invocation/next | runtime/invocation/ID/response | runtime/invocation/ID/error |
// runtime/init/error
std::optional<RuntimeRequest> runtime_request(HttpRequest request) {
  std::string_view path = request.path();
  if (!path.starts_with(kRuntimePath)) return std::nullopt;
  const auto parts = split(path.substr(kRuntimePath.size()), '/');
  const std::string fault{request.header(kFaultHeader)};
  const bool is_post = request.method == "POST";
  if (parts.size() == 2 && parts[0] == "invocation" && parts[1] == "next") {
    if (request.method == "GET") return NextInvocation{};
  } else if (parts.size() == 2 && parts[0] == "init" && parts[1] == "error") {
    if (is_post) return InitFault{.error_type = fault, .body = std::move(request.body)};
  } else if (parts.size() == 3 && parts[0] == "invocation" && is_post) {
    std::string id{parts[1]};
    if (parts[2] == "response") {
      return InvocationAnswer{.request_id = std::move(id), .body = std::move(request.body)};
    }
    if (parts[2] == "error") {
      return InvocationFault{
          .request_id = std::move(id), .error_type = fault, .body = std::move(request.body)};
    }
  }
  return std::nullopt;
}

// A page in a browser, or a name that leads here, has no business with a process's invocations.
bool is_foreign(const HttpRequest& request, std::uint16_t port) {
  const std::string_view host = request.header("Host");
  return !request.header("Origin").empty() || !request.header("Sec-Fetch-Site").empty() ||
         (!host.empty() && host != "127.0.0.1:" + std::to_string(port));
}

std::string runtime_error(std::string_view type, std::string_view message) {
  return R"({"errorMessage":")" + std::string{message} + R"(","errorType":")" + std::string{type} +
         "\"}";
}

}  // namespace

// One request at a time: what comes next is read when the reply has been written.
class RuntimeReply::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, std::weak_ptr<RuntimeListener::Handler> handler)
      : socket_(std::move(socket)), handler_(std::move(handler)), buffer_(kRuntimeReadBytes, '\0') {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
  }

  void read() {
    while (parser_.state() != RequestParser::State::Complete) {
      if (parser_.state() == RequestParser::State::Refused) return refuse();
      if (unread_.empty()) return wait();
      const std::size_t used = parser_.put(unread_);
      unread_.erase(0, used);
      if (parser_.state() == RequestParser::State::NeedContinue && !is_told_) return go_on();
      if (used == 0 && parser_.state() == RequestParser::State::NeedMore) return wait();
    }
    is_told_ = false;
    take(parser_.take());
  }

  void send(const HttpReply& reply) {
    if (!is_asked_) return;
    is_asked_ = false;
    write(to_bytes(reply, keep_alive_, true, false), keep_alive_);
  }

  [[nodiscard]] bool is_there() {
    if (!is_asked_ || !socket_.is_open()) return false;
    char byte = 0;
    error_code error;
    const auto size =
        socket_.receive(boost::asio::buffer(&byte, 1), tcp::socket::message_peek, error);
    return error == boost::asio::error::would_block || (!error && size > 0);
  }

  void close() {
    error_code ignored;
    is_asked_ = false;
    socket_.close(ignored);
  }

 private:
  void wait() {
    const auto self = shared_from_this();
    socket_.async_read_some(boost::asio::buffer(buffer_),
                            [self](error_code error, std::size_t size) {
                              if (error) return self->close();
                              self->unread_.append(self->buffer_, 0, size);
                              self->read();
                            });
  }

  void go_on() {
    is_told_ = true;
    const auto self = shared_from_this();
    const auto text = std::make_shared<std::string>("HTTP/1.1 100 Continue\r\n\r\n");
    boost::asio::async_write(socket_, boost::asio::buffer(*text),
                             [self, text](error_code error, std::size_t) {
                               if (error) return self->close();
                               self->wait();
                             });
  }

  void take(HttpRequest request) {
    keep_alive_ = request.keep_alive;
    is_asked_ = true;
    error_code error;
    const std::uint16_t port = socket_.local_endpoint(error).port();
    const auto handler = handler_.lock();
    if (error || !handler) return close();
    const RuntimeReply reply{shared_from_this()};
    if (is_foreign(request, port)) {
      return reply.send(403, runtime_error("Forbidden", "Only the function's own process may ask"));
    }
    auto asked = runtime_request(std::move(request));
    if (asked) return (*handler)(*std::move(asked), reply);
    reply.send(404, runtime_error("NotFound", "No such resource"));
  }

  // Nobody knows where the next request would begin.
  void refuse() {
    keep_alive_ = false;
    is_asked_ = true;
    const auto handler = handler_.lock();
    if (handler && parser_.refusal_status() == 413) {
      return (*handler)(OversizeBody{}, RuntimeReply{shared_from_this()});
    }
    close();
  }

  void write(std::string bytes, bool stays) {
    const auto self = shared_from_this();
    const auto text = std::make_shared<std::string>(std::move(bytes));
    boost::asio::async_write(socket_, boost::asio::buffer(*text),
                             [self, text, stays](error_code error, std::size_t) {
                               if (error || !stays) return self->close();
                               self->read();
                             });
  }

  tcp::socket socket_;
  std::weak_ptr<RuntimeListener::Handler> handler_;
  RequestParser parser_{{.head_bytes = kRuntimeHeadBytes, .body_bytes = kRuntimeBodyBytes}};
  std::string buffer_;
  std::string unread_;
  bool keep_alive_ = true;
  bool is_asked_ = false;  // a request waits for its reply
  bool is_told_ = false;   // 100 Continue was said
};

void RuntimeReply::send(int status, const std::string& body, const Headers& headers) const {
  HttpReply reply;
  reply.status = status;
  reply.content_type = "application/json";
  reply.headers = headers;
  reply.body = body;
  connection_->send(reply);
}

bool RuntimeReply::is_there() const { return connection_->is_there(); }

RuntimeListener::RuntimeListener(boost::asio::io_context& io, Handler handler)
    : acceptor_(io), handler_(std::make_shared<Handler>(std::move(handler))) {}

RuntimeListener::~RuntimeListener() { close(); }

Result<std::unique_ptr<RuntimeListener>> RuntimeListener::open(boost::asio::io_context& io,
                                                               Handler handler) {
  struct Made : RuntimeListener {
    Made(boost::asio::io_context& own, Handler its) : RuntimeListener(own, std::move(its)) {}
  };
  std::unique_ptr<RuntimeListener> listener = std::make_unique<Made>(io, std::move(handler));
  auto& acceptor = listener->acceptor_;
  error_code error;
  acceptor.open(tcp::v4(), error);
  if (!error) acceptor.bind({boost::asio::ip::address_v4::loopback(), 0}, error);
  if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) return Error{"System", error.message()};
  listener->port_ = acceptor.local_endpoint(error).port();
  listener->accept();
  return listener;
}

void RuntimeListener::accept() {
  const auto accepted = [this, alive = std::weak_ptr<Handler>(handler_)](error_code error,
                                                                         tcp::socket socket) {
    // No file descriptor is free: the process is ended by its deadline.
    if (alive.expired() || error) return;
    std::erase_if(connections_, [](const auto& each) { return each.expired(); });
    if (connections_.size() < kRuntimeConnections) {
      const auto connection =
          std::make_shared<RuntimeReply::Connection>(std::move(socket), handler_);
      connections_.push_back(connection);
      connection->read();
    }
    accept();
  };
  acceptor_.async_accept(accepted);
}

void RuntimeListener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  for (const auto& each : connections_) {
    if (const auto connection = each.lock()) connection->close();
  }
  connections_.clear();
  handler_.reset();
}

}  // namespace presso::server
