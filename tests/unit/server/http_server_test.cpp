// The real listener, and clients that do not behave.
#include "server/http_server.h"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/entropy.h"
#include "server/functions/invoke_api.h"
#include "server/http_stream.h"
#include "tests/unit/server/raw_client.h"

namespace presso::server {
namespace {

namespace net = boost::asio;
using namespace std::chrono_literals;
using test::RawClient;
using test::RawReply;
using test::request_text;

class Ticks final : public HttpStream {
 public:
  net::awaitable<std::optional<std::string>> next() override {
    if (count_++ == 3) co_return std::nullopt;
    co_return "tick\n";
  }

 private:
  int count_ = 0;
};

// Says back what it was sent; /slow takes its time, /large is more than a socket holds.
class Echo final : public HttpHandler {
 public:
  [[nodiscard]] BodyPlan plan(const HttpRequest& head) const override {
    return {.bytes = is_lambda_path(head.path()) ? kPayloadBodyBytes : kBodyBytes};
  }
  net::awaitable<HttpReply> handle(HttpRequest request, Worker& worker) override {
    HttpReply reply;
    reply.content_type = "text/plain";
    reply.body = request.method + " " + request.target + " " + request.body;
    if (request.path() == "/slow") {
      net::steady_timer timer{worker.io(), 300ms};
      co_await timer.async_wait(net::as_tuple(net::use_awaitable));
    }
    if (request.path() == "/large") reply.body = std::string(32 * 1024 * 1024, 'x');
    if (request.path() == "/stream") reply.stream = std::make_unique<Ticks>();
    co_return reply;
  }
  HttpReply refuse(int status, Worker&) override {
    HttpReply reply;
    reply.status = status;
    reply.body = "refused";
    return reply;
  }
};

class Running {
 public:
  struct Bounds {
    std::size_t connections = kConnections;
    Duration receive_time = seconds(30);
    Duration send_time = seconds(30);
  };

