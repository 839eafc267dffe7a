#include "server/store/checked_files.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "server/store/log_frame.h"

namespace presso::server {
namespace {

constexpr const char* kVfsName = "presso-checked";
constexpr int kFoundDamage = 0x50727330;  // beyond those that SQLite keeps for itself
// From SQLite 3.48 on: parts of pages may be read past the page cache. Here pages are read whole.
constexpr int kSubpageRead = 0x00008000;

using Bytes = std::span<std::byte>;
using ConstBytes = std::span<const std::byte>;

Bytes bytes_of(void* at, int size) {
  return {static_cast<std::byte*>(at), static_cast<std::size_t>(size)};
}
ConstBytes bytes_of(const void* at, int size) {
  return {static_cast<const std::byte*>(at), static_cast<std::size_t>(size)};
}

// Of bytes, std::ranges::copy is a loop that takes one at a time.
void copy_bytes(ConstBytes from, std::byte* to) { std::memcpy(to, from.data(), from.size()); }

// What SQLite hands about as sqlite3_file: ours, and behind it in the same memory the real one.
struct CheckedFile : sqlite3_file {
  sqlite3_file* real = nullptr;
  std::vector<std::byte> scratch;

  [[nodiscard]] int read_real(Bytes to, sqlite3_int64 offset) const {
    return real->pMethods->xRead(real, to.data(), static_cast<int>(to.size()), offset);
  }
  [[nodiscard]] int write_real(ConstBytes from, sqlite3_int64 offset) const {
    return real->pMethods->xWrite(real, from.data(), static_cast<int>(from.size()), offset);
  }
  Bytes scratch_of(std::size_t size) {
    scratch.resize(std::max(scratch.size(), size));
    return Bytes{scratch}.first(size);
  }
};

// ---- the database ----

struct DatabaseFile : CheckedFile {
  bool has_checksums = false;
  std::size_t page_size = 0;
  std::optional<DamagedPlace> damage;
  bool is_in_checkpoint = false;
  std::uint64_t sound_in_log = 0;  // the checksum of the page that the log was read for last

  int read(Bytes to, sqlite3_int64 offset);
  int write(ConstBytes from, sqlite3_int64 offset);
  int damaged(bool is_in_log, sqlite3_int64 number) {
    damage = {is_in_log, static_cast<std::uint32_t>(number)};
    return SQLITE_IOERR_DATA;
  }

