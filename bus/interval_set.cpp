#include "bus/interval_set.h"

#include <algorithm>
#include <tuple>

namespace presso::bus {

namespace {

double distance(const Point& low, const Point& high) {
  constexpr double kUpper = 18'446'744'073'709'551'616.0;  // of one in the upper half
  const auto lower = high[1] >= low[1] ? static_cast<double>(high[1] - low[1])
                                       : -static_cast<double>(low[1] - high[1]);
  return static_cast<double>(high[0] - low[0]) * kUpper + lower;
}

}  // namespace

void IntervalSet::add(Point low, Point high, std::uint32_t payload) {
  lowest_ = intervals_.empty() ? low : std::min(lowest_, low);
  highest_ = intervals_.empty() ? high : std::max(highest_, high);
  widths_ += distance(low, high);
  intervals_.push_back({low, high, high, payload});
  is_prepared_ = false;
}

std::size_t IntervalSet::cover() const {
  const double whole = distance(lowest_, highest_);
  if (whole <= 0) return intervals_.size();
  return static_cast<std::size_t>(widths_ / whole);
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