  explicit Running(Bounds bounds) {
    for (std::size_t i = 0; i < 2; ++i) {
      workers_.push_back(std::make_unique<Worker>(
          Worker::Setup{.index = i, .count = 2, .database = {}, .seed = i}));
    }
    Result<std::unique_ptr<HttpServer>> server =
        HttpServer::listen({.host = "127.0.0.1",
                            .port = 0,
                            .workers = {workers_[0].get(), workers_[1].get()},
                            .handler = echo_,
                            .log = log_,
                            .connections = bounds.connections,
                            .receive_time = bounds.receive_time,
                            .send_time = bounds.send_time,
                            .linger_time = seconds(1)});
    REQUIRE(server);
    server_ = std::move(*server);
    server_->start();
    for (const auto& worker : workers_) worker->start();
  }
  Running() : Running(Bounds{}) {}
  ~Running() {
    CHECK(server_->stop(seconds(5)));
    for (const auto& worker : workers_) worker->stop();
    for (const auto& worker : workers_) worker->join();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  [[nodiscard]] RawClient client() const { return RawClient{server_->port()}; }
  [[nodiscard]] HttpServer& server() { return *server_; }
  // The server serves, on a new connection.
  void check_serves() const {
    RawClient fresh = client();
    fresh.send(request_text("POST", "/", "still here"));
    const std::optional<RawReply> reply = fresh.receive();
    REQUIRE(reply);
    CHECK(reply->body == "POST / still here");
  }

 private:
  Log log_{LogLevel::Off};
  Echo echo_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<HttpServer> server_;
};

TEST_CASE("a connection serves one request after the other") {
  const Running running;
  RawClient client = running.client();
  for (int i = 0; i < 5; ++i) {
    const std::string body(static_cast<std::size_t>(i * 30'000), 'b');
    REQUIRE(client.send(request_text("POST", "/" + std::to_string(i), body)));
    const std::optional<RawReply> reply = client.receive();
    REQUIRE(reply);
    CHECK(reply->status == 200);
    CHECK(reply->body == "POST /" + std::to_string(i) + " " + body);
  }
  client.send(request_text("GET", "/last", "", "Connection: close\r\n"));
  CHECK(client.receive()->head.find("Connection: close") != std::string::npos);
  CHECK(client.is_closed_within(5s));
}

TEST_CASE("pipelined requests are answered in order") {
  const Running running;
  RawClient client = running.client();
  std::string many;
  for (int i = 0; i < 200; ++i) many += request_text("POST", "/", std::to_string(i));
  REQUIRE(client.send(many));
  for (int i = 0; i < 200; ++i) {
    const std::optional<RawReply> reply = client.receive();
    REQUIRE(reply);
    CHECK(reply->body == "POST / " + std::to_string(i));
  }
}

TEST_CASE("head and body leave in one write") {
  const Running running;
  RawClient client = running.client();
  client.send(request_text("POST", "/", "one"));
  const std::string bytes = client.read_once();
  CHECK(bytes.ends_with("\r\n\r\nPOST / one"));
}

TEST_CASE("HEAD has no body, and a stream comes in chunks") {
  const Running running;
  RawClient client = running.client();
  client.send(request_text("HEAD", "/") + request_text("GET", "/stream"));
  const std::optional<RawReply> head = client.receive(5s, false);
  REQUIRE(head);
  CHECK(head->head.find("Content-Length: 7") != std::string::npos);
  const std::optional<RawReply> stream = client.receive();
  REQUIRE(stream);
  CHECK(stream->head.find("Transfer-Encoding: chunked") != std::string::npos);
  std::string chunks;
  for (std::string more; !(more = client.read_once()).empty();) chunks += more;
  CHECK(chunks == "5\r\ntick\n\r\n5\r\ntick\n\r\n5\r\ntick\n\r\n0\r\n\r\n");
}

TEST_CASE("a body may be 4 MiB, and one byte more is refused while it is still being sent") {
  const Running running;
  RawClient fits = running.client();
  fits.send(request_text("POST", "/", std::string(kBodyBytes, 'x')));
  CHECK(fits.receive()->status == 200);

  RawClient large = running.client();
  large.send(request_text("POST", "/", std::string(kBodyBytes + 1, 'x')));
  const std::optional<RawReply> refused = large.receive();
  REQUIRE(refused);
  CHECK(refused->status == 413);
  CHECK(large.is_closed_within(5s));

  // A function's payload may have more.
  RawClient payload = running.client();
  const std::string invocations = "/2015-03-31/functions/f/invocations";
  payload.send(request_text("POST", invocations, std::string(kBodyBytes + 1, 'x')));
  CHECK(payload.receive()->status == 200);
  RawClient over = running.client();
  over.send(request_text("POST", invocations, std::string(kPayloadBodyBytes + 1, 'x')));
  CHECK(over.receive()->status == 413);

  RawClient endless = running.client();
  endless.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string piece = "10000\r\n" + std::string(65'536, 'y') + "\r\n";
  for (int i = 0; i < 200 && endless.send(piece); ++i) {
  }
  CHECK(endless.receive()->status == 413);
  running.check_serves();
}

TEST_CASE("a client that asks before it sends is told to go on, or not") {
  const Running running;
  RawClient client = running.client();
  client.send("POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.receive()->status == 100);
  client.send("abc");
  CHECK(client.receive()->body == "POST / abc");
  client.send("POST / HTTP/1.1\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.receive()->status == 413);
}

TEST_CASE("what is no request gets 400 and the end of the connection") {
  const Running running;
  const std::string bad[] = {"garbage\r\n\r\n", "GET / HTTP/1.1\r\nbroken header\r\n\r\n",
                             "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
                             std::string("\x16\x03\x01\x00\xA5\x01\x00\x00\xA1\x03\x03", 11),
                             "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"};
  for (const std::string& bytes : bad) {
    RawClient client = running.client();
    client.send(bytes);
    client.end_sending();
    const std::optional<RawReply> reply = client.receive(2s);
    if (reply) CHECK(reply->status == 400);
    CHECK(client.is_closed_within(5s));
  }
  RawClient long_head = running.client();
  long_head.send("GET / HTTP/1.1\r\nX-Long: " + std::string(100'000, 'x') + "\r\n\r\n");
  CHECK(long_head.receive()->status == 431);
  running.check_serves();
}

TEST_CASE("truncated requests and random bytes hurt nobody") {
  const Running running;
  const std::string whole = request_text("POST", "/", "0123456789", "X-Amz-Target: A.B\r\n");
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    RawClient client = running.client();
    client.send(whole.substr(0, cut));
    if (cut % 2 == 0) client.reset();
  }
  SeededEntropy entropy{4};
  for (int i = 0; i < 300; ++i) {
    std::string bytes = next_below(entropy, 2) == 0 ? whole : std::string{};
    for (auto left = next_below(entropy, 200); left > 0; --left) {
      bytes.insert(
          bytes.begin() + static_cast<std::ptrdiff_t>(next_below(entropy, bytes.size() + 1)),
          static_cast<char>(next_below(entropy, 256)));
    }
    RawClient client = running.client();
    client.send(bytes);
    client.end_sending();
  }
  running.check_serves();
}

TEST_CASE("a client that is too slow is cut off, one that only idles is not") {
  const Running running{{.receive_time = Duration{200}}};
  RawClient idle = running.client();
  RawClient slow = running.client();
  slow.send("POST / HT");
  RawClient slow_body = running.client();
  slow_body.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  CHECK(slow.is_closed_within(5s));
  CHECK(slow_body.is_closed_within(5s));
  idle.send(request_text("POST", "/", "awake"));
  CHECK(idle.receive()->body == "POST / awake");
}

TEST_CASE("a client that does not read its reply is cut off") {
  Running running{{.send_time = Duration{200}}};
  {
    RawClient client = running.client();
    client.send(request_text("GET", "/large"));
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (running.server().connections() > 0 && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(10ms);
    }
    CHECK(running.server().connections() == 0);
  }
  running.check_serves();
}

TEST_CASE("a thousand idle connections disturb nobody") {
  struct rlimit limit {};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const Running running;
  std::vector<RawClient> idle;
  for (int i = 0; i < 1'000; ++i) idle.push_back(running.client());
  running.check_serves();
  for (std::size_t i = 0; i < idle.size(); i += 50) {
    idle[i].send(request_text("POST", "/", "me too"));
    const std::optional<RawReply> reply = idle[i].receive();
    REQUIRE(reply);
    CHECK(reply->body == "POST / me too");
  }
}

TEST_CASE("beyond the limit the longest idle connection makes room, and a busy one does not") {
  const Running running{{.connections = 4}};
  std::vector<RawClient> idle;
  for (int i = 0; i < 4; ++i) {
    idle.push_back(running.client());
    idle.back().send(request_text("POST", "/", "x"));
    REQUIRE(idle.back().receive());
  }
  running.check_serves();
  CHECK(idle[0].is_closed_within(5s));
  CHECK_FALSE(idle[2].is_closed_within(50ms));
}

TEST_CASE("when all connections are busy a new one hears so") {
  const Running running{{.connections = 2}};
  std::vector<RawClient> busy;
  for (int i = 0; i < 2; ++i) {
    busy.push_back(running.client());
    busy.back().send(request_text("GET", "/slow"));
  }
  std::this_thread::sleep_for(50ms);
  RawClient late = running.client();
  const std::optional<RawReply> refused = late.receive();
  REQUIRE(refused);
  CHECK(refused->status == 503);
  for (RawClient& client : busy) CHECK(client.receive()->status == 200);
}

TEST_CASE("at the end a busy connection gets its reply, an idle one is closed") {
  Running running;
  RawClient idle = running.client();
  RawClient busy = running.client();
  idle.send(request_text("POST", "/", "x"));
  REQUIRE(idle.receive());
  busy.send(request_text("GET", "/slow"));
  std::this_thread::sleep_for(50ms);
  CHECK(running.server().stop(seconds(5)));
  CHECK(busy.receive()->body == "GET /slow ");
  CHECK(idle.is_closed_within(1s));
}

TEST_CASE("an address that cannot be had is named") {
  Running running;
  Echo echo;
  Log log{LogLevel::Off};
  Worker worker{{.database = {}}};
  const std::uint16_t port = running.server().port();
  const auto taken = HttpServer::listen(
      {.host = "127.0.0.1", .port = port, .workers = {&worker}, .handler = echo, .log = log});
  REQUIRE_FALSE(taken);
  CHECK(taken.error().message ==
        "cannot listen on 127.0.0.1:" + std::to_string(port) + ": Address already in use");
  const auto wrong = HttpServer::listen(
      {.host = "nowhere", .port = 0, .workers = {&worker}, .handler = echo, .log = log});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message == "cannot listen on nowhere:0: no address");
}

}  // namespace
}  // namespace presso::server
