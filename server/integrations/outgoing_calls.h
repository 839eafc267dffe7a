// OutgoingCalls: the calls of tasks that are under way. Each waits for its turn on its route, is
// signed when it leaves, and is tried again as an AWS SDK would (sdk_retry.h), keeping its place.
//
//   calls->begin(task);
//   calls->send(task, request, {.signing = {…}, .route = route}, [](OutboundResult result) { … });
//   if (calls->end(task)) …       // false: it was cancelled meanwhile
//   calls->cancel(task);          // whatever it waits for; its callback is not called any more
//
// All may be called from any thread and return at once.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/entropy.h"
#include "base/ids.h"
#include "server/integrations/sdk_retry.h"
#include "server/integrations/signed_client.h"
#include "server/routes/route_table.h"

namespace presso::server {

class OutgoingCalls : public std::enable_shared_from_this<OutgoingCalls> {
 public:
  struct Setup {
    boost::asio::io_context& io;
    std::shared_ptr<SignedClient> client;
    std::uint64_t seed = 0;  // of the pauses between attempts
  };
  struct Way {
    Signing signing;
    std::shared_ptr<RouteGate> gate = nullptr;  // none: it needs no turn
    int max_attempts = 1;
    std::shared_ptr<SignedClient> client = nullptr;  // none: that of all calls
  };
  using Answered = std::function<void(OutboundResult)>;

  explicit OutgoingCalls(Setup setup) : setup_(std::move(setup)), entropy_(setup_.seed) {}

  void begin(TaskId);
  [[nodiscard]] bool end(TaskId);
  void cancel(TaskId);
  void send(TaskId, OutboundRequest, Way, Answered);
  // Those that have begun and neither ended nor been cancelled.
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Call;
  struct Pause;
  // How far a task's call has come: it waits for its turn, for an answer, or to be sent again.
  struct Outgoing {
    std::shared_ptr<RouteGate::Place> place = nullptr;
    std::shared_ptr<HttpClient::Exchange> exchange = nullptr;
    std::shared_ptr<Pause> pause = nullptr;
  };

  void keep_place(TaskId, const std::shared_ptr<RouteGate::Place>&);
  void attach(TaskId, const std::shared_ptr<HttpClient::Exchange>&);
  void attempt(const std::shared_ptr<Call>&);
  void answered(const std::shared_ptr<Call>&, OutboundResult);
  void pause(const std::shared_ptr<Call>&, RetryReason);
  [[nodiscard]] bool is_under_way(TaskId);

  Setup setup_;
  RetryQuota quota_;
  std::atomic<std::size_t> size_ = 0;
  // Guards what follows, for the time of a look-up: calls start on the core's thread and are
  // answered on the I/O threads.
  std::mutex mutex_;
  std::map<TaskId, Outgoing> outgoing_;
  SeededEntropy entropy_;
};

// Of the variable AWS_MAX_ATTEMPTS, or kMaxAttempts.
[[nodiscard]] int max_attempts_of(const Environment&);

}  // namespace presso::server
