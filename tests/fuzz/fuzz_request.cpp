// Any bytes as a request: the first byte chooses the operation, the rest is its body. Whatever
// comes in, the answer is an error or work; work is not done here.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/dispatch.h"
#include "api/operation.h"
#include "api/sdk_call.h"
#include "base/assert.h"
#include "base/json.h"

namespace presso::api {
namespace {

std::vector<std::string> all_targets() {
  std::vector<std::string> targets = {"", "AWSEvents.CreateArchive"};
  for (const Operation& operation : operations(Service::StepFunctions)) {
    targets.push_back("AWSStepFunctions." + std::string{operation.name});
  }
  for (const Operation& operation : operations(Service::EventBridge)) {
    targets.push_back("AWSEvents." + std::string{operation.name});
  }
  return targets;
}

void check(const Work& work) {
  const auto* answer = std::get_if<core::Answer>(&work);
  if (answer == nullptr) return;
  PRESSO_ASSERT(parse_json(answer->body).has_value());
  PRESSO_ASSERT(answer->error_code.empty() == (answer->http_status == 200));
}

}  // namespace

void take(std::string_view bytes) {
  static const std::vector<std::string> targets = all_targets();
  if (bytes.empty()) return;
  const auto choice = static_cast<unsigned char>(bytes.front());
  const std::string& target = targets[choice % targets.size()];
  const std::string_view body = bytes.substr(1);
  check(dispatch({.target = target, .body = body, .caller = {}}));
  const auto call = prepare({.service = target.starts_with("AWSEvents.") ? "eventbridge" : "sfn",
                             .action = std::string_view{target}.substr(target.find('.') + 1),
                             .parameters = body,
                             .caller = {},
                             .request_id = "R"});
  PRESSO_ASSERT(call.has_value());
  check(call->work);
}

}  // namespace presso::api

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  presso::api::take({reinterpret_cast<const char*>(data), size});
  return 0;
}
