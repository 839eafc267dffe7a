#include "server/forward/passage.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/text.h"

namespace presso::server {
namespace {

namespace net = boost::asio;

// After so many pieces without a wait others get their turn.
constexpr int kPiecesInARow = 16;

class PassedBody final : public HttpStream {
 public:
  PassedBody(std::shared_ptr<UpstreamExchange> exchange, RouteGate::Hold hold)
      : exchange_(std::move(exchange)), hold_(std::move(hold)) {}
  ~PassedBody() override {
    if (!exchange_->is_complete()) exchange_->cancel();
  }
  PassedBody(const PassedBody&) = delete;
  PassedBody& operator=(const PassedBody&) = delete;

  net::awaitable<std::optional<std::string>> next() override {
    if (++pieces_ % kPiecesInARow == 0) co_await net::post(net::use_awaitable);
    std::optional<std::string> piece = co_await exchange_->next();
    co_return piece;
  }
  [[nodiscard]] StreamEnd end() const override {
    return exchange_->is_complete() ? StreamEnd::Keep : StreamEnd::Broken;
  }

 private:
  std::shared_ptr<UpstreamExchange> exchange_;
  RouteGate::Hold hold_;  // the call is under way until it is read
  int pieces_ = 0;
};

}  // namespace

void Passage::start() {
  if (setup_.waits_for_continue) go_.expires_after(setup_.continue_time);
  net::co_spawn(setup_.io, run(shared_from_this()), net::detached);
}

net::awaitable<UpstreamExchange::Fault> Passage::answer() {
  UpstreamExchange::Fault fault = co_await setup_.exchange->receive_head();
  while (!fault && setup_.exchange->response().status() < 200) {
    if (setup_.exchange->response().status() == 100) go_.cancel();
    fault = co_await setup_.exchange->receive_head();
  }
  is_answered_ = true;
  go_.cancel();
  co_return fault;
}

net::awaitable<void> Passage::run(std::shared_ptr<Passage> self) {
  bool goes_on = true;
  if (self->setup_.waits_for_continue) goes_on = co_await self->lets_go_on();
  if (goes_on && self->setup_.is_streamed) goes_on = co_await self->send_body();
  if (!goes_on) co_return;
  const bool is_gone = co_await self->setup_.sender->goes();
  if (is_gone) self->setup_.exchange->cancel();
}

// The peer says so, or says nothing: many do not know of it.
net::awaitable<bool> Passage::lets_go_on() {
  co_await go_.async_wait(net::as_tuple(net::use_awaitable));
  if (is_answered_) co_return false;
  const bool is_said = co_await setup_.sender->say_continue();
  if (!is_said) setup_.exchange->cancel();
  co_return is_said;
}

net::awaitable<bool> Passage::send_body() {
  for (int pieces = 1;; ++pieces) {
    std::optional<std::string> piece = co_await setup_.sender->next();
    if (!piece) break;
    std::string bytes = setup_.is_chunked ? chunk(*piece) : *std::move(piece);
    const UpstreamExchange::Fault fault = co_await setup_.exchange->send(std::move(bytes));
    // Why is what its answer tells, if there is one.
    if (fault) co_return false;
    if (pieces % kPiecesInARow == 0) co_await net::post(setup_.io, net::use_awaitable);
  }
  if (!setup_.sender->is_complete()) {
    setup_.exchange->cancel();
    co_return false;
  }
  if (setup_.is_chunked) {
    const UpstreamExchange::Fault fault = co_await setup_.exchange->send(chunk({}));
    if (fault) co_return false;
  }
  setup_.exchange->end_sending();
  co_return true;
}

HttpReply passed_reply(const std::shared_ptr<UpstreamExchange>& exchange, bool is_head,
                       const RouteGate::Hold& hold) {
  const ResponseParser& response = exchange->response();
  HttpReply reply;
  reply.is_passed_on = true;
  reply.status = response.status();
  reply.length = response.length();
  reply.headers = response.headers();
  remove_hop_by_hop(reply.headers);
  std::erase_if(reply.headers,
                [](const auto& each) { return to_lower_ascii(each.first) == "content-length"; });
  const bool has_body = !is_head && reply.status != 204 && reply.status != 304;
  if (auto body = exchange->whole_body()) {
    if (has_body) reply.length = body->size();
    reply.body = *std::move(body);
  } else {
    reply.stream = std::make_unique<PassedBody>(exchange, hold);
  }
  return reply;
}

}  // namespace presso::server
