// With real processes, of the shell alone: what takes minutes elsewhere takes milliseconds here.
#include "server/functions/functions.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/json.h"

using namespace presso;
using namespace presso::server;

namespace {

// Answers every invocation with the process's id.
constexpr const char* kShellRuntime = R"(
exec 3<>"/dev/tcp/${AWS_LAMBDA_RUNTIME_API/://}"
path=/2018-06-01/runtime/invocation
while :; do
  printf 'GET %s/next HTTP/1.1\r\n\r\n' "$path" >&3
  while read -r name value <&3 && [ "$name" != $'\r' ]; do
    case "$name" in
      Lambda-Runtime-Aws-Request-Id:) id="${value%$'\r'}" ;;
      Content-Length:) length="${value%$'\r'}" ;;
    esac
  done
  read -r -N "$length" event <&3
  printf 'POST %s/%s/response HTTP/1.1\r\nContent-Length: %d\r\n\r\n%d' \
    "$path" "$id" "${#$}" "$$" >&3
  while read -r name value <&3 && [ "$name" != $'\r' ]; do
    case "$name" in Content-Length:) length="${value%$'\r'}" ;; esac
  done
  read -r -N "$length" event <&3
done
)";

class Place {
 public:
  Place() {
    std::string name = (std::filesystem::temp_directory_path() / "presso-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ~Place() { std::filesystem::remove_all(folder_); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // A function that notes each start of its process, and goes on with `script`.
  [[nodiscard]] FunctionSettings function(const std::string& script) const {
    FunctionSettings settings;
    settings.name = "f";
    settings.command = {"/bin/bash", "-c", "printf . >> .starts\n" + script};
    settings.code = folder_;
    return settings;
  }
  [[nodiscard]] std::string starts() const {
    std::ifstream file{folder_ + "/.starts"};
    std::string text;
    file >> text;
    return text;
  }
  [[nodiscard]] std::string folder() const { return folder_; }

 private:
  std::string folder_;
};

struct Outcome {
  int status = 0;
  std::string function_error;
  std::string body;
};

// One thread for all: calls and processes run while `until` does.
class Running {
 public:
  Running(FunctionSettings settings, FunctionLimits limits)
      : functions_({.io = io_,
                    .functions = {std::move(settings)},
                    .world = {.environment = {{"PATH", "/usr/bin:/bin"}}, .caller = {}, .url = {}},
                    .log = log_,
                    .limits = limits}) {}

  template <class Predicate>
  void until(Predicate is_true) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_true()) {
      REQUIRE(std::chrono::steady_clock::now() < end);
      io_.run_one_for(std::chrono::milliseconds(20));
      io_.restart();
    }
  }

  Outcome invoke(const std::string& type = "RequestResponse") {
    HttpRequest request;
    request.method = "POST";
    request.target = "/2015-03-31/functions/f/invocations";
    request.headers = {{"x-amz-invocation-type", type}};
    std::optional<Outcome> outcome;
    functions_.call(std::move(request), {}, [&](const std::optional<LambdaReply>& reply) {
      outcome = Outcome{.status = reply->status, .function_error = {}, .body = reply->body};
      for (const auto& [name, value] : reply->headers) {
        if (name == "X-Amz-Function-Error") outcome->function_error = value;
      }
    });
    until([&] { return outcome.has_value(); });
    return *outcome;
  }

  [[nodiscard]] const Functions& functions() const { return functions_; }

 private:
  boost::asio::io_context io_{1};
  Log log_{LogLevel::Off};
  Functions functions_;
};

std::string error_type(const Outcome& outcome) {
  const auto body = parse_json(outcome.body);
  REQUIRE(body);
  const auto* type = as_string(find_member(*body, "errorType"));
  return type == nullptr ? "" : *type;
}

bool is_gone(pid_t id) { return kill(id, 0) != 0; }

}  // namespace

TEST_CASE("an asynchronous invocation that fails is repeated twice") {
  const Place place;
  Running running{place.function("exit 1"), {.retry_after = {Duration{1}, Duration{1}}}};
  CHECK(running.invoke("Event").status == 202);
  running.until([&] { return place.starts() == "..."; });
  running.until([&] { return running.functions().in_flight() == 0; });
  for (int i = 0; i < 10; ++i) running.until([] { return true; });
  CHECK(place.starts() == "...");
}

TEST_CASE("an init that takes too long is repeated within the time of the invocation") {
  const Place place;
  FunctionSettings settings = place.function("exec sleep 1000");
  settings.timeout = Duration{50};
  Running running{settings, {.init = Duration{20}}};
  const Outcome outcome = running.invoke();
  CHECK(outcome.status == 200);
  CHECK(error_type(outcome) == "Sandbox.Timedout");
  CHECK(outcome.body.ends_with("Error: Task timed out after 0.05 seconds\"}"));
  CHECK(place.starts() == "..");
}

TEST_CASE("an init that takes too long once is no failure") {
  const Place place;
  const std::string slow = "[ \"$(cat .starts)\" != . ] || exec sleep 1000\n";
  FunctionSettings settings = place.function(slow + kShellRuntime);
  settings.timeout = seconds(30);
  Running running{settings, {.init = Duration{300}}};
  CHECK(running.invoke().function_error.empty());
  CHECK(place.starts() == "..");
}

TEST_CASE("a process that is idle for too long is ended, and the next call starts another") {
  const Place place;
  Running running{place.function(kShellRuntime), {.idle = Duration{30}}};
  const Outcome first = running.invoke();
  CHECK(first.function_error.empty());
  const pid_t id = std::stoi(first.body);
  running.until([&] { return is_gone(id); });
  const Outcome second = running.invoke();
  CHECK(second.function_error.empty());
  CHECK(second.body != first.body);
}

TEST_CASE("a backlog that is full refuses") {
  const Place place;
  FunctionSettings settings = place.function("exec sleep 1000");
  settings.concurrency = 1;
  Running running{settings, {.backlog = 2}};
  CHECK(running.invoke("Event").status == 202);
  CHECK(running.invoke("Event").status == 202);
  CHECK(running.invoke("Event").status == 429);
  CHECK(running.functions().in_flight() == 2);
}

TEST_CASE("who waits for a process that does not come back gets another") {
  const Place place;
  // Answers the first invocation, and asks for no second one.
  std::string once = kShellRuntime;
  once.replace(once.rfind("done"), 4, "[ \"$(cat .starts)\" != . ] || sleep 1000; done");
  FunctionSettings settings = place.function(once);
  settings.timeout = seconds(600);
  Running running{settings, {.patience = Duration{10}}};
  const Outcome first = running.invoke();
  const Outcome second = running.invoke();
  CHECK(second.function_error.empty());
  CHECK(second.body != first.body);
  CHECK(place.starts() == "..");
}
