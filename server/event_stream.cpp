#include "server/event_stream.h"

#include <chrono>

#include "base/json.h"
#include "bus/flatten.h"

namespace presso::server {
namespace {

namespace net = boost::asio;

// A piece of the stream; a reader that takes one in less than the send time keeps up.
constexpr std::size_t kPieceBytes = 64 * 1024;
// Keeps proxies from closing a quiet stream, and finds readers that have gone.
constexpr auto kKeepAlive = std::chrono::seconds(15);

}  // namespace

bool EventFilter::matches(const core::Published& item) const {
  if (bus && item.bus != *bus) return false;
  if (!pattern) return true;
  const Result<Json> envelope = parse_json(item.envelope());
  return envelope && pattern->matches(*envelope);
}

std::string item_json(std::uint64_t sequence, const core::Published& item) {
  std::string text = "{\"sequence\":" + std::to_string(sequence);
  text.append(",\"account\":").append(dump_json(item.caller.account));
  text.append(",\"region\":").append(dump_json(item.caller.region));
  text.append(",\"bus\":").append(dump_json(item.bus));
  text.append(",\"event\":").append(item.envelope()).append("}");
  return text;
}

bool LogFilter::matches(const core::ExecutionLog& log) const {
  if (execution && log.execution_arn != *execution) return false;
  if (!machine) return true;
  return *machine == log.machine_name || machine->ends_with(":stateMachine:" + log.machine_name);
}

std::string item_json(std::uint64_t sequence, const core::ExecutionLog& log) {
  std::string text = "{\"sequence\":" + std::to_string(sequence);
  text.append(",\"account\":").append(dump_json(log.caller.account));
  text.append(",\"region\":").append(dump_json(log.caller.region));
  text.append(",\"logGroup\":").append(dump_json(log.group_arn));
  text.append(",\"stateMachine\":").append(dump_json(log.machine_name));
  text.append(",\"lines\":[");
  for (const core::LogLine& line : log.lines) {
    if (text.back() != '[') text.push_back(',');
    text.append(line.text);
  }
  return text.append("]}");
}

template <class T, class Filter>
net::awaitable<std::optional<std::string>> FeedStream<T, Filter>::next() {
  if (!has_begun_) {
    has_begun_ = true;
    std::string piece = ": presso\n\n";
    if (last_sent_ + 1 < feed_.first()) {
      piece += "event: missed\ndata: {\"from\":" + std::to_string(last_sent_ + 1) +
               ",\"to\":" + std::to_string(feed_.first() - 1) + "}\n\n";
      last_sent_ = feed_.first() - 1;
    }
    co_return piece;
  }
  const auto until = std::chrono::steady_clock::now() + kKeepAlive;
  for (;;) {
    const bool is_behind = last_sent_ + 1 < feed_.first();
    if (is_behind || feed_.is_closed()) co_return std::nullopt;
    std::string piece = take();
    if (!piece.empty()) co_return piece;
    if (std::chrono::steady_clock::now() >= until) co_return ": keep-alive\n\n";
    co_await feed_.wait_beyond(last_sent_, until);
  }
}

template <class T, class Filter>
std::string FeedStream<T, Filter>::take() {
  std::string piece;
  while (last_sent_ < feed_.last() && piece.size() < kPieceBytes) {
    const T& item = feed_.at(++last_sent_);
    if (!filter_.matches(item)) continue;
    piece.append("id: ").append(std::to_string(last_sent_));
    piece.append("\ndata: ").append(item_json(last_sent_, item)).append("\n\n");
  }
  return piece;
}

template class FeedStream<core::Published, EventFilter>;
template class FeedStream<core::ExecutionLog, LogFilter>;

}  // namespace presso::server
