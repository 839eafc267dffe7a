#include "bus/field_index.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/letter_case.h"
#include "base/text.h"

namespace presso::bus {
namespace {

constexpr std::array<std::size_t, 4> kPartLengths = {8, 4, 2, 1};

// Rough shares of all values, in thousandths, that pass clauses which say little.
constexpr std::size_t kRangeCost = 20;
constexpr std::size_t kAnyCost = 1000;
constexpr std::size_t kAbsenceCost = 2000;
// A text that is to be at a beginning, an end or inside says the less the shorter it is.
std::size_t shortness_cost(std::size_t length) {
  return length >= 8 ? 1 : std::size_t{1} << (8 - length);
}

std::uint64_t hash_forwards(std::string_view text) {
  GrowingHash hash;
  for (const char c : text) hash.add(c);
  return hash.value();
}
std::uint64_t hash_backwards(std::string_view text) {
  GrowingHash hash;
  for (auto c = text.rbegin(); c != text.rend(); ++c) hash.add(*c);
  return hash.value();
}
std::uint64_t hash_part(std::string_view part) {
  std::uint64_t hash = 0;
  std::memcpy(&hash, part.data(), part.size());
  return (hash + part.size()) * 0x9E3779B97F4A7C15U;
}

// Of ASCII, nearly every text, that is its lower case.
std::string double_fold(std::string_view text) {
  const bool is_ascii = std::all_of(text.begin(), text.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii) return to_lower_ascii(text);
  return to_lower(to_upper(to_lower(to_upper(text))));
}

// An order key, in an order that unsigned integers share.
Point number_point(std::int64_t number) {
  return {0, static_cast<std::uint64_t>(number) + (std::uint64_t{1} << 63)};
}

// The first address of those that begin with these bytes, or the last.
Point address_point(std::string_view bytes, bool is_last) {
  Point point{};
  for (std::size_t i = 0; i < 16; ++i) {
    const unsigned char byte = i < bytes.size() ? static_cast<unsigned char>(bytes[i])
                               : is_last        ? 0xFF
                                                : 0;
    point[i / 8] = (point[i / 8] << 8) | byte;
  }
  return point;
}

}  // namespace

std::string fold_key(std::string_view text) { return double_fold(text); }

std::string fold_key(const FoldedText& folded) {
  std::string key;
  for (const auto& unit : folded.units) key += double_fold(unit[0]);
  return key;
}

const std::vector<std::uint32_t>* FieldIndex::Lists::find(std::string_view text,
                                                          std::uint64_t hash) const {
  const auto id = texts.find(0, text, hash);
  return id == TextTable::kNone ? nullptr : &entries[id];
}

std::size_t FieldIndex::Lists::count(std::string_view text, std::uint64_t hash) const {
  const auto* list = find(text, hash);
  return list == nullptr ? 0 : list->size();
}

void FieldIndex::Lists::add(std::string_view text, std::uint64_t hash, std::uint32_t entry) {
  const auto id = texts.insert(0, text, hash);
  if (id == entries.size()) {
    entries.emplace_back();
    ++lengths[text.size()];
  }
  entries[id].push_back(entry);
}

struct CostOf {
  const FieldIndex& index;

  std::size_t operator()(const Exact& exact) const {
    return 1 + index.exact_.count(exact.text, hash_text(exact.text));
  }
  std::size_t operator()(const Prefix& prefix) const {
    return shortness_cost(prefix.text.size()) +
           index.prefixes_.count(prefix.text, hash_forwards(prefix.text));
  }
  std::size_t operator()(const Suffix& suffix) const {
    return shortness_cost(suffix.text.size()) +
           index.suffixes_.count(suffix.text, hash_backwards(suffix.text));
  }
  std::size_t operator()(const IgnoreCase& test) const {
    const std::string key = fold_key(test.text);
    switch (test.anchor) {
      case Anchor::Whole: return 1 + index.folded_.count(key, hash_text(key));
      case Anchor::Start:
        return shortness_cost(key.size()) + index.folded_prefixes_.count(key, hash_forwards(key));
      case Anchor::End:
        return shortness_cost(key.size()) + index.folded_suffixes_.count(key, hash_backwards(key));
    }
    return kAnyCost;
  }
  std::size_t operator()(const Wildcard& wildcard) const {
    const std::string_view part = index.rarest_part(wildcard);
    if (part.empty()) return kAnyCost;
    return shortness_cost(part.size()) + index.parts_.count(part, hash_part(part));
  }
  std::size_t operator()(const NumericRange& range) const {
    return range.low == range.high ? 1 : kRangeCost + index.numbers_.cover();
  }
  std::size_t operator()(const AddressRange& range) const {
    return range.low == range.high ? 1 : kRangeCost;
  }
  std::size_t operator()(const Test& test) const { return std::visit(*this, test); }
  std::size_t operator()(const AnythingBut&) const { return kAnyCost + index.on_any_.size(); }
  std::size_t operator()(const Exists&) const { return kAnyCost + index.on_any_.size(); }
  std::size_t operator()(const Absent&) const { return kAbsenceCost + index.on_absence_.size(); }
};

struct AddTo {
  FieldIndex& index;
  std::uint32_t entry;