 private:
  void look_at_header(ConstBytes);
  int read_part(Bytes to, sqlite3_int64 offset);
  [[nodiscard]] bool is_page(std::size_t size, sqlite3_int64 offset) const {
    return size == page_size && offset % static_cast<sqlite3_int64>(page_size) == 0;
  }
  [[nodiscard]] PageNumber page_at(sqlite3_int64 offset) const {
    return static_cast<PageNumber>(offset / static_cast<sqlite3_int64>(page_size) + 1);
  }
};

// Once there are checksums there always are: SQLite never takes the room away. A header that says
// there are none is not believed before the second page: it may be the header that is damaged.
void DatabaseFile::look_at_header(ConstBytes bytes) {
  const std::optional<DatabaseHeader> header = database_header(bytes);
  if (!header) return;
  page_size = header->page_size;
  if (has_checksums || header->has_checksums) {
    has_checksums = true;
    return;
  }
  const Bytes second = scratch_of(page_size);
  has_checksums = read_real(second, static_cast<sqlite3_int64>(page_size)) == SQLITE_OK &&
                  is_page_sound(second, 2);
}

int DatabaseFile::read(Bytes to, sqlite3_int64 offset) {
  const bool has_header = offset == 0 && to.size() >= kDatabaseHeaderBytes;
  if (has_checksums && !has_header && !is_page(to.size(), offset)) return read_part(to, offset);
  const int code = read_real(to, offset);
  // SQLite takes what is beyond the end for zeros.
  if (code == SQLITE_IOERR_SHORT_READ && has_checksums && offset > 0) {
    return damaged(false, page_at(offset));
  }
  if (code != SQLITE_OK) return code;
  if (has_header) look_at_header(to);
  if (!has_checksums || !is_page(to.size(), offset)) return SQLITE_OK;
  return is_page_sound(to, page_at(offset)) ? SQLITE_OK : damaged(false, page_at(offset));
}

// Of the header when a file is opened, where the page is not known to be sound; else through a
// whole page.
int DatabaseFile::read_part(Bytes to, sqlite3_int64 offset) {
  const auto size = static_cast<sqlite3_int64>(page_size);
  const sqlite3_int64 within = offset % size;
  const bool is_of_header = offset + std::ssize(to) <= sqlite3_int64{kDatabaseHeaderBytes};
  if (is_of_header || within + std::ssize(to) > size) return read_real(to, offset);
  const Bytes page = scratch_of(page_size);
  const int code = read(page, offset - within);
  if (code == SQLITE_OK)
    copy_bytes(page.subspan(static_cast<std::size_t>(within), to.size()), to.data());
  return code;
}

// A page that comes from the log by a checkpoint has its checksum, and was looked at right before.
int DatabaseFile::write(ConstBytes from, sqlite3_int64 offset) {
  if (offset == 0 && from.size() >= kDatabaseHeaderBytes) look_at_header(from);
  if (!has_checksums || !is_page(from.size(), offset)) return write_real(from, offset);
  const PageNumber number = page_at(offset);
  const bool is_from_log = is_in_checkpoint && stored_checksum(from) == sound_in_log;
  if (is_from_log || is_page_sound(from, number)) return write_real(from, offset);
  const Bytes page = scratch_of(from.size());
  copy_bytes(from, page.data());
  seal_page(page, number);
  return write_real(page, offset);
}

// ---- the log ----

// SQLite writes a frame as its header and, right after it, its page. The header waits here for its
// page, which changes it, and both are written at once. A transaction that is larger than the cache
// also writes pages alone, over those that the log has of it, and in the end reads the frames again
// and writes their headers alone: those are right for what it read, and wait for nothing.
struct LogFile : CheckedFile {
  explicit LogFile(DatabaseFile& its_database) : database(its_database) {}

  DatabaseFile& database;

  int read(Bytes to, sqlite3_int64 offset);
  int write(ConstBytes from, sqlite3_int64 offset);
  // A header that waits is written as it is.
  int flush();

 private:
  using Header = std::array<std::byte, kFrameHeaderBytes>;
  struct Written {
    sqlite3_int64 end;  // of the frame
    std::uint64_t salt;
    LogChecksum told, checksum;  // SQLite's, and what the file has
    bool is_last_of_transaction;
  };

  int write_header(ConstBytes, sqlite3_int64 offset);
  int write_page(ConstBytes, sqlite3_int64 offset);
  int write_frame(Bytes frame, ConstBytes old_end, sqlite3_int64 offset);
  int checksum_before(sqlite3_int64 frame, std::uint64_t salt, LogChecksum& sum);
  int learn_order();

  [[nodiscard]] bool follows_last(sqlite3_int64 frame, std::uint64_t salt) const {
    return last_ && last_->end == frame && last_->salt == salt;
  }
  [[nodiscard]] sqlite3_int64 frame_size() const {
    return static_cast<sqlite3_int64>(kFrameHeaderBytes + database.page_size);
  }
  [[nodiscard]] bool is_frame(sqlite3_int64 offset) const {
    return offset >= sqlite3_int64{kLogHeaderBytes} &&
           (offset - sqlite3_int64{kLogHeaderBytes}) % frame_size() == 0;
  }
  [[nodiscard]] bool is_page(std::size_t size, sqlite3_int64 offset) const {
    return size == database.page_size && is_frame(offset - sqlite3_int64{kFrameHeaderBytes});
  }

