// GET /_presso/events, /_presso/logs: server-sent events, one for each item of the feed that passes
// the filter.
// https://html.spec.whatwg.org/multipage/server-sent-events.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "bus/pattern.h"
#include "engine/core/effect.h"
#include "server/event_feed.h"
#include "server/http_stream.h"

namespace presso::server {

struct EventFilter {
  std::optional<std::string> bus;
  std::optional<bus::Pattern> pattern;

  [[nodiscard]] bool matches(const core::Published&) const;
};

// {"sequence": …, "account": …, "region": …, "bus": …, "event": {the event as delivered}}
[[nodiscard]] std::string item_json(std::uint64_t sequence, const core::Published&);

// Which lines: those of one machine (its name or ARN) or one execution (its ARN).
struct LogFilter {
  std::optional<std::string> machine;
  std::optional<std::string> execution;

  [[nodiscard]] bool matches(const core::ExecutionLog&) const;
};

// {"sequence": …, "account": …, "region": …, "logGroup": ARN, "stateMachine": name, "lines":
// [{"id", "type", …}]}
[[nodiscard]] std::string item_json(std::uint64_t sequence, const core::ExecutionLog&);

template <class T, class Filter>
class FeedStream final : public HttpStream {
 public:
  // Begins after the item `after`: what is no longer kept is reported as missed.
  FeedStream(Feed<T>& feed, Filter filter, std::uint64_t after)
      : feed_(feed), filter_(std::move(filter)), last_sent_(after) {}

  // Ends when the reader has fallen behind what is kept, or the server ends.
  boost::asio::awaitable<std::optional<std::string>> next() override;

 private:
  [[nodiscard]] std::string take();

  Feed<T>& feed_;
  Filter filter_;
  std::uint64_t last_sent_;
  bool has_begun_ = false;
};

using EventStream = FeedStream<core::Published, EventFilter>;
using LogStream = FeedStream<core::ExecutionLog, LogFilter>;

}  // namespace presso::server
