#include "server/event_feed.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace presso::server {

namespace net = boost::asio;

template <class T>
void Feed<T>::publish(const std::vector<Item>& items) {
  for (const Item& item : items) {
    bytes_ += item->size_bytes();
    items_.push_back(item);
  }
  while (items_.size() > kFeedItems || (bytes_ > kFeedBytes && items_.size() > 1)) {
    bytes_ -= items_.front()->size_bytes();
    items_.pop_front();
    ++first_;
  }
  wake();
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
