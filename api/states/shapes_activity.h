// Activities: what is sent and answered.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateActivity.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/field.h"
#include "api/states/constraints.h"
#include "api/states/shapes_machine.h"
#include "api/states/shapes_tag.h"

namespace presso::api::states {

struct CreateActivityRequest {
  std::string name;
  std::optional<std::vector<Tag>> tags;
  std::optional<EncryptionConfiguration> encryption;

  static constexpr auto fields() {
    using S = CreateActivityRequest;
    return std::tuple{field("name", &S::name, kName), field("tags", &S::tags),
                      field("encryptionConfiguration", &S::encryption)};
  }
};
struct CreateActivityResponse {
  std::string activity_arn;
  Time creation_date;

  static constexpr auto fields() {
    using S = CreateActivityResponse;
    return std::tuple{field("activityArn", &S::activity_arn, kArn),
                      field("creationDate", &S::creation_date)};
  }
};

struct DeleteActivityRequest {
  std::string activity_arn;

  static constexpr auto fields() {
    return std::tuple{field("activityArn", &DeleteActivityRequest::activity_arn, kArn)};
  }
};

struct DescribeActivityRequest {
  std::string activity_arn;

  static constexpr auto fields() {
    return std::tuple{field("activityArn", &DescribeActivityRequest::activity_arn, kArn)};
  }
};
struct DescribeActivityResponse {
  std::string activity_arn;
  std::string name;
  Time creation_date;
  std::optional<EncryptionConfiguration> encryption;

  static constexpr auto fields() {
    using S = DescribeActivityResponse;
    return std::tuple{field("activityArn", &S::activity_arn, kArn), field("name", &S::name, kName),
                      field("creationDate", &S::creation_date),
                      field("encryptionConfiguration", &S::encryption)};
  }
};

struct ListActivitiesRequest {
  std::optional<std::int64_t> max_results;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListActivitiesRequest;
    return std::tuple{field("maxResults", &S::max_results, kPageSize),
                      field("nextToken", &S::next_token, kPageToken)};
  }
};
struct ActivityListItem {
  std::string activity_arn;
  std::string name;
  Time creation_date;

  static constexpr std::string_view kName = "ActivityListItem";
  static constexpr auto fields() {
    using S = ActivityListItem;
    return std::tuple{field("activityArn", &S::activity_arn, kArn),
                      field("name", &S::name, states::kName),
                      field("creationDate", &S::creation_date)};
  }
};
struct ListActivitiesResponse {
  std::vector<ActivityListItem> activities;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListActivitiesResponse;
    return std::tuple{field("activities", &S::activities),
                      field("nextToken", &S::next_token, kPageToken)};
  }
};

struct GetActivityTaskRequest {
  std::string activity_arn;
  std::optional<std::string> worker_name;

  static constexpr auto fields() {
    using S = GetActivityTaskRequest;
    return std::tuple{field("activityArn", &S::activity_arn, kArn),
                      field("workerName", &S::worker_name, kName)};
  }
};
struct GetActivityTaskResponse {
  std::optional<std::string> task_token;
  std::optional<std::string> input;

  static constexpr auto fields() {
    using S = GetActivityTaskResponse;
    return std::tuple{field("taskToken", &S::task_token, kTaskToken),
                      field("input", &S::input, {.max = 1'048'576, .is_sensitive = true})};
  }
};

}  // namespace presso::api::states
