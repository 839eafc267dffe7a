// What the core asks of the shell, after the commit. Effects hold copies: they go to other threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "bus/event.h"
#include "engine/asl/resource.h"
#include "engine/core/caller.h"
#include "engine/core/execution_log.h"
#include "engine/core/status_event.h"
#include "engine/core/store.h"

namespace presso::core {

// An answer in the form of the AWS JSON protocol: `code` empty for success, else the error's name.
struct Answer {
  std::string body;  // JSON text
  std::string error_code;
  int http_status = 200;
};

struct Reply {
  RequestId request;
  Answer answer;
};

// What an HTTP task sends and gets, for TestState's level TRACE. Headers are shown as AWS does:
// "[name: value, name: value]".
struct HttpExchange {
  struct Request {
    std::string protocol;  // http or https
    std::string method;
    std::string url;
    std::string headers;
    std::string body;
  };
  struct Response {
    std::string protocol;
    std::string status_code;
    std::string status_message;
    std::string headers;
    std::string body;
  };
  bool reveals_secrets = false;  // what the connection adds is shown
  std::optional<Request> request = {};
  std::optional<Response> response = {};
};

// A task's call to the outside. Its one answer comes back as core::CallAnswered.
struct TaskCall {
  TaskId task;
  asl::Resource resource;
  std::string parameters;  // JSON text
  Caller caller;
  std::string execution_arn;
  // Of http:invoke: the document of its connection, JSON text; empty when there is none to use.
  std::string connection = {};
  // Of http:invoke: written before the call is answered, by whoever makes it; null: not wanted.
  std::shared_ptr<HttpExchange> exchange = nullptr;
};

struct CancelCall {
  TaskId task;
};

// One attempt to hand an event to a target outside. Its answer comes back as
// core::DeliveryAnswered.
struct DeliveryCall {
  using Attributes = std::vector<std::pair<std::string, std::string>>;

  DeliveryId delivery;
  std::string target_arn;  // or an http: or https: URL
  std::string target;      // JSON text of the whole target, as PutTargets took it
  std::string payload;     // JSON text, transformed
  Caller caller;
  std::string rule_arn;  // or the schedule's
  // Of a message to a dead-letter queue, all of them texts; of no other.
  Attributes attributes = {};
  // Of an API destination: {"method", "url", "connection": its document}, JSON text.
  std::string endpoint = {};
  std::string event_id = {};  // empty: a schedule's
};

// For subscribers, and no effect like the others, since there is one for every event: something
// passed a bus, or an execution changed its status (which also passes the bus `default`).
struct Published {
  std::uint64_t sequence = 0;  // 1, 2, 3, … since the start of the process
  Caller caller;
  std::string bus;  // its name
  using Content = std::variant<bus::SharedEvent, SharedChange>;
  Content content;
  std::size_t content_bytes = 0;
  // The rule that sent it on from another bus; only when somebody traces (Settings::is_traced).
  std::string sent_by = {};

  // The event as delivered, JSON text; made with each call, on any thread: most are never asked
  // for.
  [[nodiscard]] std::string envelope() const;
  // Of the event.
  [[nodiscard]] const std::string& id() const;
  // Whether the event is about what the text names, as the ARN of an execution.
  [[nodiscard]] bool mentions(std::string_view text) const;
  // About what it takes in memory. Known when it is made: when it is asked for, its content has
  // left the cache of whoever asks.
  [[nodiscard]] std::size_t size_bytes() const { return sizeof *this + content_bytes; }
};
[[nodiscard]] std::size_t size_bytes(const Published::Content&);

// What a step of an Express execution has brought, which is stored nowhere; for whoever traces, and
// only then (Settings::is_traced).
struct ExpressStep {
  ExecutionRow row;
  std::string arn;
  std::uint64_t seq = 0;  // 0, 1, 2, …
  std::string pack;       // as a HistoryRow's
};

// For the log: something that nobody waits for went wrong for good, as an event that no target
// took.
struct Warning {
  std::string message;
};

using Effect =
    std::variant<Reply, TaskCall, CancelCall, DeliveryCall, Warning, ExecutionLog, ExpressStep>;

}  // namespace presso::core