  void operator()(const Exact& exact) const {
    index.exact_.add(exact.text, hash_text(exact.text), entry);
  }
  void operator()(const Prefix& prefix) const {
    index.prefixes_.add(prefix.text, hash_forwards(prefix.text), entry);
  }
  void operator()(const Suffix& suffix) const {
    index.suffixes_.add(suffix.text, hash_backwards(suffix.text), entry);
  }
  void operator()(const IgnoreCase& test) const {
    const std::string key = fold_key(test.text);
    switch (test.anchor) {
      case Anchor::Whole: return index.folded_.add(key, hash_text(key), entry);
      case Anchor::Start: return index.folded_prefixes_.add(key, hash_forwards(key), entry);
      case Anchor::End: return index.folded_suffixes_.add(key, hash_backwards(key), entry);
    }
  }
  void operator()(const Wildcard& wildcard) const {
    const std::string_view part = index.rarest_part(wildcard);
    if (part.empty()) {
      index.on_any_.push_back(entry);
    } else {
      index.parts_.add(part, hash_part(part), entry);
    }
  }
  void operator()(const NumericRange& range) const {
    index.numbers_.add(number_point(range.low), number_point(range.high), entry);
  }
  void operator()(const AddressRange& range) const {
    IntervalSet& set = range.low.size() == 4 ? index.addresses4_ : index.addresses6_;
    set.add(address_point(range.low, false), address_point(range.high, false), entry);
  }
  void operator()(const Test& test) const { std::visit(*this, test); }
  void operator()(const AnythingBut&) const { index.on_any_.push_back(entry); }
  void operator()(const Exists&) const { index.on_any_.push_back(entry); }
  void operator()(const Absent&) const { index.on_absence_.push_back(entry); }
};

std::size_t FieldIndex::cost(const std::vector<Clause>& clauses) const {
  std::size_t cost = 0;
  for (const Clause& clause : clauses) cost += std::visit(CostOf{*this}, clause);
  return cost;
}

void FieldIndex::add(const std::vector<Clause>& clauses, std::uint32_t entry) {
  for (const Clause& clause : clauses) std::visit(AddTo{*this, entry}, clause);
}

std::string_view FieldIndex::rarest_part(const Wildcard& wildcard) const {
  std::string_view best;
  std::size_t fewest = 0;
  for (const std::string_view segment : wildcard.segments) {
    const auto length = std::find_if(kPartLengths.begin(), kPartLengths.end(),
                                     [&](std::size_t l) { return l <= segment.size(); });
    if (length == kPartLengths.end()) continue;
    for (std::size_t at = 0; at + *length <= segment.size(); ++at) {
      const std::string_view part = segment.substr(at, *length);
      if (part == "\"") continue;  // every text has one
      const std::size_t cost = shortness_cost(*length) + parts_.count(part, hash_part(part));
      if (best.empty() || cost < fewest) {
        best = part;
        fewest = cost;
      }
    }
  }
  return best;
}

void FieldIndex::collect(const Value& value, std::vector<std::uint32_t>& entries) const {
  const std::string_view text = value.text();
  const auto append = [&](const std::vector<std::uint32_t>* list) {
    if (list != nullptr) entries.insert(entries.end(), list->begin(), list->end());
  };
  append(&on_any_);
  if (!exact_.entries.empty()) append(exact_.find(text, hash_text(text)));
  if (numbers_.size() > 0) {
    if (const auto number = value.number()) {
      numbers_.collect(number_point(*number), number_point(*number), entries);
    }
  }
  if (text.front() != '"') return;  // what follows is for texts alone
  collect_beginnings(prefixes_, text, entries);
  collect_endings(suffixes_, text, entries);
  collect_parts(text, entries);
  collect_folded(text, entries);
  collect_addresses(value, entries);
}

void FieldIndex::collect_beginnings(const Lists& lists, std::string_view text,
                                    std::vector<std::uint32_t>& entries) {
  GrowingHash hash;
  std::size_t read = 0;
  for (const auto& [length, count] : lists.lengths) {
    if (length > text.size()) return;
    for (; read < length; ++read) hash.add(text[read]);
    const auto* list = lists.find(text.substr(0, length), hash.value());
    if (list != nullptr) entries.insert(entries.end(), list->begin(), list->end());
  }
}

void FieldIndex::collect_endings(const Lists& lists, std::string_view text,
                                 std::vector<std::uint32_t>& entries) {
  GrowingHash hash;
  std::size_t read = 0;
  for (const auto& [length, count] : lists.lengths) {
    if (length > text.size()) return;
    for (; read < length; ++read) hash.add(text[text.size() - read - 1]);
    const auto* list = lists.find(text.substr(text.size() - length), hash.value());
    if (list != nullptr) entries.insert(entries.end(), list->begin(), list->end());
  }
}

void FieldIndex::collect_parts(std::string_view text, std::vector<std::uint32_t>& entries) const {
  for (const auto& [length, count] : parts_.lengths) {
    for (std::size_t at = 0; at + length <= text.size(); ++at) {
      const std::string_view part = text.substr(at, length);
      const auto* list = parts_.find(part, hash_part(part));
      if (list != nullptr) entries.insert(entries.end(), list->begin(), list->end());
    }
  }
}

void FieldIndex::collect_folded(std::string_view text, std::vector<std::uint32_t>& entries) const {
  if (folded_.entries.empty() && folded_prefixes_.entries.empty() &&
      folded_suffixes_.entries.empty()) {
    return;
  }
  const std::string key = fold_key(text);
  const auto* list = folded_.find(key, hash_text(key));
  if (list != nullptr) entries.insert(entries.end(), list->begin(), list->end());
  collect_beginnings(folded_prefixes_, key, entries);
  collect_endings(folded_suffixes_, key, entries);
}

// An address of one version can meet ranges of the other by its first bytes: see contains().
void FieldIndex::collect_addresses(const Value& value, std::vector<std::uint32_t>& entries) const {
  if (addresses4_.size() + addresses6_.size() == 0) return;
  const auto address = value.address();
  if (!address) return;
  const Point first4 = address_point(std::string_view{*address}.substr(0, 4), false);
  addresses4_.collect(first4, first4, entries);
  addresses6_.collect(address_point(*address, false), address_point(*address, true), entries);
}

}  // namespace presso::bus
