// What a feed keeps, and where its items are.
#include "server/event_feed.h"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace presso::server {
namespace {

EventFeed::Shared batch(std::uint64_t first, std::size_t count, std::size_t bytes_each = 0) {
  std::vector<core::Published> items;
  for (std::size_t i = 0; i < count; ++i) {
    items.push_back({.sequence = first + i,
                     .caller = {},
                     .bus = "b",
                     .content = bus::SharedEvent{},
                     .content_bytes = bytes_each});
  }
  return std::make_shared<const EventFeed::Batch>(std::move(items));
}

struct Feeding {
  boost::asio::io_context io;
  EventFeed feed{io.get_executor()};

  void check_numbers() const {
    for (std::uint64_t i = feed.first(); i <= feed.last(); ++i) CHECK(feed.at(i).sequence == i);
  }
};

}  // namespace

TEST_CASE("a feed without items has none that came or stay") {
  const Feeding fed;
  CHECK(fed.feed.last() == 0);
  CHECK(fed.feed.first() == 1);
}

TEST_CASE("each item of a feed is found by its number, whatever batch it came in") {
  Feeding fed;
  std::uint64_t next = 1;
  for (const std::size_t count : {1U, 7U, 1U, 300U, 2U}) {
    fed.feed.publish(batch(next, count));
    next += count;
    CHECK(fed.feed.last() == next - 1);
    CHECK(fed.feed.first() == 1);
  }
  fed.check_numbers();
}

TEST_CASE("a feed gives up whole batches, and keeps the newest items it promises") {
  Feeding fed;
  std::uint64_t next = 1;
  for (int i = 0; i < 50; ++i, next += 300) fed.feed.publish(batch(next, 300));
  CHECK(fed.feed.last() == 15'000);
  const std::uint64_t kept = fed.feed.last() + 1 - fed.feed.first();
  CHECK(kept >= kFeedItems);
  CHECK(kept < kFeedItems + 300);
  fed.check_numbers();
}

TEST_CASE("large items leave a feed early, the newest batch never") {
  Feeding fed;
  for (std::uint64_t i = 1; i <= 10; ++i) fed.feed.publish(batch(i, 1, kFeedBytes / 4));
  CHECK(fed.feed.first() == 8);
  fed.feed.publish(batch(11, 1, 2 * kFeedBytes));
  CHECK(fed.feed.first() == 11);
  CHECK(fed.feed.last() == 11);
  fed.feed.publish(batch(12, 1));
  CHECK(fed.feed.first() == 12);
  fed.check_numbers();
}

}  // namespace presso::server
