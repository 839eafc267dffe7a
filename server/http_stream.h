// Bodies that come bit by bit: a reply's, for as long as its reader keeps up, and a request's, for
// as long as its sender does.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace presso::server {

// How a reply's stream has ended, and with it what becomes of the connection.
enum class StreamEnd {
  Close,   // it is done, and so is the connection
  Keep,    // it is done; the next request may come
  Broken,  // the rest will never come: the reader must not take it for the whole
};

class HttpStream {
 public:
  virtual ~HttpStream() = default;
  // The next piece, not empty; nothing: the end. Not called while one is under way.
  virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
  // After the end.
  [[nodiscard]] virtual StreamEnd end() const { return StreamEnd::Close; }
};

// Who sends a request whose body is streamed. Touched on its session's worker only; it may be kept
// longer than the session, and then says that the client has gone.
class HttpSender {
 public:
  virtual ~HttpSender() = default;
  // The next piece, not empty; nothing: the end, or the client has gone (`is_complete`).
  virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
  // All of the body has been taken.
  [[nodiscard]] virtual bool is_complete() const = 0;
  // For who asked by `Expect: 100-continue`; at most once. False: it has gone.
  virtual boost::asio::awaitable<bool> say_continue() = 0;
  // After the body: true when the client goes, false when it does not and the reply is under way
  // or the next request has come.
  virtual boost::asio::awaitable<bool> goes() = 0;
};

}  // namespace presso::server
