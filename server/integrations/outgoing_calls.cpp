#include "server/integrations/outgoing_calls.h"

#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <utility>

namespace presso::server {

// Its copy goes out: a signature has a time in it.
struct OutgoingCalls::Call {
  TaskId task;
  OutboundRequest request;
  Way way;
  Answered answered;
  std::string endpoint = {};
  RouteGate::Hold hold = nullptr;
  int attempts = 0;
};

struct OutgoingCalls::Pause {
  explicit Pause(boost::asio::io_context& io) : timer(io) {}
  boost::asio::steady_timer timer;
};

void OutgoingCalls::begin(TaskId task) {
  const std::lock_guard lock{mutex_};
  if (outgoing_.insert_or_assign(task, Outgoing{}).second) ++size_;
}

bool OutgoingCalls::end(TaskId task) {
  const std::lock_guard lock{mutex_};
  if (outgoing_.erase(task) == 0) return false;
  --size_;
  return true;
}

void OutgoingCalls::cancel(TaskId task) {
  Outgoing outgoing;
  {
    const std::lock_guard lock{mutex_};
    const auto it = outgoing_.find(task);
    if (it == outgoing_.end()) return;
    outgoing = std::move(it->second);
    outgoing_.erase(it);
    --size_;
  }
  if (outgoing.place != nullptr) outgoing.place->give_up();
  if (outgoing.exchange != nullptr) HttpClient::cancel(outgoing.exchange);
  if (outgoing.pause != nullptr) outgoing.pause->timer.cancel();
}

void OutgoingCalls::send(TaskId task, OutboundRequest request, Way way, Answered answered) {
  const auto call = std::make_shared<Call>(Call{.task = task,
                                                .request = std::move(request),
                                                .way = std::move(way),
                                                .answered = std::move(answered)});
  if (const auto url = parse_url(call->request.url)) call->endpoint = url->authority();
  if (call->way.gate == nullptr) return attempt(call);
  const auto place = call->way.gate->wait([self = shared_from_this(), call](RouteGate::Hold hold) {
    call->hold = std::move(hold);
    self->attempt(call);
  });
  keep_place(task, place);
}

void OutgoingCalls::keep_place(TaskId task, const std::shared_ptr<RouteGate::Place>& place) {
  {
    const std::lock_guard lock{mutex_};
    const auto it = outgoing_.find(task);
    if (it != outgoing_.end()) {
      it->second.place = place;
      return;
    }
  }
  place->give_up();  // cancelled meanwhile
}

void OutgoingCalls::attach(TaskId task, const std::shared_ptr<HttpClient::Exchange>& exchange) {
  const std::lock_guard lock{mutex_};
  const auto it = outgoing_.find(task);
  if (it != outgoing_.end()) {
    it->second.exchange = exchange;
  } else {
    HttpClient::cancel(exchange);  // the task was cancelled meanwhile, or is answered
  }
}

bool OutgoingCalls::is_under_way(TaskId task) {
  const std::lock_guard lock{mutex_};
  return outgoing_.contains(task);
}

void OutgoingCalls::attempt(const std::shared_ptr<Call>& call) {
  ++call->attempts;
  const bool is_last = call->attempts >= call->way.max_attempts;
  OutboundRequest request = is_last ? std::move(call->request) : call->request;
  const auto& client = call->way.client ? call->way.client : setup_.client;
  client->send(
      std::move(request), call->way.signing,
      [self = shared_from_this(), call](OutboundResult result) {
        self->answered(call, std::move(result));
      },
      [self = shared_from_this(), task = call->task](const auto& exchange) {
        self->attach(task, exchange);
      });
}

void OutgoingCalls::answered(const std::shared_ptr<Call>& call, OutboundResult result) {
  const RetryReason reason = retry_reason(result);
  const bool is_tried_again = reason != RetryReason::None &&
                              call->attempts < call->way.max_attempts &&
                              quota_.take(call->endpoint);
  if (is_tried_again) return pause(call, reason);
  if (reason == RetryReason::None) quota_.give_back(call->endpoint, call->attempts - 1);
  std::visit([&](auto& any) { any.attempts = call->attempts; }, result);
  call->hold.reset();
  const auto answered = std::move(call->answered);
  answered(std::move(result));
}

// Whoever gives up meanwhile leaves the line with it.
void OutgoingCalls::pause(const std::shared_ptr<Call>& call, RetryReason reason) {
  const auto pause = std::make_shared<Pause>(setup_.io);
  const std::lock_guard lock{mutex_};
  const auto it = outgoing_.find(call->task);
  if (it == outgoing_.end()) return;
  it->second.exchange = nullptr;
  it->second.pause = pause;
  pause->timer.expires_after(retry_pause(reason, call->attempts, next_fraction(entropy_)));
  pause->timer.async_wait([self = shared_from_this(), call, pause](auto) {
    if (self->is_under_way(call->task)) self->attempt(call);
  });
}

int max_attempts_of(const Environment& environment) {
  const auto found = environment.find("AWS_MAX_ATTEMPTS");
  int attempts = 0;
  if (found != environment.end()) {
    const std::string& text = found->second;
    std::from_chars(text.data(), text.data() + text.size(), attempts);
  }
  return attempts > 0 ? attempts : kMaxAttempts;
}

}  // namespace presso::server
