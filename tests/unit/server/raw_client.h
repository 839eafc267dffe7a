// A client that sends what it is told to, byte by byte if need be, over a plain socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace presso::test {

struct RawReply {
  int status = 0;
  std::string head;
  std::string body;
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient& operator=(RawClient&&) = delete;

  // False: the server has closed the connection.
  bool send(std::string_view bytes);
  void end_sending();
  // Drops the connection with a reset instead of an orderly end.
  void reset();
  // The next reply, with the body that its Content-Length announces; nothing: it did not come.
  std::optional<RawReply> receive(std::chrono::milliseconds patience = std::chrono::seconds(10),
                                  bool has_body = true);
  // Whether the server closes within `patience`. Bytes that come meanwhile are dropped.
  bool is_closed_within(std::chrono::milliseconds patience);
  // What one read returns.
  std::string read_once(std::chrono::milliseconds patience = std::chrono::seconds(10));

 private:
  // False: closed, or nothing came in time.
  bool fill(std::chrono::steady_clock::time_point until);

  int socket_ = -1;
  std::string received_;
  bool is_closed_ = false;
};

[[nodiscard]] std::string request_text(std::string_view method, std::string_view path,
                                       std::string_view body = {}, std::string_view headers = {});

}  // namespace presso::test
