// Sends spans to a collector: in batches, one request at a time, out of a bounded queue. A
// collector that is away costs a warning, and the spans that the queue cannot hold.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <deque>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "server/http_client.h"
#include "server/log.h"
#include "server/otlp/settings.h"
#include "server/otlp/span.h"

namespace presso::server {

// Of OpenTelemetry's own batch processor: as many in a request, and as many that wait.
inline constexpr std::size_t kSpansPerRequest = 512;
inline constexpr std::size_t kSpansWaiting = 8'192;

class OtlpExporter {
 public:
  // All but `drain` on the thread of `io`.
  OtlpExporter(boost::asio::io_context& io, OtlpSettings, std::shared_ptr<TlsTrust>, const Log&);

  void add(std::vector<Span>);
  // From any other thread, at the end: what is there is sent, or the time is over.
  void drain(Duration patience);

 private:
  void plan();
  void send_next();
  void answered(const OutboundResult&);
  void end_draining();

  boost::asio::io_context& io_;
  const OtlpSettings settings_;
  const Log& log_;
  HttpClient client_;
  boost::asio::steady_timer timer_;
  std::deque<Span> waiting_;
  std::vector<Span> sent_;   // the request under way, or to be tried again
  std::size_t lost_ = 0;     // since the last warning
  bool is_planned_ = false;  // the timer runs
  bool is_sending_ = false;
  bool is_away_ = false;  // the last request failed, and it was said
  Duration pause_;
  std::shared_ptr<std::promise<void>> drained_;
};

}  // namespace presso::server
