#include "tests/support/memory_store.h"

#include <algorithm>
#include <limits>

#include "base/assert.h"

namespace presso::test {

namespace {

using core::HistoryRow;

std::vector<HistoryRow> history_of(const MemoryDisk& disk, ExecutionNumber number) {
  std::vector<HistoryRow> rows;
  for (auto it = disk.history.lower_bound({number, 0});
       it != disk.history.end() && it->first.first == number; ++it) {
    rows.push_back({number, it->first.second, it->second});
  }
  return rows;
}

void erase_execution(MemoryDisk& disk, ExecutionNumber number) {
  const auto it = disk.executions.find(number);
  if (it == disk.executions.end()) return;
  disk.names.erase({it->second.machine_arn, it->second.name});
  disk.executions.erase(it);
  const auto first = disk.history.lower_bound({number, 0});
  const auto last = disk.history.upper_bound({number, std::numeric_limits<std::uint64_t>::max()});
  disk.history.erase(first, last);
}

void put_execution(MemoryDisk& disk, const core::ExecutionRow& row) {
  const auto [name, is_new] =
      disk.names.emplace(core::ExecutionName{row.machine_arn, row.name}, row.number);
  PRESSO_ASSERT(is_new || name->second == row.number);
  disk.executions[row.number] = row;
  disk.last_number = std::max(disk.last_number, row.number);
}

}  // namespace

Result<core::Recovered> MemoryStore::recover() {
  const std::scoped_lock lock{shared_->mutex};
  const MemoryDisk& disk = shared_->disk;
  core::Recovered recovered;
  for (const auto& [key, value] : disk.documents) {
    recovered.documents.push_back({key.first, key.second, value});
  }
  for (const auto& [number, row] : disk.executions) {
    if (run::is_terminal(row.status)) continue;
    ++recovered.running[row.machine_arn];
    if (row.is_outstanding) {
      recovered.outstanding.push_back({row, history_of(disk, number)});
    } else {
      recovered.parked.push_back({number, row.wake_at});
    }
  }
  for (const auto& [id, row] : disk.deliveries) recovered.deliveries.push_back(row);
  recovered.last_number = disk.last_number;
  recovered.last_delivery = disk.last_delivery;
  return recovered;
}

Result<core::Loaded> MemoryStore::load(const core::Keys& keys) {
  const std::scoped_lock lock{shared_->mutex};
  const MemoryDisk& disk = shared_->disk;
  std::map<ExecutionNumber, const core::ExecutionRow*> found;
  const auto find = [&](ExecutionNumber number) {
    const auto it = disk.executions.find(number);
    if (it != disk.executions.end()) found[number] = &it->second;
  };
  for (const ExecutionNumber number : keys.numbers) find(number);
  for (const core::ExecutionName& name : keys.names) {
    const auto it = disk.names.find(name);
    if (it != disk.names.end()) find(it->second);
  }
  core::Loaded loaded;
  for (const auto& [number, row] : found) {
    loaded.executions.push_back({*row, history_of(disk, number)});
  }
  if (!keys.scan) return loaded;
  for (auto it = disk.executions.upper_bound(keys.scan->after);
       it != disk.executions.end() && loaded.scanned.size() < keys.scan->limit; ++it) {
    loaded.scanned.push_back(it->second);
  }
  return loaded;
}

Result<void> MemoryStore::commit(const core::Batch& batch) {
  const std::scoped_lock lock{shared_->mutex};
  MemoryDisk& disk = shared_->disk;
  for (const ExecutionNumber number : batch.erased_executions) erase_execution(disk, number);
  for (const core::DocumentRow& row : batch.put_documents) {
    disk.documents[{row.kind, row.key}] = row.value;
  }
  for (const auto& key : batch.erased_documents) disk.documents.erase(key);
  for (const core::ExecutionRow& row : batch.put_executions) put_execution(disk, row);
  for (const HistoryRow& row : batch.history) {
    const auto [it, is_new] = disk.history.emplace(std::pair{row.number, row.seq}, row.pack);
    PRESSO_ASSERT(is_new);
  }
  for (const core::DeliveryRow& row : batch.put_deliveries) {
    disk.deliveries[row.id] = row;
    disk.last_delivery = std::max(disk.last_delivery, row.id);
  }
  for (const DeliveryId id : batch.erased_deliveries) disk.deliveries.erase(id);
  return {};
}

Result<void> MemoryStore::clear() {
  const std::scoped_lock lock{shared_->mutex};
  shared_->disk = {};
  return {};
}

void MemoryStore::look_at(const std::function<void(const MemoryDisk&)>& look) const {
  const std::lock_guard lock{shared_->mutex};
  look(shared_->disk);
}
MemoryDisk MemoryStore::disk() const {
  const std::scoped_lock lock{shared_->mutex};
  return shared_->disk;
}

std::vector<HistoryRow> MemoryStore::history(ExecutionNumber number) const {
  const std::scoped_lock lock{shared_->mutex};
  return history_of(shared_->disk, number);
}

class MemoryReader final : public core::Reader {
 public:
  explicit MemoryReader(std::shared_ptr<MemoryStore::Shared> shared) : shared_{std::move(shared)} {}

  Result<std::optional<core::ExecutionRow>> find(const core::ExecutionName& name) override {
    const std::scoped_lock lock{shared_->mutex};
    const auto it = shared_->disk.names.find(name);
    if (it == shared_->disk.names.end()) return std::optional<core::ExecutionRow>{};
    return std::optional{shared_->disk.executions.at(it->second)};
  }

  Result<bool> has_document(const std::string& kind, const std::string& key) override {
    const std::scoped_lock lock{shared_->mutex};
    return shared_->disk.documents.contains({kind, key});
  }

  Result<std::vector<core::ExecutionRow>> list(const core::ExecutionQuery& query) override {
    const std::scoped_lock lock{shared_->mutex};
    const auto& executions = shared_->disk.executions;
    std::vector<core::ExecutionRow> rows;
    auto it = query.before ? executions.lower_bound(*query.before) : executions.end();
    while (it != executions.begin() && rows.size() < query.limit) {
      const core::ExecutionRow& row = (--it)->second;
      if (row.machine_arn != query.machine_arn) continue;
      if (query.status && row.status != *query.status) continue;
      rows.push_back(row);
    }
    return rows;
  }

  Result<std::vector<core::ExecutionRow>> named(const std::string& prefix,
                                                std::size_t limit) override {
    const std::scoped_lock lock{shared_->mutex};
    std::vector<core::ExecutionRow> rows;
    for (const auto& [number, row] : shared_->disk.executions) {
      if (rows.size() == limit) break;
      if (row.name.size() > prefix.size() && row.name.starts_with(prefix)) rows.push_back(row);
    }
    return rows;
  }

  Result<std::vector<HistoryRow>> history(ExecutionNumber number, std::uint64_t from,
                                          bool descending, std::size_t limit) override {
    const std::scoped_lock lock{shared_->mutex};
    std::vector<HistoryRow> rows = history_of(shared_->disk, number);
    std::erase_if(
        rows, [&](const HistoryRow& row) { return descending ? row.seq > from : row.seq < from; });
    if (descending) std::reverse(rows.begin(), rows.end());
    if (rows.size() > limit)
      rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
    return rows;
  }

 private:
  std::shared_ptr<MemoryStore::Shared> shared_;
};

std::unique_ptr<core::Reader> MemoryStore::reader() const {
  return std::make_unique<MemoryReader>(shared_);
}

}  // namespace presso::test
