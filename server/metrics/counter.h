// Counters and histograms that one thread writes and any thread reads.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace presso::server {

class Counter {
 public:
  // Its writer alone: no other thread changes it in between.
  void add(std::uint64_t count = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

// How many values were at most 1, 2, 4, …, 2^24, and how many there were.
class Histogram {
 public:
  static constexpr std::size_t kBuckets = 25;

  void add(std::uint64_t value) {
    const auto bucket = static_cast<std::size_t>(value <= 1 ? 0 : std::bit_width(value - 1));
    buckets_[bucket < kBuckets ? bucket : kBuckets].add();
    sum_.add(value);
  }
  // The values of bucket `index` alone; that of kBuckets holds those beyond all bounds.
  [[nodiscard]] std::uint64_t in_bucket(std::size_t index) const { return buckets_[index].get(); }
  [[nodiscard]] std::uint64_t sum() const { return sum_.get(); }
  [[nodiscard]] static std::uint64_t bound(std::size_t bucket) { return 1ULL << bucket; }

 private:
  std::array<Counter, kBuckets + 1> buckets_;
  Counter sum_;
};

using MetricsClock = std::chrono::steady_clock;

[[nodiscard]] inline std::uint64_t microseconds_since(MetricsClock::time_point begin) {
  const auto passed = MetricsClock::now() - begin;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(passed).count());
}

}  // namespace presso::server
