// YAML as JSON: maps, lists, and scalars by YAML's core schema, so that what is quoted is a text
// and `3`, `0.5`, `true` and `null` are what they look like.
#pragma once

#include "base/json.h"
#include "base/result.h"

namespace YAML {
class Node;
}

namespace presso::server {

// Error: too deep or too large, which aliases can make of a small file; the message is without a
// place.
[[nodiscard]] Result<Json> json_of_yaml(const YAML::Node&);

}  // namespace presso::server
