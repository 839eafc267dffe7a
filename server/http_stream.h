// A reply's body that comes bit by bit, for as long as its reader keeps up.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

namespace presso::server {

class HttpStream {
 public:
  virtual ~HttpStream() = default;
  // The next piece, not empty; nothing: the end. Not called while one is under way.
  virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
};

}  // namespace presso::server
