#include "server/http_session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace presso::server {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

constexpr auto kAwaitArrival = net::as_tuple(net::use_awaitable);

}  // namespace

bool would_block(const error_code& error) {
  return error == net::error::would_block || error == net::error::try_again;
}

bool is_open(tcp::socket& socket) {
  char byte = 0;
  error_code error;
  const auto size = socket.receive(net::buffer(&byte, 1), tcp::socket::message_peek, error);
  return would_block(error) || (!error && size > 0);
}

void take_in(std::string_view arrived, Session& session, RequestParser& parser) {
  if (session.unread.empty()) {
    session.unread = arrived.substr(parser.put(arrived));
  } else {
    session.unread.append(arrived);
    session.unread.erase(0, parser.put(session.unread));
  }
}

// The loan may be taken back at each wait.
void Sender::let_go() {
  error_code ignored;
  if (waits_ > 0) lent_->session.socket.cancel(ignored);
  is_complete_ = is_complete();
  lent_.reset();
}

net::awaitable<std::optional<std::string>> Sender::next() {
  while (lent_) {
    std::string piece = lent_->parser.take_piece();
    if (!piece.empty()) co_return piece;
    if (lent_->parser.state() != RequestParser::State::Streaming) break;
    error_code error;
    const std::size_t size =
        lent_->session.socket.read_some(net::buffer(lent_->desk.buffer), error);
    if (would_block(error)) {
      lent_->expect();
      error = co_await arrival();
      if (lent_) lent_->session.deadline.reset();
    } else if (!error) {
      take_in(std::string_view{lent_->desk.buffer}.substr(0, size), lent_->session, lent_->parser);
    }
    if (error) break;
  }
  co_return std::nullopt;
}

bool Sender::is_complete() const {
  return lent_ ? lent_->parser.state() != RequestParser::State::Streaming &&
                     lent_->parser.state() != RequestParser::State::Refused
               : is_complete_;
}

net::awaitable<bool> Sender::say_continue() {
  if (!lent_) co_return false;
  const bool is_said = co_await lent_->write(std::string{kContinue});
  co_return is_said;
}

net::awaitable<bool> Sender::goes() {
  while (lent_) {
    char byte = 0;
    error_code error;
    const std::size_t size =
        lent_->session.socket.receive(net::buffer(&byte, 1), tcp::socket::message_peek, error);
    if (!would_block(error)) co_return error || size == 0;
    error = co_await arrival();
    if (error) co_return lent_.has_value();
  }
  co_return false;
}

net::awaitable<error_code> Sender::arrival() {
  ++waits_;
  auto [error] = co_await lent_->session.socket.async_wait(tcp::socket::wait_read, kAwaitArrival);
  --waits_;
  co_return error;
}

}  // namespace presso::server
