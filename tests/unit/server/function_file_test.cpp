#include "server/functions/function_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "server/settings_file.h"

using namespace presso;
using namespace presso::server;

namespace {

// A presso.yaml of its own folder, gone with it.
class SettingsFile {
 public:
  explicit SettingsFile(const std::string& text) {
    std::string name = (std::filesystem::temp_directory_path() / "presso-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    std::ofstream{path()} << text;
  }
  ~SettingsFile() { std::filesystem::remove_all(folder_); }
  SettingsFile(const SettingsFile&) = delete;
  SettingsFile& operator=(const SettingsFile&) = delete;

  [[nodiscard]] std::string folder() const { return folder_; }
  [[nodiscard]] std::string path() const { return folder_ + "/presso.yaml"; }

 private:
  std::string folder_;
};

}  // namespace

TEST_CASE("a function is read with all its settings") {
  const SettingsFile file(R"(
functions:
  orders:
    command: [node, --enable-source-maps]
    handler: app.handler
    runtime: nodejs20.x
    code: ./src/
    environment: {TABLE: orders, LIMIT: 3}
    timeout: 30
    concurrency: 2
    memory: 512
  plain: {runtime: provided.al2023}
)");
  const auto settings = read_settings(file.path());
  REQUIRE(settings);
  const std::vector<FunctionSettings>& functions = settings->functions;
  REQUIRE(functions.size() == 2);
  CHECK(functions.at(0) == FunctionSettings{.name = "orders",
                                            .command = {"node", "--enable-source-maps"},
                                            .handler = "app.handler",
                                            .runtime = "nodejs20.x",
                                            .code = file.folder() + "/src",
                                            .environment = {{"LIMIT", "3"}, {"TABLE", "orders"}},
                                            .timeout = seconds(30),
                                            .concurrency = 2,
                                            .memory_mb = 512,
                                            .where = file.path() + ":3"});
  CHECK(functions.at(1).code == file.folder());
  CHECK(functions.at(1).timeout == seconds(3));
}

TEST_CASE("a file without functions has none") {
  for (const std::string text : {"", "functions:\n"}) {
    const SettingsFile file(text);
    const auto settings = read_settings(file.path());
    REQUIRE(settings);
    CHECK(settings->functions.empty());
  }
}

TEST_CASE("what is wrong with a function is told with file and line") {
  struct Case {
    std::string text;
    std::string error;  // after the file's path
  };
  for (const Case& each :
       {Case{"functions:\n  a:\n    timeout: 0\n",
             ":3: function a: timeout is a whole number from 1 to 900"},
        Case{"functions:\n  a:\n    handler: x\n    comand: [b]\n",
             ":4: function a: functions have no setting 'comand'"},
        Case{"functions:\n  a: {command: node}\n",
             ":2: function a: command is a list: the program and its arguments"},
        Case{"functions:\n  a: {environment: [1]}\n",
             ":2: function a: environment is a map of texts"},
        Case{"functions:\n  a: 3\n", ":2: function a: a function is a map of settings"},
        Case{"functions: 3\n", ":1: functions is a map from names to settings"},
        Case{"functions:\n  a b: {}\n",
             ":2: a function's name has up to 64 letters, digits, - and _, unlike 'a b'"},
        Case{"functions:\n  a: {}\n  a: {}\n", ":3: function a: is there twice"},
        Case{"functions:\n  a: {memory: 1.5}\n",
             ":2: function a: memory is a whole number from 128 to 10240"}}) {
    CAPTURE(each.text);
    const SettingsFile file(each.text);
    const auto settings = read_settings(file.path());
    REQUIRE_FALSE(settings);
    CHECK(settings.error().message == file.path() + each.error);
  }
  const SettingsFile broken("functions:\n  a: {\n");
  CHECK_FALSE(read_settings(broken.path()));
  CHECK(read_settings("/nowhere/presso.yaml").error().message ==
        "/nowhere/presso.yaml: it cannot be read");
}
