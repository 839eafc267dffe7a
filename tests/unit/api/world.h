// A whole presso without sockets: requests go through dispatch to a real core and its store, and
// come back as answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/dispatch.h"
#include "api/sdk_call.h"
#include "base/json.h"
#include "engine/core/core.h"
#include "tests/support/memory_store.h"
#include "tests/support/virtual_clock.h"

namespace presso::test {

class World {
 public:
  World();

  // The answer as JSON; an error as {"__type", "message"}.
  Json call(std::string_view target, const Json& request, core::Caller caller = {});
  // The same for Step Functions with the request as text.
  Json states(std::string_view operation, std::string_view request);
  Json events(std::string_view operation, std::string_view request);
  core::Answer run(const api::Work& work);
  api::SdkResult task(std::string_view service, std::string_view action,
                      std::string_view parameters);

  // For operations that may answer later: what to ask `answer_to` for.
  RequestId send(std::string_view operation, std::string_view request);
  // Nothing as long as there is no answer.
  [[nodiscard]] std::optional<Json> answer_to(RequestId) const;
  void leave(RequestId);  // the client goes away

  // Creates a machine, and gives its ARN.
  std::string create_machine(const std::string& name, const Json& definition);
  // The execution's ARN.
  std::string start(const std::string& machine_arn, const std::string& name,
                    const std::string& input = "{}");

  void advance(Duration);

 private:
  RequestId send(const api::Command&);
  void turn(std::vector<core::Input>);

  VirtualClock clock_;
  MemoryStore store_;
  core::Core core_;
  std::unique_ptr<core::Reader> reader_;
  std::uint64_t last_request_ = 0;
  std::map<RequestId, core::Answer> replies_;
};

[[nodiscard]] Json json(std::string_view text);
[[nodiscard]] Json pass_machine();
[[nodiscard]] Json wait_for_token_machine();
// "CODE: message", or "" for a success.
[[nodiscard]] std::string error_of(const Json& answer);
[[nodiscard]] const std::string& text_at(const Json& answer, std::string_view name);

}  // namespace presso::test
