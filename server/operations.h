// Runs the work of an API operation where it belongs: a query over this worker's reader, a command
// in the core's turn.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "api/dispatch.h"
#include "api/sdk_call.h"
#include "engine/core/effect.h"
#include "server/core_thread.h"
#include "server/inbox.h"
#include "server/integrations/integration.h"
#include "server/log.h"
#include "server/worker.h"

namespace presso::server {

class Operations {
 public:
  Operations(CoreThread& core, const Log& log) : core_(core), inbox_(core.inbox()), log_(log) {}

  // `size_bytes`: of what it came in, for the turn's bound.
  // A long poll ends when its time is over or its client is not there any more.
  using IsThere = std::function<bool()>;
  boost::asio::awaitable<core::Answer> run(api::Work, std::size_t size_bytes, Worker&,
                                           IsThere is_client_there = {});
  // A task of a state machine that calls our own API; from any thread.
  void run_own(const core::TaskCall&, Done, Worker&);

  // Asks something of the core thread that is no input of the core.
  using Question = std::function<void(CoreThread&, std::function<void(core::Answer)>)>;
  boost::asio::awaitable<core::Answer> ask(Question, Worker&);

 private:
  boost::asio::awaitable<void> run_call(api::SdkCall, std::size_t size_bytes, Done, Worker&);

  boost::asio::awaitable<void> watch(RequestId, Duration patience, IsThere,
                                     std::shared_ptr<bool> is_answered);

  // A read, at the core's time. One that fails on our side is in the log too.
  [[nodiscard]] core::Answer run_query(const api::Query&, Worker&) const;

  const CoreThread& core_;
  Inbox& inbox_;
  const Log& log_;
};

}  // namespace presso::server
