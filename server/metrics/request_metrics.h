// RequestMetrics: how many requests came for which operation, how they were answered and how long
// that took. Each worker counts by itself; what is shown is the sum.
//
//   const auto label = metrics.label_of_target("AWSEvents.PutEvents");
//   metrics.add(worker.index(), label, 200, microseconds_since(begin));
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/metrics/counter.h"

namespace presso::server {

class RequestMetrics {
 public:
  // Which operation, or what kind of request beside the operations that presso serves.
  using Label = std::uint16_t;
  enum class Other : Label { Unknown, Scheduler, Lambda, PassedOn, Own };

  explicit RequestMetrics(std::size_t workers);

  // Of the header X-Amz-Target; Unknown for what presso does not serve.
  [[nodiscard]] Label label_of_target(std::string_view) const;
  [[nodiscard]] static Label label_of(Other other) { return static_cast<Label>(other); }

  // On the thread of that worker.
  void add(std::size_t worker, Label, int status, std::uint64_t microseconds);

  // presso_requests_total and presso_request_duration_seconds, of what has been asked for.
  void write(std::string& text) const;

 private:
  // More kinds of answers than this are counted as the last.
  static constexpr std::size_t kStatuses = 12;
  struct Status {
    Counter code;  // 0: not yet used
    Counter count;
  };
  struct Cell {
    std::array<Status, kStatuses> statuses;
    Histogram latency_us;
  };
  struct Name {
    std::string service;
    std::string operation;
  };

  void write_counts(std::string& text, Label) const;
  void write_latency(std::string& text, Label) const;

  // Looked up by what stands in the request, without a copy.
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::vector<Name> names_;
  std::unordered_map<std::string, Label, Hash, std::equal_to<>> targets_;
  std::vector<std::unique_ptr<Cell[]>> cells_;  // by worker, by label
};

}  // namespace presso::server
