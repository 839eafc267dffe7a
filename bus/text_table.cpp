#include "bus/text_table.h"

namespace presso::bus {
namespace {

constexpr std::size_t kFirstSlots = 64;  // a power of two, as all that follow

}  // namespace

std::uint64_t TextTable::mix(std::uint32_t scope, std::uint64_t hash) {
  const std::uint64_t mixed = (hash ^ (scope * 0x9E3779B97F4A7C15U)) * 0xFF51AFD7ED558CCDU;
  return mixed ^ (mixed >> 32);
}

std::uint32_t TextTable::find(std::uint32_t scope, std::string_view text,
                              std::uint64_t hash) const {
  if (slots_.empty()) return kNone;
  const std::uint64_t mixed = mix(scope, hash);
  for (std::size_t slot = mixed & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot] == 0) return kNone;
    const Entry& entry = entries_[slots_[slot] - 1];
    if (entry.hash == mixed && entry.scope == scope && entry.text == text) return slots_[slot] - 1;
  }
}

std::uint32_t TextTable::insert(std::uint32_t scope, std::string_view text, std::uint64_t hash) {
  const std::uint32_t found = find(scope, text, hash);
  if (found != kNone) return found;
  if (entries_.size() * 2 >= slots_.size()) grow();
  const std::uint64_t mixed = mix(scope, hash);
  entries_.push_back({mixed, scope, std::string{text}});
  std::size_t slot = mixed & (slots_.size() - 1);
  while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  return slots_[slot] - 1;
}

void TextTable::grow() {
  slots_.assign(slots_.empty() ? kFirstSlots : slots_.size() * 2, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace presso::bus
