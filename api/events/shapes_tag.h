// Tags of EventBridge's resources.
#pragma once

#include <string>
#include <tuple>

#include "api/field.h"

namespace presso::api::events {

struct Tag {
  std::string key;
  std::string value;

  static constexpr std::string_view kName = "Tag";
  static constexpr auto fields() {
    return std::tuple{field("Key", &Tag::key, {.min = 1, .max = 128}),
                      field("Value", &Tag::value, {.min = 0, .max = 256})};
  }
};

}  // namespace presso::api::events
