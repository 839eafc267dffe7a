#include "lang/jsonata/arena.h"

#include <algorithm>
#include <cstring>

#include "lang/jsonata/errors.h"

namespace presso::jsonata {

void Arena::refill(std::size_t bytes) {
  // Chunks grow with what was used, so that a large evaluation asks for memory a few times only.
  const std::size_t wanted =
      std::max({bytes, kChunkBytes, std::min(used_bytes_, kChunkBytes * 32)});
  if (used_bytes_ + wanted > max_bytes_) throw over_limit("memory");
  used_bytes_ += wanted;
  chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(wanted));
  next_ = chunks_.back().get();
  left_ = wanted;
}

std::string_view Arena::copy(std::string_view text) {
  char* chars = make_chars(text.size());
  if (!text.empty()) std::memcpy(chars, text.data(), text.size());
  return {chars, text.size()};
}

}  // namespace presso::jsonata