  std::optional<std::endian> order_;
  Header header_{};
  std::optional<sqlite3_int64> header_at_;  // whose page may come next
  bool is_header_waiting_ = false;
  std::optional<sqlite3_int64> frame_read_;
  std::optional<Written> last_;
  std::optional<FrameCarry> carry_;
};

int LogFile::flush() {
  if (!std::exchange(is_header_waiting_, false)) return SQLITE_OK;
  return write_real(header_, *header_at_);
}

int LogFile::read(Bytes to, sqlite3_int64 offset) {
  const int flushed = flush();
  if (flushed != SQLITE_OK) return flushed;
  header_at_ = std::nullopt;
  frame_read_ = std::nullopt;
  if (!database.has_checksums) return read_real(to, offset);
  if (!is_page(to.size(), offset)) {
    if (std::ssize(to) == frame_size() && is_frame(offset)) {
      frame_read_ = offset;
      last_ = std::nullopt;
    }
    return read_real(to, offset);
  }
  const Bytes frame = scratch_of(kFrameHeaderBytes + to.size());
  const sqlite3_int64 begin = offset - sqlite3_int64{kFrameHeaderBytes};
  const int code = read_real(frame, begin);
  if (code != SQLITE_OK) return code;
  const Bytes page = frame.subspan(kFrameHeaderBytes);
  if (!is_page_sound(page, frame_header(frame.data()).page)) {
    return database.damaged(true, (begin - sqlite3_int64{kLogHeaderBytes}) / frame_size() + 1);
  }
  database.sound_in_log = stored_checksum(page);
  copy_bytes(page, to.data());
  return SQLITE_OK;
}

int LogFile::write(ConstBytes from, sqlite3_int64 offset) {
  if (database.has_checksums && is_page(from.size(), offset)) return write_page(from, offset);
  const int flushed = flush();
  if (flushed != SQLITE_OK) return flushed;
  if (database.has_checksums && from.size() == kFrameHeaderBytes && is_frame(offset)) {
    return write_header(from, offset);
  }
  if (offset == 0 && from.size() >= kLogHeaderBytes) order_ = order_of_log(from.data());
  return write_real(from, offset);
}

int LogFile::write_header(ConstBytes from, sqlite3_int64 offset) {
  copy_bytes(from, header_.data());
  header_at_ = offset;
  const bool is_alone = std::exchange(frame_read_, std::nullopt) == offset;
  is_header_waiting_ = !is_alone;
  return is_alone ? write_real(from, offset) : SQLITE_OK;
}

int LogFile::write_page(ConstBytes from, sqlite3_int64 offset) {
  const sqlite3_int64 begin = offset - sqlite3_int64{kFrameHeaderBytes};
  const Bytes frame = scratch_of(kFrameHeaderBytes + from.size());
  const Bytes page = frame.subspan(kFrameHeaderBytes);
  copy_bytes(from, page.data());
  const bool has_header = header_at_ == begin;
  if (has_header) {
    is_header_waiting_ = false;
    copy_bytes(header_, frame.data());
  } else {
    int code = flush();
    if (code == SQLITE_OK) code = read_real(frame.first(kFrameHeaderBytes), begin);
    if (code != SQLITE_OK) return code;
  }
  header_at_ = std::nullopt;
  frame_read_ = std::nullopt;
  seal_page(page, frame_header(frame.data()).page);
  return has_header ? write_frame(frame, from.last(kChecksumBytes), begin)
                    : write_real(page, offset);
}

// A header without salt and checksum is one that will be written again. Within a transaction what
// SQLite told of the frame is corrected; at its beginning, before which SQLite may have read the
// log anew, the frame is summed up.
int LogFile::write_frame(Bytes frame, ConstBytes old_end, sqlite3_int64 offset) {
  const FrameHeader header = frame_header(frame.data());
  const bool is_for_now = header.salt == 0 && header.checksum == LogChecksum{};
  if (is_for_now) {
    last_ = std::nullopt;
    return write_real(frame, offset);
  }
  int code = learn_order();
  LogChecksum before;
  if (code == SQLITE_OK) code = checksum_before(offset, header.salt, before);
  if (code != SQLITE_OK) return code;
  LogChecksum sum;
  if (follows_last(offset, header.salt) && !last_->is_last_of_transaction) {
    if (!carry_ || carry_->page_size() != database.page_size) carry_.emplace(database.page_size);
    sum = carry_->corrected(header.checksum,
                            {.told_before = last_->told,
                             .before = before,
                             .old_end = old_end,
                             .new_end = frame.last(kChecksumBytes)},
                            *order_);
  } else {
    sum = frame_checksum(before, frame, *order_);
  }
  put_checksum(frame.data() + kFrameHeaderBytes - sizeof sum, sum);
  last_ = std::nullopt;
  code = write_real(frame, offset);
  if (code == SQLITE_OK) {
    last_ = Written{.end = offset + frame_size(),
                    .salt = header.salt,
                    .told = header.checksum,
                    .checksum = sum,
                    .is_last_of_transaction = header.pages_after != 0};
  }
  return code;
}

int LogFile::checksum_before(sqlite3_int64 frame, std::uint64_t salt, LogChecksum& sum) {
  if (follows_last(frame, salt)) {
    sum = last_->checksum;
    return SQLITE_OK;
  }
  const bool is_first = frame == sqlite3_int64{kLogHeaderBytes};
  const sqlite3_int64 behind =
      is_first ? frame : frame - static_cast<sqlite3_int64>(database.page_size);
  std::array<std::byte, sizeof(LogChecksum)> stored;
  const int code = read_real(stored, behind - std::ssize(stored));
  sum = checksum_at(stored.data());
  return code;
}

int LogFile::learn_order() {
  if (order_) return SQLITE_OK;
  std::array<std::byte, kLogHeaderBytes> header;
  const int code = read_real(header, 0);
  if (code == SQLITE_OK) order_ = order_of_log(header.data());
  return code;
}

// ---- what SQLite calls ----

template <class File>
File& file_of(sqlite3_file* file) {
  return *static_cast<File*>(file);
}

// Before all but reads and writes the log has what it was told.
int settle(LogFile& file) { return file.flush(); }
int settle(DatabaseFile&) { return SQLITE_OK; }

template <class File>
int close_file(sqlite3_file* file) noexcept {
  File& closed = file_of<File>(file);
  const int settled = settle(closed);
  const int code = closed.real->pMethods->xClose(closed.real);
  std::destroy_at(&closed);
  return code == SQLITE_OK ? settled : code;
}

template <class File>
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) noexcept {
  return file_of<File>(file).read(bytes_of(to, size), offset);
}

template <class File>
int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) noexcept {
  return file_of<File>(file).write(bytes_of(from, size), offset);
}

