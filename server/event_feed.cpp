#include "server/event_feed.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include <utility>

namespace presso::server {

namespace net = boost::asio;

template <class T>
Feed<T>::Batch::Batch(std::vector<T> all) : items(std::move(all)) {
  for (const T& item : items) bytes += item.size_bytes();
}

template <class T>
void Feed<T>::publish(Shared batch) {
  const std::uint64_t first = last_ + 1;
  last_ += batch->items.size();
  bytes_ += batch->bytes;
  batches_.push_back({first, std::move(batch)});
  const auto is_too_much = [this] {
    const Held& oldest = batches_.front();
    const std::uint64_t newer = last_ + 1 - oldest.first - oldest.batch->items.size();
    return newer >= kFeedItems || bytes_ > kFeedBytes;
  };
  while (batches_.size() > 1 && is_too_much()) {
    bytes_ -= batches_.front().batch->bytes;
    batches_.pop_front();
  }
  wake();
}

template <class T>
const T& Feed<T>::at(std::uint64_t sequence) const {
  const auto is_before = [](std::uint64_t wanted, const Held& held) { return wanted < held.first; };
  const Held& held =
      *std::prev(std::upper_bound(batches_.begin(), batches_.end(), sequence, is_before));
  return held.batch->items[static_cast<std::size_t>(sequence - held.first)];
}

template <class T>
void Feed<T>::close() {
  is_closed_ = true;
  wake();
}

template <class T>
void Feed<T>::wake() {
  for (net::steady_timer* timer : waiting_) timer->cancel();
}

template <class T>
net::awaitable<void> Feed<T>::wait_beyond(std::uint64_t sequence, Moment moment) {
  if (is_closed_ || last() > sequence) co_return;
  net::steady_timer timer{executor_, moment};
  waiting_.insert(&timer);
  co_await timer.async_wait(net::as_tuple(net::use_awaitable));
  waiting_.erase(&timer);
}

template class Feed<core::Published>;
template class Feed<core::ExecutionLog>;

}  // namespace presso::server
