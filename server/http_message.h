// HTTP/1.1 messages without sockets: bytes in, requests out; replies in, bytes out. RFC 9112.
//
// Any bytes may come in. What is no request, or larger than the limits, is a refusal with its
// status, and the end of the connection: nobody knows where the next request would begin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace presso::server {

class HttpStream;
class HttpSender;

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
  // For who hands it on: who sends it, and of a body that is streamed (BodyPlan) all there is.
  std::function<std::shared_ptr<HttpSender>()> sender;

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
  // Of the stream, when it is known; without a stream, of what HEAD or 304 do not show.
  std::optional<std::uint64_t> length;
  bool is_passed_on = false;  // a peer's: nothing is said about a body that it did not say
};

// What may follow a head.
struct BodyPlan {
  std::size_t bytes = 0;     // at most
  bool is_streamed = false;  // any number, handed on as they come
};

class RequestParser {
 public:
  struct Limits {
    std::size_t head_bytes;
    std::size_t body_bytes;
  };
  // Of a head that is there; without one the limit is the same for all.
  using PlanOf = std::function<BodyPlan(const HttpRequest&)>;
  enum class State {
    NeedMore,
    NeedContinue,  // the head is there, and its sender waits for 100 Continue; said once
    Streaming,     // the head is there, and the body comes by take_piece
    Complete,
    Refused,
  };

  explicit RequestParser(Limits, PlanOf = {});
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

  // ---- of a body that is streamed ----
  // At the first Streaming.
  [[nodiscard]] HttpRequest take_head();
  // What has come of the body since the last time.
  [[nodiscard]] std::string take_piece();
  // After Complete: ready for the next request.
  void reset();

 private:
  class Message;
  std::size_t put_some(std::string_view bytes);
  void plan_body();
  [[nodiscard]] bool is_too_long() const;
  void refuse(int status);

  Limits limits_;
  PlanOf plan_of_;
  std::unique_ptr<Message> message_;
  State state_ = State::NeedMore;
  bool has_begun_ = false;
  bool has_continued_ = false;
  int refusal_status_ = 0;
};

// A peer's answer, in the same way: a head, a body of any length, an end.
class ResponseParser {
 public:
  enum class State { NeedMore, Head, Complete, Broken };

  // `is_head`: the answer of a HEAD request, which has no body.
  ResponseParser(std::size_t head_bytes, bool is_head);
  ~ResponseParser();
  ResponseParser(const ResponseParser&) = delete;
  ResponseParser& operator=(const ResponseParser&) = delete;

  // As RequestParser's.
  std::size_t put(std::string_view bytes);
  // The peer has closed: the end of a body without a length, or a broken answer.
  void put_end();
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool has_begun() const { return has_begun_; }

  // From Head on.
  [[nodiscard]] int status() const;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> headers() const;
  [[nodiscard]] std::optional<std::uint64_t> length() const;
  [[nodiscard]] bool keep_alive() const;  // false of what has no head
  [[nodiscard]] std::string take_piece();

 private:
  class Message;
  std::size_t put_some(std::string_view bytes);

  std::unique_ptr<Message> message_;
  State state_ = State::NeedMore;
  bool has_begun_ = false;
};

// What speaks of one connection and not of the message (RFC 9110, 7.6.1), the names in Connection
// among them, and the trailers that are not passed on.
void remove_hop_by_hop(std::vector<std::pair<std::string, std::string>>& headers);

// Head and body in one piece. With a stream only the head, which announces chunks when `can_chunk`,
// or the end of the connection.
[[nodiscard]] std::string to_bytes(const HttpReply&, bool keep_alive, bool can_chunk,
                                   bool is_head_request);
// One chunk of a chunked body; an empty one is the end.
[[nodiscard]] std::string chunk(std::string_view bytes);

}  // namespace presso::server
