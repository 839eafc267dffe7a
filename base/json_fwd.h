// Json, declared but not defined: enough for headers that only pass it on.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>

namespace presso {

template <class Key, class T, class IgnoredLess = std::less<Key>,
          class Allocator = std::allocator<std::pair<const Key, T>>>
class OrderedMap;

using Json = nlohmann::basic_json<OrderedMap>;

}  // namespace presso