template <class File>
int control_file(sqlite3_file* file, int operation, void* argument) noexcept {
  File& controlled = file_of<File>(file);
  if constexpr (std::is_same_v<File, DatabaseFile>) {
    if (operation == kFoundDamage) {
      *static_cast<std::optional<DamagedPlace>*>(argument) = controlled.damage;
      return SQLITE_OK;
    }
    if (operation == SQLITE_FCNTL_CKPT_START) controlled.is_in_checkpoint = true;
    if (operation == SQLITE_FCNTL_CKPT_DONE) controlled.is_in_checkpoint = false;
  }
  const int settled = settle(controlled);
  if (settled != SQLITE_OK) return settled;
  return controlled.real->pMethods->xFileControl(controlled.real, operation, argument);
}

int characteristics(sqlite3_file* file) noexcept {
  sqlite3_file* const real = file_of<CheckedFile>(file).real;
  return real->pMethods->xDeviceCharacteristics(real) & ~kSubpageRead;
}

// The rest is the real file's: pass_on<File, &sqlite3_io_methods::xSync>::call.
template <class File, auto kMethod>
struct pass_on;
template <class File, class Returned, class... Arguments,
          Returned (*sqlite3_io_methods::*kMethod)(sqlite3_file*, Arguments...)>
struct pass_on<File, kMethod> {
  static Returned call(sqlite3_file* file, Arguments... arguments) noexcept {
    File& passing = file_of<File>(file);
    if constexpr (std::is_same_v<Returned, int>) {
      const int settled = settle(passing);
      if (settled != SQLITE_OK) return settled;
    }
    return (passing.real->pMethods->*kMethod)(passing.real, arguments...);
  }
};

