// Reads for one I/O thread, over a connection of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/core/store.h"
#include "server/store/sqlite.h"

namespace presso::server {

class SqliteReader final : public core::Reader {
 public:
  // For `open`, which also prepares the connection.
  explicit SqliteReader(Connection connection) : connection_(std::move(connection)) {}
  // The database was prepared by a SqliteStore.
  [[nodiscard]] static Result<std::unique_ptr<SqliteReader>> open(const std::string& path);

  [[nodiscard]] Result<std::optional<core::ExecutionRow>> find(const core::ExecutionName&) override;
  [[nodiscard]] Result<bool> has_document(const std::string& kind, const std::string& key) override;
  [[nodiscard]] Result<std::vector<core::ExecutionRow>> list(const core::ExecutionQuery&) override;
  [[nodiscard]] Result<std::vector<core::ExecutionRow>> named(const std::string& prefix,
                                                              std::size_t limit) override;
  [[nodiscard]] Result<std::vector<core::HistoryRow>> history(ExecutionNumber, std::uint64_t from,
                                                              bool descending,
                                                              std::size_t limit) override;

 private:
  Result<void> prepare();
  // Numbers of the page, newest first.
  Result<std::vector<std::int64_t>> numbers(const core::ExecutionQuery&);
  Result<std::vector<core::ExecutionRow>> rows_of(const std::vector<std::int64_t>& numbers);

  Connection connection_;
  Statement find_name_, find_document_, find_number_, list_, named_, history_up_, history_down_;
};

}  // namespace presso::server
