#include "server/admin.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "api/dispatch.h"
#include "base/arn.h"
#include "base/json.h"
#include "server/config.h"
#include "server/core_thread.h"
#include "server/event_stream.h"
#include "server/metrics/exposition.h"
#include "server/operations.h"

namespace presso::server {
namespace {

namespace net = boost::asio;

constexpr double kMaxAdvanceSeconds = 100.0 * 366 * 86'400;  // a century: beyond Wait's longest
constexpr double kDefaultAwaitSeconds = 60;
constexpr double kMaxAwaitSeconds = 3'600;

HttpReply json_reply(std::string body, int status = 200) {
  HttpReply reply;
  reply.status = status;
  reply.content_type = "application/json";
  reply.body = std::move(body);
  return reply;
}

HttpReply mistake(std::string_view message, int status = 400) {
  const core::Answer answer = api::error_answer("ValidationException", message, status);
  return json_reply(api::to_response(answer, api::Protocol::Json10).body, status);
}

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || at != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> sequence_of(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || at != end) return std::nullopt;
  return value;
}

Duration milliseconds_of(double seconds) {
  return Duration{static_cast<std::int64_t>(std::llround(seconds * 1'000))};
}

double seconds_of(Duration duration) { return static_cast<double>(duration.count()) / 1'000; }

core::Answer clock_answer(const ClockReport& report) {
  Json fired = Json::array();
  for (const ClockReport::Instant& instant : report.fired) {
    Json one = Json::object();
    one["at"] = to_iso_milliseconds(instant.at);
    one["deadlines"] = instant.deadlines;
    fired.push_back(std::move(one));
  }
  Json body = Json::object();
  body["now"] = to_iso_milliseconds(report.now);
  body["mode"] = to_string(report.mode);
  body["offset_seconds"] = seconds_of(report.offset);
  body["deadlines_fired"] = report.deadlines_fired;
  body["fired"] = std::move(fired);
  return {.body = dump_json(body), .error_code = {}};
}

struct ClockOrder {
  std::optional<ClockMode> mode;
  std::optional<Duration> advance;
};

Result<ClockOrder> parse_order(std::string_view body) {
  const auto mistaken = [](std::string message) {
    return Error{"ValidationException", std::move(message)};
  };
  const Result<Json> json = parse_json(body);
  if (!json) return mistaken("The body is no JSON: " + json.error().message);
  if (!json->is_object()) return mistaken("The body is not a JSON object.");
  ClockOrder order;
  for (const auto& [name, value] : json->items()) {
    if (name == "mode") {
      if (value.is_string()) order.mode = clock_mode_of(*as_string(&value));
      if (!order.mode) return mistaken("mode is one of real, frozen and auto.");
    } else if (name == "advance_seconds") {
      const double seconds = value.is_number() ? value.get<double>() : -1;
      if (!(seconds >= 0 && seconds <= kMaxAdvanceSeconds)) {
        return mistaken("advance_seconds is a number from 0 to 3162240000.");
      }
      order.advance = milliseconds_of(seconds);
    } else {
      return mistaken("There is no '" + name + "'; there are advance_seconds and mode.");
    }
  }
  if (!order.mode && !order.advance) return mistaken("Either advance_seconds or mode is needed.");
  return order;
}

Result<EventFilter> filter_of(const HttpRequest& request) {
  EventFilter filter;
  filter.bus = request.query("bus");
  if (const std::optional<std::string> text = request.query("pattern")) {
    Result<bus::Pattern> pattern = bus::Pattern::compile(*text);
    if (!pattern) return pattern.error();
    filter.pattern = std::move(*pattern);
  }
  return filter;
}

// Where a subscriber wants to begin. A number that the feed has not reached is of another process,
// whose events are gone: then everything that is kept is news.
template <class T>
std::uint64_t begin_after(const std::optional<std::uint64_t>& wanted, const Feed<T>& feed) {
  if (!wanted) return feed.last();
  return *wanted > feed.last() ? feed.first() - 1 : *wanted;
}

// As its Last-Event-ID says, or else `since`.
template <class T>
Result<std::uint64_t> begin_of(const HttpRequest& request, const Feed<T>& feed) {
  const std::string_view header = request.header("Last-Event-ID");
  std::optional<std::uint64_t> wanted = sequence_of(header);
  if (const auto since = request.query("since"); since && header.empty()) {
    wanted = sequence_of(*since);
    if (!wanted) return Error{"ValidationException", "since is the number of an event."};
  }
  return begin_after(wanted, feed);
}

HttpReply stream_reply(std::unique_ptr<HttpStream> stream) {
  HttpReply reply;
  reply.content_type = "text/event-stream";
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.stream = std::move(stream);
  return reply;
}

bool mentions(const EventFeed& feed, std::uint64_t after, std::string_view text) {
  if (after + 1 < feed.first()) return true;
  for (std::uint64_t i = after + 1; i <= feed.last(); ++i) {
    if (feed.at(i).mentions(text)) return true;
  }
  return false;
}

bool is_running(const core::Answer& answer) {
  const Result<Json> body = parse_json(answer.body);
  const std::string* status = body ? as_string(find_member(*body, "status")) : nullptr;
  return status && *status == "RUNNING";
}

bool has_passed(EventFeed::Moment moment) { return std::chrono::steady_clock::now() >= moment; }

}  // namespace

struct Admin::Page {
  std::string_view path;
  std::string_view methods;  // what is allowed, as the header says it
  net::awaitable<HttpReply> (Admin::*handle)(const HttpRequest&, Worker&);
  bool has_more = false;  // "PATH/…" is the same page

  [[nodiscard]] bool is_at(std::string_view wanted) const {
    if (!wanted.starts_with(path)) return false;
    return wanted.size() == path.size() || (has_more && wanted[path.size()] == '/');
  }
};

bool Admin::is_admin_path(std::string_view path) {
  return path.starts_with("/_presso/") || path.starts_with("/_localstack/");
}

net::awaitable<HttpReply> Admin::handle(const HttpRequest& request, Worker& worker) {
  static constexpr Page kPages[] = {
      {"/_presso/health", "GET, HEAD", &Admin::health},
      {"/_localstack/health", "GET, HEAD", &Admin::health},
      {"/_presso/metrics", "GET, HEAD", &Admin::metrics},
      {kMetricsPath, "GET, HEAD", &Admin::metrics},
      {"/_presso/clock", "GET, HEAD, POST", &Admin::clock},
      {"/_presso/reset", "POST", &Admin::reset},
      {"/_presso/events", "GET, HEAD", &Admin::events},
      {"/_presso/logs", "GET, HEAD", &Admin::logs},
      {"/_presso/await", "GET", &Admin::await},
      {"/_presso/explain", "POST", &Admin::explain},
      {"/_presso/trace", "GET, HEAD", &Admin::trace, true},
      {"/_presso/routes", "GET, HEAD, PUT, DELETE", &Admin::routes},
      {"/_presso/mocks", "GET, HEAD, POST, PUT, DELETE", &Admin::mocks, true},
  };
  for (const Page& page : kPages) {
    if (!page.is_at(request.path())) continue;
    if (page.methods.find(request.method) == std::string_view::npos) {
      HttpReply reply =
          mistake(std::string{page.path} + " takes " + std::string{page.methods} + ".", 405);
      reply.headers.emplace_back("Allow", page.methods);
      co_return reply;
    }
    HttpReply reply = co_await (this->*page.handle)(request, worker);
    co_return reply;
  }
  co_return mistake("There is nothing at " + std::string{request.path()} + ".", 404);
}

net::awaitable<HttpReply> Admin::health(const HttpRequest&, Worker&) {
  Json body = Json::object();
  body["status"] = "ok";
  body["version"] = std::string{kVersion};
  body["services"] = Json::object();
  body["services"]["stepfunctions"] = "running";
  body["services"]["events"] = "running";
  body["services"]["scheduler"] = "running";
  co_return json_reply(dump_json(body));
}

net::awaitable<HttpReply> Admin::metrics(const HttpRequest&, Worker&) {
  HttpReply reply;
  reply.headers.emplace_back("Content-Type", kExpositionType);
  reply.body = metrics_();
  co_return reply;
}

net::awaitable<HttpReply> Admin::clock(const HttpRequest& request, Worker& worker) {
  ClockOrder order;
  if (request.method == "POST") {
    const Result<ClockOrder> parsed = parse_order(request.body);
    if (!parsed) co_return mistake(parsed.error().message);
    order = *parsed;
  }
  Operations::Question question = [order](CoreThread& core,
                                          std::function<void(core::Answer)> answer) {
    const CoreThread::Reported reported = [answer = std::move(answer)](const ClockReport& report) {
      answer(clock_answer(report));
    };
    if (order.mode) core.set_clock_mode(*order.mode, order.advance ? [](const auto&) {} : reported);
    if (order.advance) core.advance_clock(*order.advance, reported);
    if (!order.mode && !order.advance) core.report_clock(reported);
  };
  core::Answer answer = co_await operations_.ask(std::move(question), worker);
  co_return json_reply(std::move(answer.body));
}

net::awaitable<HttpReply> Admin::reset(const HttpRequest&, Worker& worker) {
  Operations::Question question = [](CoreThread& core, std::function<void(core::Answer)> answer) {
    core.reset();
    answer({.body = R"({"status":"ok"})", .error_code = {}});
  };
  core::Answer answer = co_await operations_.ask(std::move(question), worker);
  co_return json_reply(std::move(answer.body));
}

net::awaitable<HttpReply> Admin::events(const HttpRequest& request, Worker& worker) {
  Result<EventFilter> filter = filter_of(request);
  if (!filter) co_return mistake(filter.error().message);
  const auto after = begin_of(request, worker.feed());
  if (!after) co_return mistake(after.error().message);
  co_return stream_reply(std::make_unique<EventStream>(worker.feed(), std::move(*filter), *after));
}

net::awaitable<HttpReply> Admin::logs(const HttpRequest& request, Worker& worker) {
  LogFilter filter{.machine = request.query("machine"), .execution = request.query("execution")};
  const auto after = begin_of(request, worker.logs());
  if (!after) co_return mistake(after.error().message);
  co_return stream_reply(std::make_unique<LogStream>(worker.logs(), std::move(filter), *after));
}

net::awaitable<HttpReply> Admin::await(const HttpRequest& request, Worker& worker) {
  double patience = kDefaultAwaitSeconds;
  if (const auto text = request.query("timeout_seconds")) {
    const std::optional<double> seconds = number_of(*text);
    if (!seconds || *seconds < 0 || *seconds > kMaxAwaitSeconds) {
      co_return mistake("timeout_seconds is a number from 0 to 3600.");
    }
    patience = *seconds;
  }
  const EventFeed::Moment until = std::chrono::steady_clock::now() + milliseconds_of(patience);
  if (std::optional<std::string> arn = request.query("execution")) {
    HttpReply reply = co_await await_execution(std::move(*arn), until, worker);
    co_return reply;
  }
  if (!request.query("bus") && !request.query("pattern")) {
    co_return mistake("Either execution, or bus or pattern is needed.");
  }
  HttpReply reply = co_await await_event(request, until, worker);
  co_return reply;
}

// What a status change publishes is looked for first and described afterwards: a reader sees at
// least everything that was published.
net::awaitable<HttpReply> Admin::await_execution(std::string arn, EventFeed::Moment until,
                                                 Worker& worker) {
  core::Caller caller;
  if (const std::optional<Arn> parsed = parse_arn(arn)) {
    caller = {.account = parsed->account, .region = parsed->region};
  }
  Json wanted = Json::object();
  wanted["executionArn"] = arn;
  const std::string body = dump_json(wanted);
  EventFeed& feed = worker.feed();
  for (;;) {
    std::uint64_t seen = feed.last();
    api::Work describe = api::dispatch(
        {.target = "AWSStepFunctions.DescribeExecution", .body = body, .caller = caller});
    core::Answer answer = co_await operations_.run(std::move(describe), body.size(), worker);
    if (!answer.error_code.empty()) {
      api::Response response = api::to_response(answer, api::Protocol::Json10);
      co_return json_reply(std::move(response.body), response.status);
    }
    if (!is_running(answer)) co_return json_reply(std::move(answer.body));
    while (!mentions(feed, seen, arn)) {
      if (has_passed(until) || feed.is_closed()) co_return json_reply(std::move(answer.body), 202);
      seen = std::max(seen, feed.last());
      co_await feed.wait_beyond(seen, until);
    }
  }
}

net::awaitable<HttpReply> Admin::await_event(const HttpRequest& request, EventFeed::Moment until,
                                             Worker& worker) {
  const Result<EventFilter> filter = filter_of(request);
  if (!filter) co_return mistake(filter.error().message);
  std::optional<std::uint64_t> since;
  if (const auto text = request.query("since")) {
    since = sequence_of(*text);
    if (!since) co_return mistake("since is the number of an event.");
  }
  EventFeed& feed = worker.feed();
  std::uint64_t seen = begin_after(since, feed);
  for (;;) {
    seen = std::max(seen, feed.first() - 1);
    while (seen < feed.last()) {
      const core::Published& item = feed.at(++seen);
      if (filter->matches(item)) co_return json_reply(item_json(seen, item));
    }
    if (has_passed(until) || feed.is_closed()) {
      co_return json_reply("{\"sequence\":" + std::to_string(seen) + "}", 202);
    }
    co_await feed.wait_beyond(seen, until);
  }
}

}  // namespace presso::server
