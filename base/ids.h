// Strong integers: an id of one kind cannot be passed for another.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace presso {

template <class Tag>
struct Id {
  std::uint64_t value = 0;

  friend constexpr auto operator<=>(Id, Id) = default;
};

using ExecutionNumber = Id<struct ExecutionNumberTag>;  // a Core's own; the shard in the top bits
using FrameId = Id<struct FrameIdTag>;                  // within one execution, never reused
using RequestId = Id<struct RequestIdTag>;    // one waiting client; not kept over a restart
using DeliveryId = Id<struct DeliveryIdTag>;  // one event on its way to one target

// One attempt of one task: `event` is the id of its …Scheduled event in that execution's history.
struct TaskId {
  ExecutionNumber execution;
  std::uint64_t event = 0;

  friend constexpr auto operator<=>(const TaskId&, const TaskId&) = default;
};

}  // namespace presso

template <class Tag>
struct std::hash<presso::Id<Tag>> {
  std::size_t operator()(presso::Id<Tag> id) const noexcept {
    return std::hash<std::uint64_t>{}(id.value);
  }
};
