// Where facts are kept: the contract of every store, embedded or remote. tests/store runs one suite
// over each of them.
//
// A Store belongs to the core's owner and is used from its thread alone. Readers are independent of
// it: one for each thread that answers Describe…, List… and Get… requests. What `commit` returned
// from is visible to every later call of a Reader.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/run/execution.h"

namespace presso::core {

// What lists show and what finds an execution. Its data is in its history.
struct ExecutionRow {
  ExecutionNumber number;
  std::string machine_arn;  // unqualified
  std::string name;         // unique for a machine
  run::Status status = run::Status::Running;
  Time start_time;
  std::optional<Time> stop_time;
  std::optional<Time> wake_at;  // the earliest deadline, while running
  bool is_outstanding = false;  // running, and more than a deadline or a token is awaited
  std::uint64_t next_seq = 0;   // the seq of the history row to come
  std::string revision;         // id of the definition it runs
  std::string details;  // JSON object of what is rare: versionArn, traceHeader, redriveCount, …

  friend bool operator==(const ExecutionRow&, const ExecutionRow&) = default;
};

// One step's events, packed (engine/run/event_codec.h). Rows of an execution have seq 0, 1, 2, …
struct HistoryRow {
  ExecutionNumber number;
  std::uint64_t seq = 0;
  std::string pack;

  friend bool operator==(const HistoryRow&, const HistoryRow&) = default;
};

// Everything small and configured: state machines, revisions, rules, buses, tags, …
struct DocumentRow {
  std::string kind;
  std::string key;
  std::string value;  // JSON

  friend bool operator==(const DocumentRow&, const DocumentRow&) = default;
};

// An event on its way to a target outside, or work left over from a turn.
struct DeliveryRow {
  DeliveryId id;
  Time due;
  std::uint32_t attempts = 0;
  std::string value;  // JSON: target, payload, policy

  friend bool operator==(const DeliveryRow&, const DeliveryRow&) = default;
};

using ExecutionName = std::pair<std::string, std::string>;  // machine ARN, execution name

// A page of all executions: those with a greater number, in the order of their numbers.
struct Scan {
  ExecutionNumber after;
  std::size_t limit = 0;

  friend bool operator==(const Scan&, const Scan&) = default;
};

// What a turn wants to know of executions that are not in memory.
struct Keys {
  std::vector<ExecutionNumber> numbers;
  std::vector<ExecutionName> names;
  std::optional<Scan> scan = {};  // for retention

  [[nodiscard]] bool empty() const { return numbers.empty() && names.empty() && !scan; }
};

struct StoredExecution {
  ExecutionRow row;
  std::vector<HistoryRow> history;  // all of it, by seq
};

// What was found of Keys; an execution asked for twice is there once.
struct Loaded {
  std::vector<StoredExecution> executions;
  std::vector<ExecutionRow> scanned = {};  // fewer than asked for: there are no more
};

// What one turn changed. Applied in the order of the members: an erased document may be written
// again by the next batch, a delivery put and erased in one batch is not there; the name of an
// erased execution may be taken by a new one of the same batch.
struct Batch {
  std::vector<ExecutionNumber> erased_executions;  // with their history; not put in the same batch
  std::vector<DocumentRow> put_documents;
  std::vector<std::pair<std::string, std::string>> erased_documents;  // kind, key
  std::vector<ExecutionRow> put_executions;                           // new, or replacing
  std::vector<HistoryRow> history;
  std::vector<DeliveryRow> put_deliveries;
  std::vector<DeliveryId> erased_deliveries;

  [[nodiscard]] bool empty() const {
    return put_documents.empty() && erased_documents.empty() && put_executions.empty() &&
           history.empty() && put_deliveries.empty() && erased_deliveries.empty() &&
           erased_executions.empty();
  }
  friend bool operator==(const Batch&, const Batch&) = default;
};

struct ParkedExecution {
  ExecutionNumber number;
  std::optional<Time> wake_at;

  friend bool operator==(const ParkedExecution&, const ParkedExecution&) = default;
};

// All that a start needs. Parked executions stay on the disk; those with something outstanding come
// with their history.
struct Recovered {
  std::vector<DocumentRow> documents;   // by kind, key
  std::vector<ParkedExecution> parked;  // by number
  // By the machine's ARN, as it is in their rows: how many of the parked and outstanding are its.
  std::map<std::string, std::uint64_t> running;
  std::vector<StoredExecution> outstanding;  // by number
  std::vector<DeliveryRow> deliveries;       // by id
  ExecutionNumber last_number;               // highest ever used; 0 when none
  DeliveryId last_delivery;
};

class Store {
 public:
  virtual ~Store() = default;
  // Once, before anything else.
  [[nodiscard]] virtual Result<Recovered> recover() = 0;
  [[nodiscard]] virtual Result<Loaded> load(const Keys&) = 0;
  // Atomic; durable when it returns. After a failure nobody knows what is stored: the process ends.
  [[nodiscard]] virtual Result<void> commit(const Batch&) = 0;
  // When nobody waits: a little of what was erased gives its place back. False: nothing is left.
  // Errors are like those of `commit`.
  [[nodiscard]] virtual Result<bool> tidy() = 0;
  // Forgets everything, at POST /_presso/reset.
  [[nodiscard]] virtual Result<void> clear() = 0;
};

// Newest first. `before`: only executions with a smaller number.
struct ExecutionQuery {
  std::string machine_arn;
  std::optional<run::Status> status;
  std::optional<ExecutionNumber> before;
  std::size_t limit = 100;
};

class Reader {
 public:
  virtual ~Reader() = default;
  // The core's time when the read began, told by whoever owns the reader.
  [[nodiscard]] Time now() const { return now_; }
  void set_now(Time now) { now_ = now; }
  [[nodiscard]] virtual Result<std::optional<ExecutionRow>> find(const ExecutionName&) = 0;
  [[nodiscard]] virtual Result<bool> has_document(const std::string& kind,
                                                  const std::string& key) = 0;
  [[nodiscard]] virtual Result<std::vector<ExecutionRow>> list(const ExecutionQuery&) = 0;
  // Those whose name is `prefix` and at least one character more, oldest first, at most `limit`; of
  // all machines. The prefix ends with '_', as that of what rules start (EventFlow::start).
  [[nodiscard]] virtual Result<std::vector<ExecutionRow>> named(const std::string& prefix,
                                                                std::size_t limit) = 0;
  // Rows with seq ≥ from (descending: ≤ from), in that direction, at most `limit`.
  [[nodiscard]] virtual Result<std::vector<HistoryRow>> history(ExecutionNumber, std::uint64_t from,
                                                                bool descending,
                                                                std::size_t limit) = 0;

 private:
  Time now_{};
};

}  // namespace presso::core
