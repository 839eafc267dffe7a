#include "server/otlp/exporter.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <iterator>
#include <utility>
#include <variant>

namespace presso::server {
namespace {

// So long is waited for more spans, and after a failure for the collector to come back.
constexpr Duration kGather = Duration{200};
constexpr Duration kFirstAway = seconds(1);
constexpr Duration kLongestAway = seconds(30);

// What a collector that is only busy says: https://opentelemetry.io/docs/specs/otlp/#failures-1
bool is_worth_another_try(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

OtlpExporter::OtlpExporter(boost::asio::io_context& io, OtlpSettings settings,
                           std::shared_ptr<TlsTrust> trust, const Log& log)
    : io_(io),
      settings_(std::move(settings)),
      log_(log),
      client_(io, std::move(trust)),
      timer_(io),
      pause_(kFirstAway) {}

void OtlpExporter::add(std::vector<Span> spans) {
  for (Span& span : spans) {
    if (waiting_.size() == kSpansWaiting) {
      waiting_.pop_front();
      ++lost_;
    }
    waiting_.push_back(std::move(span));
  }
  plan();
}

void OtlpExporter::plan() {
  const bool has_work = !waiting_.empty() || !sent_.empty();
  if (!has_work && !is_sending_) return end_draining();
  if (!has_work || is_sending_ || is_planned_) return;
  is_planned_ = true;
  const bool is_in_a_hurry = drained_ != nullptr || waiting_.size() >= kSpansPerRequest;
  timer_.expires_after(is_away_ ? pause_ : is_in_a_hurry ? Duration{0} : kGather);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    is_planned_ = false;
    send_next();
  });
}

void OtlpExporter::send_next() {
  if (sent_.empty()) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kSpansPerRequest));
    sent_.assign(std::make_move_iterator(waiting_.begin()),
                 std::make_move_iterator(waiting_.begin() + count));
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  }
  is_sending_ = true;
  OutboundRequest request;
  request.url = settings_.url;
  request.headers = settings_.headers;
  request.body = export_request(sent_, settings_.resource);
  request.timeout = settings_.timeout;
  client_.send(std::move(request), [this](const OutboundResult& result) { answered(result); });
}

// What a collector refuses is not sent again; what a silent one did not take is, once it is back.
void OtlpExporter::answered(const OutboundResult& result) {
  is_sending_ = false;
  const auto* response = std::get_if<OutboundResponse>(&result);
  const bool is_taken = response != nullptr && response->status / 100 == 2;
  const bool is_refused =
      response != nullptr && !is_taken && !is_worth_another_try(response->status);
  const std::string why = response == nullptr ? std::get<NoResponse>(result).reason
                                              : "HTTP status " + std::to_string(response->status);
  if (!is_taken && !std::exchange(is_away_, true)) {
    log_.warning("spans do not reach " + settings_.url + " (" + why +
                 "); what cannot be kept until they do is lost");
  }
  if (is_taken) {
    if (lost_ > 0) log_.warning(std::to_string(std::exchange(lost_, 0)) + " spans are lost");
    is_away_ = false;
    pause_ = kFirstAway;
  } else {
    pause_ = std::min(pause_ * 2, kLongestAway);
  }
  if (is_refused) lost_ += sent_.size();
  if (is_taken || is_refused) sent_.clear();
  if (!is_taken && drained_ != nullptr) return end_draining();
  plan();
}

void OtlpExporter::drain(Duration patience) {
  const auto drained = std::make_shared<std::promise<void>>();
  std::future<void> end = drained->get_future();
  boost::asio::post(io_, [this, drained] {
    drained_ = drained;
    timer_.cancel();
    is_planned_ = false;
    if (is_away_) return end_draining();
    if (is_sending_) return;
    if (waiting_.empty() && sent_.empty()) return end_draining();
    send_next();
  });
  static_cast<void>(end.wait_for(patience));
}

void OtlpExporter::end_draining() {
  if (drained_ != nullptr) std::exchange(drained_, nullptr)->set_value();
}

}  // namespace presso::server
