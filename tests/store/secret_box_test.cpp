#include "server/store/secret_box.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/text.h"
#include "server/store/sqlite_store.h"

namespace presso::test {
namespace {

namespace fs = std::filesystem;
using server::Durability;
using server::SecretBox;
using server::SqliteStore;

constexpr const char* kSecret = "the-password-of-nobody";

class SecretFolder {
 public:
  SecretFolder() {
    std::string path = (fs::temp_directory_path() / "secret-test-XXXXXX").string();
    REQUIRE(mkdtemp(path.data()));
    path_ = path;
  }
  ~SecretFolder() { fs::remove_all(path_); }
  SecretFolder(const SecretFolder&) = delete;
  SecretFolder& operator=(const SecretFolder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] bool holds(const std::string& text) const {
    for (const auto& entry : fs::directory_iterator{path_}) {
      std::ifstream stream{entry.path(), std::ios::binary};
      const std::string bytes{std::istreambuf_iterator<char>{stream}, {}};
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }

 private:
  std::string path_;
};

core::Batch batch_of_document(core::DocumentRow row) {
  core::Batch batch;
  batch.put_documents.push_back(std::move(row));
  return batch;
}

core::Batch connection_of(const std::string& name) {
  return batch_of_document(
      {"connection", name, std::string{R"({"Password":")"} + kSecret + R"("})"});
}

std::unique_ptr<SqliteStore> opened(const std::string& path,
                                    const std::optional<std::string>& key = {}) {
  auto store = SqliteStore::open(path, Durability::Process, key);
  REQUIRE_MESSAGE(store.has_value(), (store ? "" : store.error().message));
  return std::move(*store);
}

std::string stored_password(SqliteStore& store) {
  const auto found = store.recover();
  REQUIRE_MESSAGE(found.has_value(), (found ? "" : found.error().message));
  REQUIRE(found->documents.size() == 1);
  return found->documents[0].value;
}

}  // namespace

TEST_CASE("what is sealed is read again by the same key and label, and by no other") {
  const SecretFolder folder;
  SecretBox box{{.file = folder.file("key")}};
  const auto sealed = box.seal("label", kSecret);
  REQUIRE(sealed);
  CHECK(SecretBox::is_sealed(*sealed));
  CHECK_FALSE(SecretBox::is_sealed(R"({"Password":"x"})"));
  CHECK(sealed->find(kSecret) == std::string::npos);
  CHECK(*box.seal("label", kSecret) != *sealed);
  CHECK(*box.unseal("label", *sealed) == kSecret);
  CHECK_FALSE(box.unseal("other", *sealed));
  CHECK(*box.unseal("", *box.seal("", "")) == "");

  SecretBox again{{.file = folder.file("key")}};
  REQUIRE(again.prepare());
  CHECK(*again.unseal("label", *sealed) == kSecret);
  SecretBox other{{.file = folder.file("key2")}};
  REQUIRE(other.seal("label", "x"));
  CHECK(other.unseal("label", *sealed).error().message.find("key2") != std::string::npos);
}

TEST_CASE("a sealed text that was changed anywhere is refused") {
  SecretBox box{{.file = ""}};
  const std::string sealed = *box.seal("label", kSecret);
  const std::size_t begin = sealed.find(':') + 1;
  std::string bytes = *base64_decode(sealed.substr(begin));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    CAPTURE(i);
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(box.unseal("label", sealed.substr(0, begin) + base64_encode(changed)));
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(
        box.unseal("label", sealed.substr(0, begin) + base64_encode(bytes.substr(0, size))));
  }
  CHECK_FALSE(box.unseal("label", sealed.substr(0, begin) + "%%%"));
}

TEST_CASE("a key of somebody else is taken as it is, in either case, and never made") {
  const SecretFolder folder;
  SecretBox missing{{.file = folder.file("mine"), .is_ours = false}};
  CHECK_FALSE(missing.prepare());
  CHECK_FALSE(fs::exists(folder.file("mine")));
  for (const char* text : {"", "0123", "zz", " "}) {
    std::ofstream{folder.file("mine")} << text;
    CHECK_FALSE(SecretBox{{.file = folder.file("mine"), .is_ours = false}}.prepare());
  }
  CHECK_FALSE(SecretBox{{.file = folder.file("."), .is_ours = false}}.prepare());
  std::ofstream{folder.file("mine")} << std::string(32, 'a') + std::string(32, 'B') << "\r\n";
  SecretBox box{{.file = folder.file("mine"), .is_ours = false}};
  REQUIRE(box.prepare());
  const std::string sealed = *box.seal("l", "t");
  std::ofstream{folder.file("mine")} << std::string(32, 'A') + std::string(32, 'b');
  SecretBox same{{.file = folder.file("mine"), .is_ours = false}};
  REQUIRE(same.prepare());
  CHECK(*same.unseal("l", sealed) == "t");
}

TEST_CASE("connections are stored sealed, all else as it is") {
  const SecretFolder folder;
  const std::string path = folder.file("presso.db");
  {
    auto store = opened(path);
    CHECK_FALSE(fs::exists(folder.file("presso.key")));
    REQUIRE(store->commit(connection_of("shop")));
    CHECK(stored_password(*store).find(kSecret) != std::string::npos);
    CHECK((fs::status(folder.file("presso.key")).permissions() & fs::perms::all) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    CHECK_FALSE(folder.holds(kSecret));
  }
  auto store = opened(path);
  CHECK(stored_password(*store).find(kSecret) != std::string::npos);
  CHECK_FALSE(folder.holds(kSecret));
  REQUIRE(store->commit(batch_of_document({"rule", "r", kSecret})));
  CHECK(folder.holds(kSecret));
}

TEST_CASE("a database without its key does not lose a connection silently") {
  const SecretFolder folder;
  const std::string path = folder.file("presso.db");
  { REQUIRE(opened(path)->commit(connection_of("shop"))); }
  fs::rename(folder.file("presso.key"), folder.file("away"));
  auto store = opened(path);
  const auto found = store->recover();
  REQUIRE_FALSE(found);
  CHECK(found.error().message.find(folder.file("presso.key")) != std::string::npos);
  CHECK_FALSE(fs::exists(folder.file("presso.key")));
  store.reset();
  CHECK(stored_password(*opened(path, folder.file("away"))).find(kSecret) != std::string::npos);
}

TEST_CASE("what an earlier version stored plain is sealed, and gone from all pages") {
  const SecretFolder folder;
  const std::string path = folder.file("presso.db");
  {
    auto store = opened(path);
    for (int i = 0; i < 200; ++i) {
      REQUIRE(store->commit(batch_of_document({"old", std::to_string(i), std::string(500, 'x')})));
    }
    REQUIRE(store->commit(batch_of_document({"old", "z", kSecret})));
    core::Batch erase;
    for (int i = 0; i < 200; ++i) erase.erased_documents.emplace_back("old", std::to_string(i));
    erase.erased_documents.emplace_back("old", "z");
    REQUIRE(store->commit(erase));
  }
  {
    auto database = server::Connection::open(path, server::Connection::Access::ReadWriteCreate);
    REQUIRE(database);
    REQUIRE(database->execute(std::string{"INSERT INTO documents VALUES ('connection', 'shop', "} +
                              R"('{"Password":")" + kSecret + R"("}'))"));
  }
  CHECK(folder.holds(kSecret));
  auto store = opened(path);
  CHECK_FALSE(folder.holds(kSecret));
  CHECK(stored_password(*store).find(kSecret) != std::string::npos);
  store.reset();
  CHECK(stored_password(*opened(path)).find(kSecret) != std::string::npos);
}

}  // namespace presso::test
