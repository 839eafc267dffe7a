#include "server/inbox.h"

#include <utility>

namespace presso::server {

bool Inbox::push(core::Request request, std::size_t size_bytes) {
  {
    const std::lock_guard lock{mutex_};
    if (entries_.size() >= kInboxCapacity) return false;
    entries_.push_back({.work = core::Input{std::move(request)}, .size_bytes = size_bytes});
  }
  arrived_.notify_one();
  return true;
}

void Inbox::push(core::CallAnswered answer) {
  const std::string* result = std::get_if<std::string>(&answer.result);
  const std::size_t size_bytes = result ? result->size() : 0;
  push({.work = core::Input{std::move(answer)}, .size_bytes = size_bytes});
}

void Inbox::push(core::DeliveryAnswered answer) {
  push({.work = core::Input{std::move(answer)}, .size_bytes = 0});
}

void Inbox::push(core::RequestGone gone) { push({.work = core::Input{gone}, .size_bytes = 0}); }

void Inbox::push(Control control) { push({.work = std::move(control), .size_bytes = 0}); }

void Inbox::push(Entry entry) {
  {
    const std::lock_guard lock{mutex_};
    entries_.push_back(std::move(entry));
  }
  arrived_.notify_one();
}

Inbox::Portion Inbox::take() {
  Portion portion;
  std::size_t size_bytes = 0;
  const std::lock_guard lock{mutex_};
  while (!entries_.empty() && portion.inputs.size() < kTurnInputs) {
    Entry& next = entries_.front();
    if (Control* control = std::get_if<Control>(&next.work)) {
      if (!portion.inputs.empty()) break;
      portion.control = std::move(*control);
      entries_.pop_front();
      break;
    }
    size_bytes += next.size_bytes;
    if (size_bytes > kTurnBytes && !portion.inputs.empty()) break;
    portion.inputs.push_back(std::move(*std::get_if<core::Input>(&next.work)));
    entries_.pop_front();
  }
  return portion;
}

void Inbox::wait(std::optional<Duration> timeout) {
  std::unique_lock lock{mutex_};
  const auto has_work = [this] { return !entries_.empty(); };
  if (timeout) {
    arrived_.wait_for(lock, *timeout, has_work);
  } else {
    arrived_.wait(lock, has_work);
  }
}

std::size_t Inbox::size() const {
  const std::lock_guard lock{mutex_};
  return entries_.size();
}

}  // namespace presso::server
