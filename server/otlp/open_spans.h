// The spans of one execution: its events → those that are over.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "engine/core/store.h"
#include "engine/run/event.h"
#include "server/otlp/span.h"

namespace presso::server {

// The execution's own span is its parent's, by whoever knows no more of it than its ARN.
[[nodiscard]] std::string execution_span_id(const std::string& execution_arn,
                                            std::uint64_t redrive_count);

class OpenSpans {
 public:
  OpenSpans() = default;
  // `context`: where the execution's span belongs.
  OpenSpans(const core::ExecutionRow&, std::string execution_arn, TraceContext context);

  // In their order; spans that are over go to `spans`.
  void apply(const std::vector<run::Event>&, std::vector<Span>& spans);

  [[nodiscard]] const std::string& trace_id() const { return context_.trace_id; }
  [[nodiscard]] bool is_over() const { return is_over_; }
  // The seq of the history row to come.
  [[nodiscard]] std::uint64_t next_seq() const { return next_seq_; }
  void set_next_seq(std::uint64_t seq) { next_seq_ = seq; }

 private:
  struct Open {
    std::string name;
    std::string id;
    Time start{};
    std::vector<std::pair<std::string, std::string>> attributes;
    Span::Kind kind = Span::Kind::Internal;
  };
  using ByFrame = std::map<FrameId, Open>;

  void apply(const run::Event&, std::vector<Span>&);
  void enter(const run::Event&, const run::StateEntered&);
  void leave(FrameId, Time, std::optional<std::string> error, std::vector<Span>&);
  void schedule(const run::Event&, const run::TaskScheduled&);
  void end(ByFrame&, FrameId, Time, std::optional<std::string> error, std::vector<Span>&);
  void end_execution(Time, std::optional<std::string> error, std::vector<Span>&);
  [[nodiscard]] std::string span_id(std::uint64_t event) const;
  // Of the state that the frame is in, or of the one whose children it belongs to.
  [[nodiscard]] std::string state_of(FrameId) const;
  [[nodiscard]] std::string parent_of(FrameId) const;

  std::string arn_;
  std::string name_;  // the machine's
  std::string machine_arn_;
  TraceContext context_;
  std::string id_;
  Time start_{};
  bool is_over_ = false;
  std::uint64_t next_seq_ = 0;
  ByFrame states_;
  ByFrame tasks_;
  ByFrame map_runs_;
  std::map<FrameId, FrameId> parents_;
};

}  // namespace presso::server
