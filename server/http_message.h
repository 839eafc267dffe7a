// HTTP/1.1 messages without sockets: bytes in, requests out; replies in, bytes out. RFC 9112.
//
// Any bytes may come in. What is no request, or larger than the limits, is a refusal with its
// status, and the end of the connection: nobody knows where the next request would begin.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace presso::server {

class HttpStream;

struct HttpRequest {
  std::string method;
  std::string target;  // path and query as sent
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool keep_alive = true;
  bool can_chunk = true;  // HTTP/1.1

  // The first of that name, whatever its case; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] std::string_view path() const;  // without the query, still encoded
  // The same decoded; nothing when it is not well-formed.
  [[nodiscard]] std::optional<std::string> decoded_path() const;
  // For who answers late: whether the connection still stands.
  std::function<bool()> is_client_there;

  // A parameter of the query, decoded; nothing when it is not there or not well-formed.
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
};

struct HttpReply {
  HttpReply();
  ~HttpReply();
  HttpReply(HttpReply&&) noexcept;
  HttpReply& operator=(HttpReply&&) noexcept;

  int status = 200;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::unique_ptr<HttpStream> stream;  // instead of a body
};

class RequestParser {
 public:
  struct Limits {
    std::size_t head_bytes;
    std::size_t body_bytes;
    // Of requests with such a target; without it there are none.
    bool (*has_long_body)(std::string_view target) = nullptr;
    std::size_t long_body_bytes = 0;
  };
  enum class State {
    NeedMore,
    NeedContinue,  // the head is there, and its sender waits for 100 Continue; said once
    Complete,
    Refused,
  };

  explicit RequestParser(Limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Takes from the front of `bytes` and says how many. What it leaves belongs in front of what
  // comes next.
  std::size_t put(std::string_view bytes);
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool has_begun() const { return has_begun_; }
  // After Refused: 400, 413, 431 or 501.
  [[nodiscard]] int refusal_status() const { return refusal_status_; }
  // After Complete; the parser is then ready for the next request.
  [[nodiscard]] HttpRequest take();

 private:
  class Message;
  [[nodiscard]] bool is_too_long() const;
  Limits limits_;
  std::unique_ptr<Message> message_;
  State state_ = State::NeedMore;
  bool has_begun_ = false;
  bool has_continued_ = false;
  int refusal_status_ = 0;
};

// Head and body in one piece. With a stream only the head, which announces chunks when `can_chunk`,
// or the end of the connection.
[[nodiscard]] std::string to_bytes(const HttpReply&, bool keep_alive, bool can_chunk,
                                   bool is_head_request);
// One chunk of a chunked body; an empty one is the end.
[[nodiscard]] std::string chunk(std::string_view bytes);

}  // namespace presso::server
