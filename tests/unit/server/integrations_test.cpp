// Calls through the real client, to a server that says what it was told to.
#include <doctest/doctest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "server/integrations/integration.h"

namespace presso::server {
namespace {

namespace net = boost::asio;
using net::ip::tcp;

std::string response_of(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

// Answers one connection after the other. The last one is held until the other side closes it.
class CannedServer {
 public:
  explicit CannedServer(std::vector<std::string> bodies, bool holds_last = false)
      : acceptor_(io_, {net::ip::make_address("127.0.0.1"), 0}),
        thread_([this, bodies = std::move(bodies), holds_last] {
          for (const std::string& body : bodies) serve(response_of(body));
          if (holds_last) serve("");
        }) {}
  ~CannedServer() { join(); }
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }
  void wait_until_held() { held_.get_future().wait(); }
  // Returns when every connection has ended.
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  // What came, without bodies; to be read after join().
  [[nodiscard]] const std::vector<std::string>& heads() const { return heads_; }

 private:
  void serve(const std::string& response) {
    tcp::socket socket{io_};
    acceptor_.accept(socket);
    std::string received;
    boost::system::error_code ended;
    const auto size = net::read_until(socket, net::dynamic_buffer(received), "\r\n\r\n", ended);
    heads_.push_back(received.substr(0, size));
    if (!response.empty()) {
      net::write(socket, net::buffer(response), ended);
      return;
    }
    held_.set_value();
    net::read(socket, net::dynamic_buffer(received), ended);
  }

  net::io_context io_;
  tcp::acceptor acceptor_;
  std::vector<std::string> heads_;
  std::promise<void> held_;
  std::thread thread_;
};

class Caller {
 public:
  explicit Caller(const Environment& environment)
      : integrations_({.io = io_,
                       .environment = environment,
                       .routes = std::make_shared<const RouteTable>(
                           RouteTable::Setup{.environment = environment}),
                       .own_operation = {}}) {}
  ~Caller() {
    guard_.reset();
    io_.stop();
    thread_.join();
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  std::future<CallResult> start(const std::string& service, const std::string& action) {
    core::TaskCall call{.task = TaskId{},
                        .resource = {},
                        .parameters = R"({"Bucket":"b","Prefix":"p"})",
                        .caller = {.account = "000000000000", .region = "eu-west-1"},
                        .execution_arn = {}};
    call.resource.service = service;
    call.resource.action = action;
    auto promise = std::make_shared<std::promise<CallResult>>();
    integrations_.start(call, [promise](CallResult result) { promise->set_value(result); });
    return promise->get_future();
  }
  Integrations& integrations() { return integrations_; }

 private:
  net::io_context io_;
  net::executor_work_guard<net::io_context::executor_type> guard_{io_.get_executor()};
  Integrations integrations_;
  std::thread thread_{[this] { io_.run(); }};
};

const std::string kFirstPage =
    "<ListBucketResult><Contents><Key>p1</Key></Contents><IsTruncated>true</IsTruncated>"
    "<NextContinuationToken>t/1</NextContinuationToken></ListBucketResult>";

}  // namespace

TEST_CASE("an ItemReader's listing asks for page after page, each signed") {
  CannedServer server{
      {kFirstPage, "<ListBucketResult><Contents><Key>p2</Key></Contents></ListBucketResult>"}};
  Caller caller{{{"AWS_ENDPOINT_URL_S3", server.url()}}};
  auto answer = caller.start("s3", "listObjectsV2");
  CHECK(std::get<std::string>(answer.get()) == R"({"Contents":[{"Key":"p1"},{"Key":"p2"}]})");
  server.join();
  REQUIRE(server.heads().size() == 2);
  CHECK(server.heads()[0].starts_with("GET /b?list-type=2&prefix=p HTTP/1.1\r\n"));
  CHECK(server.heads()[1].starts_with(
      "GET /b?list-type=2&prefix=p&continuation-token=t%2F1 HTTP/1.1\r\n"));
  for (const std::string& head : server.heads()) {
    CHECK(head.find("/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;"
                    "x-amz-date, Signature=") != std::string::npos);
  }
  CHECK(caller.integrations().in_flight() == 0);
}

TEST_CASE("a task's listing is one page") {
  CannedServer server{{kFirstPage}};
  Caller caller{{{"AWS_ENDPOINT_URL", server.url()}}};
  auto answer = caller.start("aws-sdk:s3", "listObjectsV2");
  CHECK(std::get<std::string>(answer.get()) ==
        R"({"Contents":[{"Key":"p1"}],"IsTruncated":true,"NextContinuationToken":"t/1"})");
}

TEST_CASE("a listing that is cancelled on a later page closes its connection") {
  CannedServer server{{kFirstPage}, true};
  Caller caller{{{"AWS_ENDPOINT_URL_S3", server.url()}}};
  const auto answer = caller.start("s3", "listObjectsV2");
  server.wait_until_held();
  caller.integrations().cancel(TaskId{});
  server.join();
  CHECK(caller.integrations().in_flight() == 0);
}

TEST_CASE("a call may be cancelled while its host is looked up") {
  Caller caller{{{"AWS_ENDPOINT_URL_S3", "http://localhost:1"}}};
  for (int i = 0; i < 100; ++i) {
    const auto answer = caller.start("s3", "listObjectsV2");
    caller.integrations().cancel(TaskId{});
    CHECK(caller.integrations().in_flight() == 0);
  }
}

TEST_CASE("without an endpoint a task names the variable to set") {
  Caller caller{{}};
  const auto result = caller.start("aws-sdk:s3", "getObject").get();
  CHECK(
      std::get<run::Failure>(result).cause ==
      "No endpoint is configured for s3: set AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL) to the URL "
      "of a server for it and start presso again, or write `routes: {s3: URL}` into the file of "
      "--config.");
}

}  // namespace presso::server
