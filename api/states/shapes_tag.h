// Tags of Step Functions' resources.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "api/field.h"

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

}  // namespace presso::api::states
