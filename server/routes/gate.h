// How many calls may be under way on one route: the rest waits in the order in which it came.
//
//   auto place = gate.wait([](RouteGate::Hold hold) { … });   // at once, or when it is its turn
//   place->give_up();                                          // its turn never comes
//
// Who has had its turn keeps the Hold for as long as its call goes on.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace presso::server {

// Local servers do not take more at a time than this without harm, and a client has 50 connections.
inline constexpr std::size_t kMaxInFlight = 256;

class RouteGate : public std::enable_shared_from_this<RouteGate> {
 public:
  using Hold = std::shared_ptr<const void>;
  // On the thread that waits, or on that of a call that has ended; returns at once.
  using Turn = std::function<void(Hold)>;

  class Place {
   public:
    // Nothing happens to who has had its turn.
    void give_up();

   private:
    friend class RouteGate;
    std::weak_ptr<RouteGate> gate_;
    Turn turn_;  // empty: it is over
  };
  struct Counts {
    std::size_t in_flight = 0;
    std::size_t waiting = 0;
    std::size_t max_in_flight = kMaxInFlight;
  };

  explicit RouteGate(std::size_t max_in_flight) : counts_{.max_in_flight = max_in_flight} {}

  [[nodiscard]] std::shared_ptr<Place> wait(Turn);
  void set_max_in_flight(std::size_t);
  [[nodiscard]] Counts counts() const;

 private:
  void leave();
  void admit();
  [[nodiscard]] Hold hold();

  // Guards the counts and the queue for the time of a push or a pop: calls begin on the core's
  // thread and on the I/O threads, and end on the latter. Turns run without it.
  mutable std::mutex mutex_;
  Counts counts_;
  std::deque<std::shared_ptr<Place>> queue_;
  bool is_admitting_ = false;
};

}  // namespace presso::server
