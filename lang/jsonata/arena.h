// Arena: memory for what one evaluation makes, given back all at once when it ends. Nothing in it
// is destroyed, so only trivial things live there. Beyond its bound it throws U1001.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <vector>

namespace presso::jsonata {

class Arena {
 public:
  explicit Arena(std::size_t max_bytes) : max_bytes_{max_bytes} {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  [[nodiscard]] void* allocate(std::size_t bytes) {
    const std::size_t rounded = (bytes + kAlignment - 1) & ~(kAlignment - 1);
    if (rounded > left_) refill(rounded);
    std::byte* place = next_;
    next_ += rounded;
    left_ -= rounded;
    return place;
  }

  template <class T>
  [[nodiscard]] T* make(T value = {}) {
    static_assert(std::is_trivially_destructible_v<T>);
    return std::construct_at(static_cast<T*>(allocate(sizeof(T))), value);
  }
  template <class T>
  [[nodiscard]] T* make_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    T* first = static_cast<T*>(allocate(sizeof(T) * count));
    std::uninitialized_value_construct_n(first, count);
    return first;
  }
  [[nodiscard]] char* make_chars(std::size_t count) {
    return static_cast<char*>(allocate(count == 0 ? 1 : count));
  }
  [[nodiscard]] std::string_view copy(std::string_view text);

 private:
  static constexpr std::size_t kAlignment = 8;
  static constexpr std::size_t kFirstBytes = 3'072;  // enough for most expressions: no malloc
  static constexpr std::size_t kChunkBytes = 32'768;

  void refill(std::size_t bytes);

  alignas(kAlignment) std::byte first_[kFirstBytes];
  std::byte* next_ = first_;
  std::size_t left_ = kFirstBytes;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::size_t used_bytes_ = 0;
  std::size_t max_bytes_;
};

}  // namespace presso::jsonata
