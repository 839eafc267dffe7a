#include "tests/unit/server/raw_client.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace presso::test {
namespace {

using Clock = std::chrono::steady_clock;

std::string header_of(const std::string& head, std::string_view name) {
  const auto at = head.find("\r\n" + std::string{name} + ": ");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

}  // namespace

RawClient::RawClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  REQUIRE(socket_ >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}
RawClient::~RawClient() {
  if (socket_ >= 0) close(socket_);
}
RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      received_(std::move(other.received_)),
      is_closed_(other.is_closed_) {}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::end_sending() { shutdown(socket_, SHUT_WR); }

void RawClient::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(std::exchange(socket_, -1));
}

bool RawClient::fill(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  pollfd waited{.fd = socket_, .events = POLLIN, .revents = 0};
  const int wait_ms = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
  if (is_closed_ || poll(&waited, 1, wait_ms) != 1) return false;
  std::array<char, 65'536> buffer{};
  const ssize_t size = recv(socket_, buffer.data(), buffer.size(), 0);
  if (size <= 0) {
    is_closed_ = true;
    return false;
  }
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::string RawClient::read_once(std::chrono::milliseconds patience) {
  fill(Clock::now() + patience);
  return std::exchange(received_, {});
}

bool RawClient::is_closed_within(std::chrono::milliseconds patience) {
  const auto until = Clock::now() + patience;
  while (fill(until)) received_.clear();
  return is_closed_;
}

std::optional<RawReply> RawClient::receive(std::chrono::milliseconds patience, bool has_body) {
  const auto until = Clock::now() + patience;
  RawReply reply;
  std::size_t end = std::string::npos;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill(until)) return std::nullopt;
  }
  reply.head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  reply.status = std::atoi(reply.head.substr(9, 3).c_str());
  const std::string length = header_of(reply.head, "Content-Length");
  const auto size = has_body ? std::strtoull(length.c_str(), nullptr, 10) : 0;
  while (received_.size() < size) {
    if (!fill(until)) return std::nullopt;
  }
  reply.body = received_.substr(0, size);
  received_.erase(0, size);
  return reply;
}

std::string request_text(std::string_view method, std::string_view path, std::string_view body,
                         std::string_view headers) {
  std::string text{method};
  text.append(" ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers);
  if (!body.empty() || method == "POST") {
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  return text.append("\r\n").append(body);
}

}  // namespace presso::test
