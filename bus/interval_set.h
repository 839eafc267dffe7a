// IntervalSet: which of many closed intervals meet one? The answer costs its own size and a
// logarithm.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace presso::bus {

// 128 bits, the upper half first: numbers and addresses of both versions.
using Point = std::array<std::uint64_t, 2>;

class IntervalSet {
 public:
  void add(Point low, Point high, std::uint32_t payload);
  [[nodiscard]] std::size_t size() const { return intervals_.size(); }
  // How many intervals lie over a point between the lowest and the highest, on average.
  [[nodiscard]] std::size_t cover() const;
  // Appends the payloads of all intervals that have a point in [low, high].
  void collect(Point low, Point high, std::vector<std::uint32_t>& payloads) const;

 private:
  struct Interval {
    Point low;
    Point high;
    Point highest;  // of all in its subtree
    std::uint32_t payload;
  };

  void prepare() const;
  Point prepare(std::size_t begin, std::size_t end) const;
  void collect(std::size_t begin, std::size_t end, const Point& low, const Point& high,
               std::vector<std::uint32_t>& payloads) const;

  // By lower end; a range of it is the tree whose root is its middle. Sorted when next asked.
  mutable std::vector<Interval> intervals_;
  mutable bool is_prepared_ = true;
  Point lowest_{};
  Point highest_{};
  double widths_ = 0;  // of all together
};

}  // namespace presso::bus
