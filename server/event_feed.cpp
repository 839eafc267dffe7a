#include "server/event_feed.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace presso::server {

namespace net = boost::asio;

void EventFeed::publish(const std::vector<FeedItem>& items) {
  for (const FeedItem& item : items) {
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

void EventFeed::close() {
  is_closed_ = true;
  wake();
}

void EventFeed::wake() {
  for (net::steady_timer* timer : waiting_) timer->cancel();
}

net::awaitable<void> EventFeed::wait_beyond(std::uint64_t sequence, Moment moment) {
  if (is_closed_ || last() > sequence) co_return;
  net::steady_timer timer{executor_, moment};
  waiting_.insert(&timer);
  co_await timer.async_wait(net::as_tuple(net::use_awaitable));
  waiting_.erase(&timer);
}

}  // namespace presso::server