// Version 2: without memory that is mapped, which nobody could check.
template <class File>
constexpr sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = close_file<File>,
    .xRead = read_file<File>,
    .xWrite = write_file<File>,
    .xTruncate = pass_on<File, &sqlite3_io_methods::xTruncate>::call,
    .xSync = pass_on<File, &sqlite3_io_methods::xSync>::call,
    .xFileSize = pass_on<File, &sqlite3_io_methods::xFileSize>::call,
    .xLock = pass_on<File, &sqlite3_io_methods::xLock>::call,
    .xUnlock = pass_on<File, &sqlite3_io_methods::xUnlock>::call,
    .xCheckReservedLock = pass_on<File, &sqlite3_io_methods::xCheckReservedLock>::call,
    .xFileControl = control_file<File>,
    .xSectorSize = pass_on<File, &sqlite3_io_methods::xSectorSize>::call,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = pass_on<File, &sqlite3_io_methods::xShmMap>::call,
    .xShmLock = pass_on<File, &sqlite3_io_methods::xShmLock>::call,
    .xShmBarrier = pass_on<File, &sqlite3_io_methods::xShmBarrier>::call,
    .xShmUnmap = pass_on<File, &sqlite3_io_methods::xShmUnmap>::call,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

constexpr std::size_t rounded_up(std::size_t size) {
  constexpr std::size_t kAlignment = alignof(std::max_align_t);
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}
constexpr std::size_t kOwnBytes = rounded_up(std::max(sizeof(DatabaseFile), sizeof(LogFile)));

struct CheckedVfs : sqlite3_vfs {
  sqlite3_vfs* real;
};

template <class File, class... Arguments>
int open_file(void* memory, sqlite3_file* real, Arguments&... arguments) {
  File* const file = std::construct_at(static_cast<File*>(memory), arguments...);
  file->pMethods = &kMethods<File>;
  file->real = real;
  return SQLITE_OK;
}

// Journals and temporary files are SQLite's alone.
int open_any(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
             int* flags_out) noexcept {
  sqlite3_vfs* const real_vfs = static_cast<CheckedVfs*>(vfs)->real;
  if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0) {
    return real_vfs->xOpen(real_vfs, name, file, flags, flags_out);
  }
  file->pMethods = nullptr;
  void* const memory = file;
  void* const behind = static_cast<std::byte*>(memory) + kOwnBytes;
  auto* const real = static_cast<sqlite3_file*>(behind);
  const int code = real_vfs->xOpen(real_vfs, name, real, flags, flags_out);
  if (code != SQLITE_OK) return code;
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return open_file<DatabaseFile>(memory, real);
  return open_file<LogFile>(memory, real,
                            file_of<DatabaseFile>(sqlite3_database_file_object(name)));
}

// All but the opening of files is that of the real one, which never looks at whom it is called on.
CheckedVfs over(sqlite3_vfs& real) {
  CheckedVfs vfs{real, &real};
  vfs.szOsFile += static_cast<int>(kOwnBytes);
  vfs.pNext = nullptr;
  vfs.zName = kVfsName;
  vfs.xOpen = open_any;
  return vfs;
}

}  // namespace

// SQLite links its file systems to each other, so this one cannot be a constant.
const char* checked_vfs() {
  sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
  PRESSO_ASSERT(real);
  static CheckedVfs vfs = over(*real);
  static const bool is_registered = sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
  PRESSO_ASSERT(is_registered);
  return kVfsName;
}

void reserve_checksums(sqlite3* database) {
  int bytes = static_cast<int>(kChecksumBytes);
  sqlite3_file_control(database, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes);
}

std::optional<DamagedPlace> found_damage(sqlite3* database) {
  std::optional<DamagedPlace> found;
  sqlite3_file_control(database, "main", kFoundDamage, &found);
  return found;
}

}  // namespace presso::server
