// FieldIndex: for one field of many patterns, which of them may a value satisfy?
//
// Each pattern is entered under the clauses of one of its fields, by what a value must have to
// satisfy the clause: be this text or number, begin or end with a text, contain four bytes, lie in
// a range. A value finds the patterns by looking for what it has, so a look-up costs the value's
// length and what it finds. What it finds is a superset: the reference matcher decides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bus/clause.h"
#include "bus/interval_set.h"
#include "bus/text_table.h"

namespace presso::bus {

class FieldIndex {
 public:
  // How many values a list of clauses is expected to let through, to choose the field of a pattern
  // that lets through the fewest.
  [[nodiscard]] std::size_t cost(const std::vector<Clause>&) const;
  void add(const std::vector<Clause>&, std::uint32_t entry);

  // Appends the entries that a value may satisfy; one may be found more than once.
  void collect(const Value&, std::vector<std::uint32_t>& entries) const;
  // Those that are satisfied when no value stands outside the event's arrays.
  [[nodiscard]] const std::vector<std::uint32_t>& on_absence() const { return on_absence_; }

 private:
  friend struct CostOf;
  friend struct AddTo;

  // Texts of one kind with their entries.
  struct Lists {
    TextTable texts;
    std::vector<std::vector<std::uint32_t>> entries;
    std::map<std::size_t, std::size_t> lengths;  // of the texts → how many have it

    [[nodiscard]] const std::vector<std::uint32_t>* find(std::string_view,
                                                         std::uint64_t hash) const;
    [[nodiscard]] std::size_t count(std::string_view, std::uint64_t hash) const;
    void add(std::string_view, std::uint64_t hash, std::uint32_t entry);
  };

  static void collect_beginnings(const Lists&, std::string_view,
                                 std::vector<std::uint32_t>& entries);
  static void collect_endings(const Lists&, std::string_view, std::vector<std::uint32_t>& entries);
  void collect_parts(std::string_view, std::vector<std::uint32_t>& entries) const;
  void collect_folded(std::string_view, std::vector<std::uint32_t>& entries) const;
  void collect_addresses(const Value&, std::vector<std::uint32_t>& entries) const;
  // The part of a wildcard that the fewest others have; empty when it has no text.
  [[nodiscard]] std::string_view rarest_part(const Wildcard&) const;

  Lists exact_;
  Lists folded_;
  Lists prefixes_;
  Lists folded_prefixes_;
  Lists suffixes_;
  Lists folded_suffixes_;
  Lists parts_;
  IntervalSet numbers_;
  IntervalSet addresses4_;
  IntervalSet addresses6_;
  std::vector<std::uint32_t> on_any_;
  std::vector<std::uint32_t> on_absence_;
};

// A text without its case: whatever `fold(pattern)` matches has the same key as the pattern, and
// what it matches the beginning of begins with that key.
[[nodiscard]] std::string fold_key(std::string_view text);
[[nodiscard]] std::string fold_key(const FoldedText&);

}  // namespace presso::bus
