// Tags of Step Functions' resources.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/field.h"
#include "api/states/constraints.h"

namespace presso::api::states {

struct Tag {
  std::optional<std::string> key;
  std::optional<std::string> value;

  static constexpr std::string_view kName = "Tag";
  static constexpr auto fields() {
    return std::tuple{field("key", &Tag::key, {.min = 1, .max = 128}),
                      field("value", &Tag::value, {.min = 0, .max = 256})};
  }
};

struct TagResourceRequest {
  std::string resource_arn;
  std::vector<Tag> tags;

  static constexpr auto fields() {
    using S = TagResourceRequest;
    return std::tuple{field("resourceArn", &S::resource_arn, kArn), field("tags", &S::tags)};
  }
};

inline constexpr Constraint kTagKey = {.min = 1, .max = 128};
struct UntagResourceRequest {
  std::string resource_arn;
  std::vector<std::string> tag_keys;

  static constexpr auto fields() {
    using S = UntagResourceRequest;
    return std::tuple{field("resourceArn", &S::resource_arn, kArn),
                      field("tagKeys", &S::tag_keys, {.item = &kTagKey})};
  }
};

struct ListTagsForResourceRequest {
  std::string resource_arn;

  static constexpr auto fields() {
    return std::tuple{field("resourceArn", &ListTagsForResourceRequest::resource_arn, kArn)};
  }
};
struct ListTagsForResourceResponse {
  std::vector<Tag> tags;

  static constexpr auto fields() {
    return std::tuple{field("tags", &ListTagsForResourceResponse::tags)};
  }
};

}  // namespace presso::api::states
