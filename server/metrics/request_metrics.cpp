#include "server/metrics/request_metrics.h"

#include <map>

#include "api/operation.h"
#include "server/metrics/exposition.h"

namespace presso::server {
namespace {

constexpr std::string_view kCount = "presso_requests_total";
constexpr std::string_view kLatency = "presso_request_duration_seconds";

}  // namespace

// In the order of Other, then the operations.
RequestMetrics::RequestMetrics(std::size_t workers)
    : names_{
          {"unknown", ""}, {"scheduler", ""}, {"lambda", ""}, {"passed-on", ""}, {"presso", ""}} {
  const auto add_service = [this](api::Service service, std::string_view name,
                                  std::string_view target) {
    for (const api::Operation& operation : api::operations(service)) {
      const std::string of{operation.name};
      targets_.emplace(std::string{target} + "." + of, static_cast<Label>(names_.size()));
      names_.push_back({.service = std::string{name}, .operation = of});
    }
  };
  add_service(api::Service::StepFunctions, "states", "AWSStepFunctions");
  add_service(api::Service::EventBridge, "events", "AWSEvents");
  for (std::size_t i = 0; i < workers; ++i) {
    cells_.push_back(std::make_unique<Cell[]>(names_.size()));
  }
}

RequestMetrics::Label RequestMetrics::label_of_target(std::string_view target) const {
  const auto known = targets_.find(target);
  return known == targets_.end() ? label_of(Other::Unknown) : known->second;
}

void RequestMetrics::add(std::size_t worker, Label label, int status, std::uint64_t microseconds) {
  Cell& cell = cells_[worker][label];
  const auto code = static_cast<std::uint64_t>(status);
  for (std::size_t i = 0; i < kStatuses; ++i) {
    Status& each = cell.statuses[i];
    const bool is_free = each.code.get() == 0 || i + 1 == kStatuses;
    if (is_free) each.code.set(code);
    if (!is_free && each.code.get() != code) continue;
    each.count.add();
    break;
  }
  cell.latency_us.add(microseconds);
}

void RequestMetrics::write(std::string& text) const {
  write_family(text, kCount, "counter", "Requests by operation and status of their answers.");
  for (Label label = 0; label < names_.size(); ++label) write_counts(text, label);
  write_family(text, kLatency, "histogram",
               "From the end of a request to the beginning of its answer; long polls wait.");
  for (Label label = 0; label < names_.size(); ++label) write_latency(text, label);
}

void RequestMetrics::write_counts(std::string& text, Label label) const {
  std::map<std::uint64_t, std::uint64_t> by_code;
  for (const auto& cells : cells_) {
    for (const Status& status : cells[label].statuses) {
      if (status.count.get() > 0) by_code[status.code.get()] += status.count.get();
    }
  }
  for (const auto& [code, count] : by_code) {
    write_sample(text, kCount,
                 {{"service", names_[label].service},
                  {"operation", names_[label].operation},
                  {"code", std::to_string(code)}},
                 count);
  }
}

void RequestMetrics::write_latency(std::string& text, Label label) const {
  std::vector<const Histogram*> parts;
  bool is_used = false;
  for (const auto& cells : cells_) {
    const Cell& cell = cells[label];
    parts.push_back(&cell.latency_us);
    is_used = is_used || cell.statuses[0].count.get() > 0;
  }
  if (!is_used) return;
  write_histogram(text, kLatency,
                  {{"service", names_[label].service}, {"operation", names_[label].operation}},
                  parts, 1e-6);
}

}  // namespace presso::server
