#include "server/functions/functions.h"

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <future>
#include <list>
#include <map>

#include "base/entropy.h"
#include "base/text.h"
#include "server/clock.h"
#include "server/functions/pool.h"

namespace presso::server {
namespace {

std::string hex_of(Entropy& entropy, std::size_t digits) {
  std::string text = next_uuid(entropy);
  std::erase(text, '-');
  return text.substr(0, digits);
}

// "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=0"
std::string next_trace_id(Entropy& entropy) {
  std::string now;
  for (std::int64_t rest = epoch_ms(system_now()) / 1000; now.size() < 8; rest >>= 4) {
    now.insert(now.begin(), "0123456789abcdef"[rest & 15]);
  }
  return "Root=1-" + now + "-" + hex_of(entropy, 24) + ";Parent=" + hex_of(entropy, 16) +
         ";Sampled=0";
}

}  // namespace

// Everything that happens on the io_context's thread.
class Functions::Impl {
 public:
  Impl(Setup setup, std::atomic<std::size_t>& in_flight)
      : setup_(std::move(setup)), entropy_(setup_.seed), in_flight_(in_flight) {
    for (const FunctionSettings& settings : setup_.functions) {
      pools_.emplace(settings.name, std::make_unique<Pool>(Pool::Setup{.io = setup_.io,
                                                                       .world = setup_.world,
                                                                       .limits = setup_.limits,
                                                                       .log = setup_.log,
                                                                       .entropy = entropy_},
                                                           settings));
    }
  }

  void start(std::string url) { setup_.world.url = std::move(url); }

  void call(HttpRequest request, const core::Caller& caller, const Answer& asker) {
    if (is_stopped_) return asker(std::nullopt);
    Answer answer = [this, asker](std::optional<LambdaReply> reply) {
      if (reply) add_request_id(*reply);
      asker(std::move(reply));
    };
    auto made = lambda_call(std::move(request), caller);
    if (auto* refusal = std::get_if<LambdaReply>(&made)) return answer(std::move(*refusal));
    auto& what = std::get<LambdaCall>(made);
    if (std::holds_alternative<ListFunctionsCall>(what)) {
      return answer(function_list_reply(setup_.functions, caller));
    }
    auto* invoked = std::get_if<InvokeCall>(&what);
    const auto& name = invoked ? invoked->function : std::get<GetFunctionCall>(what).function;
    const auto pool = pools_.find(name.name);
    if (pool == pools_.end()) return answer(not_found_reply(name, caller));
    if (invoked) return invoke(*pool->second, std::move(*invoked), std::move(answer));
    const auto& asked = std::get<GetFunctionCall>(what);
    answer(function_reply(pool->second->settings(), asked, caller));
  }

  void stop() {
    is_stopped_ = true;
    for (auto& [name, pool] : pools_) pool->end();
    repeats_.clear();
    const auto open = std::exchange(open_, {});
    for (const auto& [number, answer] : open) answer(std::nullopt);
  }

 private:
  // An invocation's is its own.
  void add_request_id(LambdaReply& reply) {
    const bool is_there = std::ranges::any_of(
        reply.headers, [](const auto& each) { return each.first == kRequestIdHeader; });
    if (!is_there) reply.headers.emplace_back(kRequestIdHeader, next_uuid(entropy_));
  }

  void invoke(Pool& pool, InvokeCall call, Answer answer) {
    if (call.type == InvocationType::DryRun) return answer(dry_run_reply());
    call.invocation.request_id = next_uuid(entropy_);
    if (call.invocation.trace_id.empty()) call.invocation.trace_id = next_trace_id(entropy_);
    if (call.type == InvocationType::Event) {
      const bool is_taken = run_event(pool, call.invocation, 0);
      return answer(is_taken ? accepted_reply(call) : throttled_reply());
    }
    const std::uint64_t number = ++last_number_;
    Invocation invocation = call.invocation;
    call.invocation.payload.clear();
    const bool is_taken =
        pool.invoke(std::move(invocation), [this, number, call](const InvocationResult& result) {
          auto open = open_.extract(number);
          if (!open.empty()) open.mapped()(invoke_reply(call, result));
        });
    if (!is_taken) return answer(throttled_reply());
    open_.emplace(number, std::move(answer));
  }

  // An attempt of an asynchronous invocation.
  bool run_event(Pool& pool, const Invocation& invocation, std::size_t attempt) {
    const bool is_taken = pool.invoke_later(
        invocation, [this, &pool, invocation, attempt](const InvocationResult& result) {
          if (result.is_error) repeat_event(pool, invocation, attempt, result);
          settle();
        });
    if (is_taken) ++in_flight_;
    return is_taken;
  }

  void settle() {
    if (--in_flight_ == 0 && setup_.settled) setup_.settled();
  }

  void repeat_event(Pool& pool, const Invocation& invocation, std::size_t attempt,
                    const InvocationResult& result) {
    const std::string what = pool.settings().name + " " + invocation.request_id;
    if (attempt == setup_.limits.retry_after.size()) {
      return setup_.log.warning(what + " failed for the last time: " + result.payload);
    }
    const auto timer = repeats_.emplace(repeats_.end(), setup_.io);
    timer->expires_after(setup_.limits.retry_after.at(attempt));
    timer->async_wait([this, timer, &pool, invocation, attempt, what](auto error) {
      if (error || is_stopped_) return;
      repeats_.erase(timer);
      if (!run_event(pool, invocation, attempt + 1)) {
        setup_.log.warning(what + " is not repeated: too many invocations wait");
      }
    });
  }

  Setup setup_;
  SeededEntropy entropy_;
  std::atomic<std::size_t>& in_flight_;
  std::map<std::string, std::unique_ptr<Pool>, std::less<>> pools_;
  std::map<std::uint64_t, Answer> open_;  // of invocations that somebody waits for
  std::list<boost::asio::steady_timer> repeats_;
  std::uint64_t last_number_ = 0;
  bool is_stopped_ = false;
};

Functions::Functions(Setup setup)
    : io_(setup.io), impl_(std::make_unique<Impl>(std::move(setup), in_flight_)) {}
Functions::~Functions() = default;

void Functions::start(std::string url) { impl_->start(std::move(url)); }

void Functions::call(HttpRequest request, core::Caller caller, Answer answer) {
  boost::asio::dispatch(io_, [this, request = std::move(request), caller = std::move(caller),
                              answer = std::move(answer)]() mutable {
    impl_->call(std::move(request), caller, answer);
  });
}

void Functions::stop() {
  std::promise<void> stopped;
  boost::asio::post(io_, [&] {
    impl_->stop();
    stopped.set_value();
  });
  stopped.get_future().wait();
}

}  // namespace presso::server
