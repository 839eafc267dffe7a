#include "server/functions/sandbox.h"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <string>
#include <vector>

using namespace presso;
using namespace presso::server;

TEST_CASE("how a process ended is told as Lambda tells it") {
  CHECK(exit_text(0) == "Runtime exited without providing a reason");
  CHECK(exit_text(W_EXITCODE(1, 0)) == "Runtime exited with error: exit status 1");
  CHECK(exit_text(W_EXITCODE(0, SIGKILL)) == "Runtime exited with error: signal: killed");
  CHECK(exit_text(W_EXITCODE(0, SIGSEGV)) ==
        "Runtime exited with error: signal: segmentation fault");
}

TEST_CASE("a time-out shows the function's seconds") {
  CHECK(timeout_text(seconds(3)) == "Task timed out after 3.00 seconds");
  CHECK(timeout_text(Duration{1500}) == "Task timed out after 1.50 seconds");
  CHECK(fault_payload("Sandbox.Timedout", "id", timeout_text(seconds(3))) ==
        R"({"errorType":"Sandbox.Timedout",)"
        R"("errorMessage":"RequestId: id Error: Task timed out after 3.00 seconds"})");
}

TEST_CASE("output comes as lines, whatever it is cut into") {
  std::vector<std::string> lines;
  const auto keep = [&](std::string_view line) { lines.emplace_back(line); };
  LineSplitter splitter;
  splitter.put("a\nb", keep);
  splitter.put("c\n\nd", keep);
  CHECK(lines == std::vector<std::string>{"a", "bc", ""});
  splitter.flush(keep);
  splitter.flush(keep);
  CHECK(lines.back() == "d");
  splitter.put(std::string(3 * kLogLineBytes, 'x'), keep);
  CHECK(lines.size() == 5);
}

TEST_CASE("of a long log the end is kept") {
  LogTail tail;
  for (int i = 0; i < 10'000; ++i) tail.add("line " + std::to_string(i));
  const std::string text = tail.take();
  CHECK(text.size() == kFunctionLogTailBytes);
  CHECK(text.ends_with("line 9998\nline 9999\n"));
  CHECK(tail.take().empty());
}
