// One request on its way to a peer, and the answer on its way back.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "server/http_message.h"
#include "server/http_stream.h"
#include "server/http_upstream.h"
#include "server/routes/gate.h"

namespace presso::server {

// What the two directions share, for as long as either goes on.
class Passage : public std::enable_shared_from_this<Passage> {
 public:
  struct Setup {
    std::shared_ptr<UpstreamExchange> exchange;
    std::shared_ptr<HttpSender> sender;
    boost::asio::io_context& io;
    Duration continue_time;
    bool is_streamed = false;
    bool is_chunked = false;
    bool waits_for_continue = false;
  };
  explicit Passage(Setup setup) : setup_(std::move(setup)), go_(setup_.io) {}

  // The head is sent: sends what the client sends, and then watches whether it stays.
  void start();
  // Until the answer's final head is there.
  boost::asio::awaitable<UpstreamExchange::Fault> answer();

 private:
  static boost::asio::awaitable<void> run(std::shared_ptr<Passage> self);
  boost::asio::awaitable<bool> lets_go_on();
  boost::asio::awaitable<bool> send_body();

  Setup setup_;
  boost::asio::steady_timer go_;  // until the peer says 100 Continue
  bool is_answered_ = false;
};

// The answer whose head is there. The call is under way, by its hold, until it is read.
[[nodiscard]] HttpReply passed_reply(const std::shared_ptr<UpstreamExchange>&, bool is_head,
                                     const RouteGate::Hold&);

}  // namespace presso::server
