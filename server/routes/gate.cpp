#include "server/routes/gate.h"

#include <utility>

namespace presso::server {

void RouteGate::Place::give_up() {
  const auto gate = gate_.lock();
  if (!gate) return;
  const std::lock_guard lock{gate->mutex_};
  if (!turn_) return;
  turn_ = nullptr;  // its entry in the queue is passed over
  --gate->counts_.waiting;
}

std::shared_ptr<RouteGate::Place> RouteGate::wait(Turn turn) {
  auto place = std::make_shared<Place>();
  {
    const std::lock_guard lock{mutex_};
    place->gate_ = weak_from_this();
    place->turn_ = std::move(turn);
    queue_.push_back(place);
    ++counts_.waiting;
  }
  admit();
  return place;
}

void RouteGate::set_max_in_flight(std::size_t most) {
  {
    const std::lock_guard lock{mutex_};
    counts_.max_in_flight = most;
  }
  admit();
}

RouteGate::Counts RouteGate::counts() const {
  const std::lock_guard lock{mutex_};
  return counts_;
}

void RouteGate::leave() {
  {
    const std::lock_guard lock{mutex_};
    --counts_.in_flight;
  }
  admit();
}

RouteGate::Hold RouteGate::hold() {
  return {this, [gate = shared_from_this()](const void*) { gate->leave(); }};
}

// One after the other, each turn outside of the lock: it may end at once and come back here, where
// the one that is at it goes on.
void RouteGate::admit() {
  bool is_mine = false;
  for (;;) {
    Turn turn;
    {
      const std::lock_guard lock{mutex_};
      if (!is_mine && is_admitting_) return;
      while (!queue_.empty() && !queue_.front()->turn_) queue_.pop_front();
      is_admitting_ = !queue_.empty() && counts_.in_flight < counts_.max_in_flight;
      is_mine = is_admitting_;
      if (!is_mine) return;
      turn = std::exchange(queue_.front()->turn_, nullptr);
      queue_.pop_front();
      --counts_.waiting;
      ++counts_.in_flight;
    }
    turn(hold());
  }
}

}  // namespace presso::server
