#include "server/functions/pool.h"

#include <algorithm>

#include "base/text.h"
#include "server/clock.h"

namespace presso::server {

Pool::Pool(Setup setup, FunctionSettings settings)
    : setup_(setup), settings_(std::move(settings)), code_(settings_.code), patience_(setup_.io) {}

Pool::~Pool() { end(); }

bool Pool::invoke(Invocation invocation, InvocationDone done) {
  retire_changed();
  const bool has_place = count(Sandbox::State::Ready) > 0 || expected() > waiting_.size() ||
                         sandboxes_.size() < settings_.concurrency;
  if (!has_place) return false;
  waiting_.push_back({std::move(invocation), std::move(done)});
  serve();
  return true;
}

bool Pool::invoke_later(Invocation invocation, InvocationDone done) {
  if (backlog_.size() >= setup_.limits.backlog) return false;
  retire_changed();
  backlog_.push_back({std::move(invocation), std::move(done)});
  serve();
  return true;
}

void Pool::end() {
  waiting_.clear();
  backlog_.clear();
  patience_.cancel();
  for (const Place& sandbox : sandboxes_) sandbox->end();
  sandboxes_.clear();
  changed_.clear();
}

std::size_t Pool::count(Sandbox::State state) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      sandboxes_, [&](const Place& sandbox) { return sandbox->state() == state; }));
}

// Processes that will be ready by themselves.
std::size_t Pool::expected() const {
  return count(Sandbox::State::Starting) + count(Sandbox::State::Answered);
}

// Hands out what waits to who is ready, and starts processes for the rest.
void Pool::serve() {
  for (std::size_t i = sandboxes_.size(); i-- > 0;) {
    if (sandboxes_[i]->state() != Sandbox::State::Ready) continue;
    draw_backlog();
    if (waiting_.empty()) return;
    const Waiting& first = waiting_.front();
    if (sandboxes_[i]->give(first.invocation, first.done)) waiting_.pop_front();
  }
  ensure();
}

void Pool::draw_backlog() {
  if (!waiting_.empty() || backlog_.empty()) return;
  waiting_.push_back(std::move(backlog_.front()));
  backlog_.pop_front();
}

void Pool::ensure() {
  while (waiting_.size() + backlog_.size() > expected() &&
         sandboxes_.size() < settings_.concurrency) {
    const bool is_second = !waiting_.empty() && waiting_.front().has_lost_init;
    start_sandbox(is_second);
  }
  if (!waiting_.empty() || !backlog_.empty()) watch_patience();
}

void Pool::start_sandbox(bool is_second_init) {
  const auto sandbox = std::make_shared<Sandbox>(Sandbox::Setup{
      .io = setup_.io,
      .settings = settings_,
      .limits = setup_.limits,
      .log = setup_.log,
      .launch =
          [this, stream = next_log_stream()](std::uint16_t port) {
            return function_launch(settings_, setup_.world, port, stream);
          },
      .ready = [this](Sandbox& ready) { on_ready(ready); },
      .gone = [this](Sandbox& gone,
                     std::optional<InitFailure> failure) { on_gone(gone, std::move(failure)); },
      .is_second_init = is_second_init});
  sandboxes_.push_back(sandbox);
  sandbox->start();
}

void Pool::on_ready(Sandbox& ready) {
  if (std::erase(changed_, &ready) > 0) {
    ready.end();
    std::erase_if(sandboxes_, [&](const Place& each) { return each.get() == &ready; });
    return serve();
  }
  const auto place =
      std::ranges::find_if(sandboxes_, [&](const Place& each) { return each.get() == &ready; });
  std::rotate(place, place + 1, sandboxes_.end());
  serve();
}

void Pool::on_gone(Sandbox& gone, std::optional<InitFailure> failure) {
  std::erase(changed_, &gone);
  std::erase_if(sandboxes_, [&](const Place& each) { return each.get() == &gone; });
  if (failure) fail(*failure);
  serve();
}

// A process that did not start takes the invocation with it that has waited longest.
void Pool::fail(const InitFailure& failure) {
  draw_backlog();
  if (waiting_.empty()) return;
  if (failure.is_timeout && !waiting_.front().has_lost_init) {
    waiting_.front().has_lost_init = true;
    return;
  }
  const Waiting lost = std::move(waiting_.front());
  waiting_.pop_front();
  lost.done({.is_error = true,
             .payload = failure.payload_for(lost.invocation),
             .log_tail = lost.invocation.wants_log_tail ? failure.log_tail : std::string{}});
}

void Pool::retire_changed() {
  if (!code_.has_changed()) return;
  changed_.clear();
  std::erase_if(sandboxes_, [&](const Place& sandbox) {
    const auto state = sandbox->state();
    const bool is_busy = state == Sandbox::State::Busy || state == Sandbox::State::Answered;
    if (is_busy) {
      changed_.push_back(sandbox.get());
    } else {
      sandbox->end();
    }
    return !is_busy;
  });
  ensure();
}

// Who has answered may have more to do, up to its deadline: what waits for it goes elsewhere.
void Pool::watch_patience() {
  if (is_watching_) return;
  is_watching_ = true;
  patience_.expires_after(setup_.limits.patience);
  patience_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    is_watching_ = false;
    if (waiting_.size() + backlog_.size() > count(Sandbox::State::Starting) &&
        sandboxes_.size() < settings_.concurrency) {
      start_sandbox(false);
    }
    if (!waiting_.empty() || !backlog_.empty()) watch_patience();
  });
}

// "2026/11/22/[$LATEST]0123456789abcdef…"
std::string Pool::next_log_stream() {
  std::string date = to_iso_seconds(system_now()).substr(0, 10);
  std::ranges::replace(date, '-', '/');
  std::string id = next_uuid(setup_.entropy);
  std::erase(id, '-');
  return date + "/[$LATEST]" + id;
}

}  // namespace presso::server
