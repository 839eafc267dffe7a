// loadgen: what puts load on a server in the bench, light enough not to be what is measured.
//
//   loadgen load PORT TARGET BODY_FILE CONNECTIONS REQUESTS [EXPECTED]
//     sends the same request again and again, each connection the next when its answer is complete.
//     An answer counts when its status is 200 and its body contains EXPECTED. A TARGET that begins
//     with a slash is a path.
//   loadgen start PORT TARGET BODY_FILE COMMAND [ARGUMENT]…
//     starts a server and asks it until it answers 200, then ends it.
//
// Prints one line of JSON; times in microseconds.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "loadgen: %s\n", why.c_str());
  std::exit(1);
}

double microseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') fail("not a number: " + std::string{text});
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::string make_request(std::string_view target, const char* body_file) {
  std::ifstream file{body_file, std::ios::binary};
  if (!file) fail("cannot read " + std::string{body_file});
  const std::string body{std::istreambuf_iterator<char>{file}, {}};
  const bool is_path = target.starts_with('/');
  return "POST " + std::string{is_path ? target : "/"} +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.0\r\n"
         "Authorization: AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/states/"
         "aws4_request, SignedHeaders=host, Signature=0\r\nX-Amz-Target: " +
         std::string{is_path ? "" : target} + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

// The connected socket, or -1 where nobody listens.
int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("no socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    return -1;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) fail("the server closed a connection");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// One answer as it comes in.
struct Answer {
  std::string text;
  std::size_t body_at = 0;   // once the head is complete
  std::size_t complete = 0;  // its length, then
  int status = 0;

  void clear() {
    text.clear();
    body_at = complete = 0;
    status = 0;
  }
  [[nodiscard]] bool is_complete() const { return complete != 0 && text.size() >= complete; }
  [[nodiscard]] std::string_view body() const { return std::string_view{text}.substr(body_at); }

  void read_from(int fd) {
    std::array<char, 65536> bytes;
    const ssize_t got = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (got <= 0) fail("the server closed a connection");
    text.append(bytes.data(), static_cast<std::size_t>(got));
    if (complete == 0) read_head();
  }

 private:
  void read_head() {
    const std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos) return;
    status = static_cast<int>(number(std::string_view{text}.substr(9, 3)));
    constexpr std::string_view kLength = "content-length:";
    std::string head = text.substr(0, end + 2);
    std::ranges::transform(head, head.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::size_t at = head.find(kLength);
    if (at == std::string::npos) fail("an answer without Content-Length");
    const std::size_t value = head.find_first_not_of(' ', at + kLength.size());
    body_at = end + 4;
    complete =
        body_at + number(std::string_view{head}.substr(value, head.find('\r', value) - value));
  }
};

struct Connection {
  int fd = -1;
  Answer answer;
  Clock::time_point sent;
};

class Load {
 public:
  Load(std::string request, std::string expected, std::uint64_t requests)
      : request_(std::move(request)), expected_(std::move(expected)), to_send_(requests) {
    latencies_.reserve(requests);
  }

  void run(std::uint16_t port, std::size_t connections) {
    connections_.resize(connections);
    std::vector<pollfd> polled;
    for (Connection& connection : connections_) {
      connection.fd = connect_to(port);
      if (connection.fd < 0) fail("nobody listens on port " + std::to_string(port));
      polled.push_back({connection.fd, POLLIN, 0});
    }
    const std::uint64_t all = to_send_;
    const auto begin = Clock::now();
    for (Connection& connection : connections_) send_next(connection);
    while (latencies_.size() < all) {
      if (::poll(polled.data(), polled.size(), 30'000) <= 0) fail("no answer within 30 seconds");
      for (std::size_t i = 0; i < polled.size(); ++i) {
        if (polled[i].revents != 0) receive(connections_[i]);
      }
    }
    print(microseconds_since(begin));
  }

 private:
  void send_next(Connection& connection) {
    if (to_send_ == 0) return;
    --to_send_;
    connection.answer.clear();
    connection.sent = Clock::now();
    send_all(connection.fd, request_);
  }

  void receive(Connection& connection) {
    Answer& answer = connection.answer;
    answer.read_from(connection.fd);
    if (!answer.is_complete()) return;
    latencies_.push_back(microseconds_since(connection.sent));
    const bool is_good =
        answer.status == 200 && answer.body().find(expected_) != std::string_view::npos;
    if (!is_good && failed_++ == 0) {
      std::fprintf(stderr, "loadgen: the first failure: %d %s\n", answer.status,
                   std::string{answer.body()}.c_str());
    }
    send_next(connection);
  }

  [[nodiscard]] double percentile(double fraction) const {
    const auto last = static_cast<double>(latencies_.size() - 1);
    return latencies_[static_cast<std::size_t>(last * fraction)];
  }

  void print(double elapsed) {
    std::ranges::sort(latencies_);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto cpu = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
                     static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    std::printf(R"({"requests":%zu,"failed":%llu,"elapsed":%.0f,"cpu":%.0f,"p50":%.1f,"p99":%.1f,)"
                R"("max":%.1f})"
                "\n",
                latencies_.size(), static_cast<unsigned long long>(failed_), elapsed, cpu,
                percentile(0.5), percentile(0.99), latencies_.back());
  }

  std::string request_;
  std::string expected_;
  std::uint64_t to_send_;
  std::uint64_t failed_ = 0;
  std::vector<Connection> connections_;
  std::vector<double> latencies_;
};

// Polls with a connection each, since there is nothing to wait for before the server listens.
void first_answer(std::uint16_t port, const std::string& request, char** command) {
  const auto begin = Clock::now();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", 01, 0);
  pid_t child = 0;
  if (::posix_spawn(&child, command[0], &actions, nullptr, command, environ) != 0) {
    fail("cannot start " + std::string{command[0]});
  }
  int fd = -1;
  while ((fd = connect_to(port)) < 0) {
    if (::waitpid(child, nullptr, WNOHANG) != 0) fail("the server ended before it answered");
    if (microseconds_since(begin) > 10e6) fail("the server did not listen within 10 seconds");
    ::usleep(100);
  }
  send_all(fd, request);
  Answer answer;
  while (!answer.is_complete()) answer.read_from(fd);
  const double elapsed = microseconds_since(begin);
  ::kill(child, SIGTERM);
  ::waitpid(child, nullptr, 0);
  if (answer.status != 200) fail("the first answer was: " + answer.text);
  std::printf(R"({"first_answer":%.0f})"
              "\n",
              elapsed);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments{argv + 1, argv + argc};
  const bool is_load = arguments.size() >= 6 && arguments[0] == "load";
  const bool is_start = arguments.size() >= 5 && arguments[0] == "start";
  if (!is_load && !is_start) fail("load or start; see the head of its source");
  const auto port = static_cast<std::uint16_t>(number(arguments[1]));
  const std::string request = make_request(arguments[2], argv[4]);
  if (is_start) {
    first_answer(port, request, argv + 5);
    return 0;
  }
  const std::string expected{arguments.size() > 6 ? arguments[6] : ""};
  Load load{request, expected, number(arguments[5])};
  load.run(port, number(arguments[4]));
}
