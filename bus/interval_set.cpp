#include "bus/interval_set.h"

#include <algorithm>
#include <tuple>

namespace presso::bus {

void IntervalSet::add(Point low, Point high, std::uint32_t payload) {
  intervals_.push_back({low, high, high, payload});
  is_prepared_ = false;
}

void IntervalSet::collect(Point low, Point high, std::vector<std::uint32_t>& payloads) const {
  if (!is_prepared_) prepare();
  collect(0, intervals_.size(), low, high, payloads);
}

void IntervalSet::prepare() const {
  std::sort(intervals_.begin(), intervals_.end(), [](const Interval& left, const Interval& right) {
    return std::tie(left.low, left.high, left.payload) <
           std::tie(right.low, right.high, right.payload);
  });
  if (!intervals_.empty()) prepare(0, intervals_.size());
  is_prepared_ = true;
}

Point IntervalSet::prepare(std::size_t begin, std::size_t end) const {
  const std::size_t middle = begin + (end - begin) / 2;
  Interval& root = intervals_[middle];
  root.highest = root.high;
  if (begin < middle) root.highest = std::max(root.highest, prepare(begin, middle));
  if (middle + 1 < end) root.highest = std::max(root.highest, prepare(middle + 1, end));
  return root.highest;
}

void IntervalSet::collect(std::size_t begin, std::size_t end, const Point& low, const Point& high,
                          std::vector<std::uint32_t>& payloads) const {
  if (begin >= end) return;
  const std::size_t middle = begin + (end - begin) / 2;
  const Interval& root = intervals_[middle];
  if (root.highest < low) return;
  collect(begin, middle, low, high, payloads);
  if (root.low > high) return;
  if (root.high >= low) payloads.push_back(root.payload);
  collect(middle + 1, end, low, high, payloads);
}

}  // namespace presso::bus
