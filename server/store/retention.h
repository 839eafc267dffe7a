// What is left of erased executions, and the place it takes in the file.
//
// A history may have 25,000 events and megabytes: erasing one takes its row away at once, so that
// nobody finds it, and its steps a little in each commit that follows, or when nobody waits. Whose
// steps are still there is in the table `erased`. The pages that become free serve what is written
// next; when they are many, the file is cut.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "server/store/sqlite.h"

namespace presso::server {

class StoreRetention {
 public:
  // Before the tables of a new database are made: its file can be cut. One that was made without
  // stays as it is, and its free pages serve what is written next.
  static constexpr const char* kPragma = "PRAGMA auto_vacuum = INCREMENTAL;";

  // Once the tables are there.
  [[nodiscard]] Result<void> prepare(Connection&);
  // Within a transaction: the row now, its steps from now on.
  [[nodiscard]] Result<void> erase(std::int64_t number);
  // Within a transaction: some of the steps. What a commit takes on beside its own work is less
  // than what is done when nobody waits.
  enum class Portion { OfCommit, OfIdle };
  [[nodiscard]] Result<void> go_on(Portion);
  [[nodiscard]] bool has_steps() const { return has_steps_; }
  // Outside of one: gives some free pages back, if they are many. False: no more to give.
  [[nodiscard]] Result<bool> shrink(Connection&);
  // Much was deleted elsewhere.
  void freed() { may_shrink_ = is_cuttable_; }

 private:
  // Deletes up to `rows` steps of one execution. How many there were.
  [[nodiscard]] Result<std::size_t> erase_steps(std::int64_t number, std::size_t rows);

  Statement erase_execution_, note_, find_noted_, forget_, find_steps_, erase_step_;
  bool has_steps_ = true;  // as far as is known
  bool is_cuttable_ = false;
  bool may_shrink_ = false;
  bool is_shrinking_ = false;
};

}  // namespace presso::server
