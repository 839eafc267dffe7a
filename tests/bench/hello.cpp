// hello: the machine's ceiling. A Boost.Beast server of one thread that reads a request whole and
// answers the same AWS JSON each time: no routing, no parsing, nothing kept. Listens on the port
// that it is given, or on a free one, prints one line with its URL, as presso does, and serves
// until it is killed.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using tcp = net::ip::tcp;

// What StartExecution answers.
constexpr const char* kBody =
    R"({"executionArn":"arn:aws:states:us-east-1:000000000000:execution:hello:)"
    R"(00000000-0000-4000-8000-000000000000","startDate":1700000000.123})";

net::awaitable<void> session(tcp::socket socket) {
  beast::flat_buffer buffer;
  beast::error_code error;
  while (!error) {
    http::request<http::string_body> request;
    co_await http::async_read(socket, buffer, request,
                              net::redirect_error(net::use_awaitable, error));
    if (error) break;
    http::response<http::string_body> response{http::status::ok, request.version()};
    response.set(http::field::content_type, "application/x-amz-json-1.0");
    response.set("x-amzn-RequestId", "00000000-0000-4000-8000-000000000000");
    response.keep_alive(request.keep_alive());
    response.body() = kBody;
    response.prepare_payload();
    co_await http::async_write(socket, response, net::redirect_error(net::use_awaitable, error));
    if (!response.keep_alive()) break;
  }
}

net::awaitable<void> listen(tcp::acceptor acceptor) {
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(net::use_awaitable);
    socket.set_option(tcp::no_delay{true});
    net::co_spawn(acceptor.get_executor(), session(std::move(socket)), net::detached);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 0;
  net::io_context io{1};
  tcp::acceptor acceptor{io,
                         {net::ip::address_v4::loopback(), static_cast<net::ip::port_type>(port)}};
  std::printf("http://127.0.0.1:%d Ready.\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  net::co_spawn(io, listen(std::move(acceptor)), net::detached);
  io.run();
}
