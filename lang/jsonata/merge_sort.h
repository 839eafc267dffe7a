// The reference implementation's merge sort, step for step: a comparison function that contradicts
// itself, as people write them (`$a >= $b`), must give the same order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace presso::jsonata {

// `comes_after(left, right)`: the right one is taken first.
template <class T, class ComesAfter>
void merge_sort(T* items, std::size_t size, T* scratch, const ComesAfter& comes_after) {
  if (size <= 1) return;
  const std::size_t middle = size / 2;
  merge_sort(items, middle, scratch, comes_after);
  merge_sort(items + middle, size - middle, scratch, comes_after);
  std::copy_n(items, size, scratch);
  std::size_t left = 0;
  std::size_t right = middle;
  for (std::size_t i = 0; i < size; ++i) {
    const bool takes_right =
        left == middle || (right < size && comes_after(scratch[left], scratch[right]));
    items[i] = takes_right ? scratch[right++] : scratch[left++];
  }
}

}  // namespace presso::jsonata
