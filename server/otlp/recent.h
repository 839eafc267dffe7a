// A map that keeps what was used last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace presso::server {

template <class Key, class Value>
class Recent {
 public:
  explicit Recent(std::size_t limit) : limit_(limit) {}

  // Null when it is not there, or not any more. Valid until the next `put`.
  Value* find(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    touch(found->first, found->second);
    return &found->second.value;
  }
  Value& put(const Key& key, Value value) {
    erase(key);
    if (entries_.size() >= limit_ && !uses_.empty()) erase(Key{uses_.begin()->second});
    const auto [added, is_new] = entries_.emplace(key, Entry{std::move(value), 0});
    touch(added->first, added->second);
    return added->second.value;
  }
  void erase(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    uses_.erase(found->second.use);
    entries_.erase(found);
  }

 private:
  struct Entry {
    Value value;
    std::uint64_t use = 0;
  };
  void touch(const Key& key, Entry& entry) {
    uses_.erase(entry.use);
    entry.use = ++last_use_;
    uses_.emplace(entry.use, key);
  }

  std::size_t limit_;
  std::uint64_t last_use_ = 0;
  std::map<Key, Entry> entries_;
  std::map<std::uint64_t, Key> uses_;
};

}  // namespace presso::server
