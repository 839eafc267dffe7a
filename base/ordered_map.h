// The object type behind Json: members stay in the order in which they came, as a person wrote
// them, and are found in constant time when there are many (nlohmann::ordered_map searches
// linearly: 165 ms to parse an object of 18,000 members). Two maps are equal when they hold the
// same members, in whatever order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/json_fwd.h"

namespace presso {

// nlohmann::basic_json wants a standard container of pair<const Key, T>. A vector of those cannot
// assign its elements, so erase destroys and rebuilds the tail in place.
template <class Key, class T, class IgnoredLess, class Allocator>
class OrderedMap : public std::vector<std::pair<const Key, T>, Allocator> {
 public:
  using Container = std::vector<std::pair<const Key, T>, Allocator>;
  using key_type = Key;
  using mapped_type = T;
  using key_compare = std::equal_to<>;
  using typename Container::const_iterator;
  using typename Container::iterator;
  using typename Container::size_type;
  using typename Container::value_type;

  OrderedMap() = default;
  explicit OrderedMap(const Allocator& allocator) : Container{allocator} {}
  template <class It>
  OrderedMap(It first, It last, const Allocator& allocator = Allocator()) : Container{allocator} {
    insert(first, last);
  }
  OrderedMap(std::initializer_list<value_type> members, const Allocator& allocator = Allocator())
      : OrderedMap{members.begin(), members.end(), allocator} {}

  OrderedMap(const OrderedMap&) = default;
  OrderedMap(OrderedMap&&) noexcept = default;
  OrderedMap& operator=(OrderedMap other) noexcept {
    swap(other);
    return *this;
  }
  ~OrderedMap() = default;

  std::pair<iterator, bool> emplace(const key_type& key, T&& value) {
    return emplace_any(key, std::move(value));
  }
  template <class K>
  std::pair<iterator, bool> emplace(K&& key, T&& value) {
    return emplace_any(std::forward<K>(key), std::move(value));
  }

  T& operator[](const key_type& key) { return emplace_any(key, T{}).first->second; }
  template <class K>
  T& operator[](K&& key) {
    return emplace_any(std::forward<K>(key), T{}).first->second;
  }
  const T& operator[](const key_type& key) const { return at(key); }
  template <class K>
  const T& operator[](K&& key) const {
    return at(std::string_view{key});
  }

  template <class K>
  T& at(K&& key) {
    const auto it = find(key);
    if (it == this->end()) throw std::out_of_range("key not found");
    return it->second;
  }
  template <class K>
  const T& at(K&& key) const {
    const auto it = find(key);
    if (it == this->end()) throw std::out_of_range("key not found");
    return it->second;
  }

  template <class K>
  size_type count(K&& key) const {
    return find(key) == this->end() ? 0 : 1;
  }
  template <class K>
  iterator find(K&& key) {
    return this->begin() + static_cast<std::ptrdiff_t>(position(std::string_view{key}));
  }
  template <class K>
  const_iterator find(K&& key) const {
    return this->begin() + static_cast<std::ptrdiff_t>(position(std::string_view{key}));
  }

  size_type erase(std::string_view key) {
    const auto it = find(key);
    if (it == this->end()) return 0;
    erase(it);
    return 1;
  }
  iterator erase(iterator it) { return erase(it, std::next(it)); }
  iterator erase(iterator first, iterator last) {
    const auto removed = std::distance(first, last);
    const auto offset = std::distance(this->begin(), first);
    if (removed == 0) return first;
    for (auto it = first; std::next(it, removed) != this->end(); ++it) {
      std::destroy_at(&*it);
      std::construct_at(&*it, std::move(*std::next(it, removed)));
    }
    for (auto left = removed; left > 0; --left) Container::pop_back();
    rebuild_index();
    return this->begin() + offset;
  }

  std::pair<iterator, bool> insert(value_type&& value) {
    return emplace_any(value.first, std::move(value.second));
  }
  std::pair<iterator, bool> insert(const value_type& value) {
    return emplace_any(value.first, T(value.second));  // braces would make an array of it
  }
  template <class It>
  void insert(It first, It last) {
    for (auto it = first; it != last; ++it) insert(*it);
  }

  void clear() {
    Container::clear();
    slots_.clear();
  }
  void swap(OrderedMap& other) noexcept {
    Container::swap(other);
    slots_.swap(other.slots_);
  }

  friend bool operator==(const OrderedMap& left, const OrderedMap& right) {
    if (left.size() != right.size()) return false;
    return std::all_of(left.begin(), left.end(), [&](const value_type& member) {
      const auto it = right.find(member.first);
      return it != right.end() && it->second == member.second;
    });
  }
  friend bool operator!=(const OrderedMap& left, const OrderedMap& right) {
    return !(left == right);
  }

 private:
  // Below this a linear search wins: no hash, one cache line after the other.
  static constexpr size_type kIndexedFrom = 16;
  static constexpr std::uint32_t kFree = 0;

  template <class K>
  std::pair<iterator, bool> emplace_any(K&& key, T&& value) {
    const auto found = position(std::string_view{key});
    if (found != this->size()) {
      return {this->begin() + static_cast<std::ptrdiff_t>(found), false};
    }
    if (this->size() == this->capacity()) grow();
    Container::emplace_back(std::piecewise_construct, std::forward_as_tuple(std::forward<K>(key)),
                            std::forward_as_tuple(std::move(value)));
    if (this->size() >= kIndexedFrom) index_last();
    return {std::prev(this->end()), true};
  }

  // A vector would copy its elements, whole trees, because their const keys cannot be moved without
  // a risk of throwing. Here only the keys are copied.
  void grow() {
    Container grown{this->get_allocator()};
    grown.reserve(std::max<size_type>(4, this->size() * 2));
    for (value_type& member : *this) {
      grown.emplace_back(std::piecewise_construct, std::forward_as_tuple(member.first),
                         std::forward_as_tuple(std::move(member.second)));
    }
    Container::swap(grown);
  }

  // The member's position, or size().
  size_type position(std::string_view key) const {
    if (slots_.empty()) {
      for (size_type i = 0; i < this->size(); ++i) {
        if ((this->data() + i)->first == key) return i;
      }
      return this->size();
    }
    for (size_type slot = hash(key);; slot = next(slot)) {
      if (slots_[slot] == kFree) return this->size();
      const size_type candidate = slots_[slot] - 1;
      if ((this->data() + candidate)->first == key) return candidate;
    }
  }

  void index_last() {
    if (slots_.empty() || this->size() * 2 > slots_.size()) {
      rebuild_index();
    } else {
      place(this->size() - 1);
    }
  }
  void rebuild_index() {
    slots_.clear();
    if (this->size() < kIndexedFrom) return;
    size_type capacity = kIndexedFrom * 4;
    while (capacity < this->size() * 4) capacity *= 2;
    slots_.assign(capacity, kFree);
    for (size_type i = 0; i < this->size(); ++i) place(i);
  }
  void place(size_type member) {
    size_type slot = hash((this->data() + member)->first);
    while (slots_[slot] != kFree) slot = next(slot);
    slots_[slot] = static_cast<std::uint32_t>(member + 1);
  }
  size_type hash(std::string_view key) const {
    return std::hash<std::string_view>{}(key) & (slots_.size() - 1);
  }
  size_type next(size_type slot) const { return (slot + 1) & (slots_.size() - 1); }

  std::vector<std::uint32_t> slots_;  // open addressing; position + 1
};

}  // namespace presso
