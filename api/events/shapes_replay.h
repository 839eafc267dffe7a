// Replays: what is sent and answered.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/events/constraints.h"
#include "api/events/patterns.h"
#include "api/field.h"

namespace presso::api::events {

inline constexpr std::string_view kReplayStates[] = {"STARTING",  "RUNNING",   "CANCELLING",
                                                     "COMPLETED", "CANCELLED", "FAILED"};

inline constexpr Constraint kReplayDestinationFiltersItem = {.min = 1, .max = 1600};

struct ReplayDestination {
  std::string arn;
  std::optional<std::vector<std::string>> filter_arns;

  static constexpr std::string_view kName = "ReplayDestination";
  static constexpr auto fields() {
    using S = ReplayDestination;
    return std::tuple{
        field("Arn", &S::arn, {.min = 1, .max = 1600}),
        field("FilterArns", &S::filter_arns, {.item = &kReplayDestinationFiltersItem})};
  }
};

struct StartReplayRequest {
  std::string replay_name;
  std::optional<std::string> description;
  std::string event_source_arn;
  Time event_start_time;
  Time event_end_time;
  ReplayDestination destination;

  static constexpr auto fields() {
    using S = StartReplayRequest;
    return std::tuple{
        field("ReplayName", &S::replay_name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("EventSourceArn", &S::event_source_arn,
              {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("EventStartTime", &S::event_start_time),
        field("EventEndTime", &S::event_end_time),
        field("Destination", &S::destination)};
  }
};

struct StartReplayResponse {
  std::optional<std::string> replay_arn;
  std::optional<std::string> state;
  std::optional<std::string> state_reason;
  std::optional<Time> replay_start_time;

  static constexpr auto fields() {
    using S = StartReplayResponse;
    return std::tuple{
        field("ReplayArn", &S::replay_arn, {.min = 1, .max = 1600, .pattern = &kReplayArn}),
        field("State", &S::state, {.values = kReplayStates}),
        field("StateReason", &S::state_reason, {.max = 512, .pattern = &kOneLine}),
        field("ReplayStartTime", &S::replay_start_time)};
  }
};

struct DescribeReplayRequest {
  std::string replay_name;

  static constexpr auto fields() {
    using S = DescribeReplayRequest;
    return std::tuple{
        field("ReplayName", &S::replay_name, {.min = 1, .max = 64, .pattern = &kNamePattern})};
  }
};

struct DescribeReplayResponse {
  std::optional<std::string> replay_name;
  std::optional<std::string> replay_arn;
  std::optional<std::string> description;
  std::optional<std::string> state;
  std::optional<std::string> state_reason;
  std::optional<std::string> event_source_arn;
  std::optional<ReplayDestination> destination;
  std::optional<Time> event_start_time;
  std::optional<Time> event_end_time;
  std::optional<Time> event_last_replayed_time;
  std::optional<Time> replay_start_time;
  std::optional<Time> replay_end_time;

  static constexpr auto fields() {
    using S = DescribeReplayResponse;
    return std::tuple{
        field("ReplayName", &S::replay_name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("ReplayArn", &S::replay_arn, {.min = 1, .max = 1600, .pattern = &kReplayArn}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("State", &S::state, {.values = kReplayStates}),
        field("StateReason", &S::state_reason, {.max = 512, .pattern = &kOneLine}),
        field("EventSourceArn", &S::event_source_arn,
              {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("Destination", &S::destination),
        field("EventStartTime", &S::event_start_time),
        field("EventEndTime", &S::event_end_time),
        field("EventLastReplayedTime", &S::event_last_replayed_time),
        field("ReplayStartTime", &S::replay_start_time),
        field("ReplayEndTime", &S::replay_end_time)};
  }
};

struct ListReplaysRequest {
  std::optional<std::string> name_prefix;
  std::optional<std::string> state;
  std::optional<std::string> event_source_arn;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListReplaysRequest;
    return std::tuple{
        field("NamePrefix", &S::name_prefix, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("State", &S::state, {.values = kReplayStates}),
        field("EventSourceArn", &S::event_source_arn,
              {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
        field("Limit", &S::limit, {.min = 1, .max = 100})};
  }
};

struct Replay {
  std::optional<std::string> replay_name;
  std::optional<std::string> event_source_arn;
  std::optional<std::string> state;
  std::optional<std::string> state_reason;
  std::optional<Time> event_start_time;
  std::optional<Time> event_end_time;
  std::optional<Time> event_last_replayed_time;
  std::optional<Time> replay_start_time;
  std::optional<Time> replay_end_time;

  static constexpr std::string_view kName = "Replay";
  static constexpr auto fields() {
    using S = Replay;
    return std::tuple{
        field("ReplayName", &S::replay_name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("EventSourceArn", &S::event_source_arn,
              {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("State", &S::state, {.values = kReplayStates}),
        field("StateReason", &S::state_reason, {.max = 512, .pattern = &kOneLine}),
        field("EventStartTime", &S::event_start_time),
        field("EventEndTime", &S::event_end_time),
        field("EventLastReplayedTime", &S::event_last_replayed_time),
        field("ReplayStartTime", &S::replay_start_time),
        field("ReplayEndTime", &S::replay_end_time)};
  }
};

struct ListReplaysResponse {
  std::optional<std::vector<Replay>> replays;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListReplaysResponse;
    return std::tuple{field("Replays", &S::replays),
                      field("NextToken", &S::next_token, {.min = 1, .max = 2048})};
  }
};

struct CancelReplayRequest {
  std::string replay_name;

  static constexpr auto fields() {
    using S = CancelReplayRequest;
    return std::tuple{
        field("ReplayName", &S::replay_name, {.min = 1, .max = 64, .pattern = &kNamePattern})};
  }
};

struct CancelReplayResponse {
  std::optional<std::string> replay_arn;
  std::optional<std::string> state;
  std::optional<std::string> state_reason;

  static constexpr auto fields() {
    using S = CancelReplayResponse;
    return std::tuple{
        field("ReplayArn", &S::replay_arn, {.min = 1, .max = 1600, .pattern = &kReplayArn}),
        field("State", &S::state, {.values = kReplayStates}),
        field("StateReason", &S::state_reason, {.max = 512, .pattern = &kOneLine})};
  }
};

}  // namespace presso::api::events
