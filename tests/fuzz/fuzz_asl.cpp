// Any bytes as a definition, and what was made of them used once.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "base/entropy.h"
#include "engine/asl/parse.h"

namespace {

using namespace presso;

class FixedRoots final : public jsonpath::Roots {
 public:
  [[nodiscard]] const Json* input() const override { return &value_; }
  [[nodiscard]] const Json* context() const override { return &value_; }
  [[nodiscard]] const Json* variable(std::string_view) const override { return &value_; }

 private:
  Json value_ = {{"a", {1, "x", nullptr, {{"b", true}}}}, {"Task", {{"Token", "t"}}}};
};

void use(const asl::Template& payload) {
  SeededEntropy entropy{1};
  static_cast<void>(payload.evaluate(FixedRoots{}, Env{.now = Time{}, .entropy = &entropy}));
  static_cast<void>(payload.uses_task_token());
}

void use(const asl::Query& query) {
  std::vector<std::string> names;
  asl::append_variables(query, names);
}

void use(const std::optional<asl::Payload>& payload) {
  if (payload) std::visit([](const auto& language) { use(language); }, *payload);
}

void use(const asl::Definition& definition, const asl::StateList& list) {
  PRESSO_ASSERT(definition.find(list.start_at) != nullptr);
  for (const auto& state : list.states) {
    PRESSO_ASSERT(definition.list_of(state.name) == &list);
    PRESSO_ASSERT(!state.next || definition.list_of(*state.next) == &list);
    static_cast<void>(asl::variable_references(state));
    use(state.assign);
    if (const auto* pass = std::get_if<asl::PassState>(&state.detail)) use(pass->parameters);
    if (const auto* task = std::get_if<asl::TaskState>(&state.detail)) use(task->parameters);
    if (const auto* map = std::get_if<asl::MapState>(&state.detail)) {
      use(map->item_selector);
      use(definition, map->processor);
    }
    if (const auto* parallel = std::get_if<asl::ParallelState>(&state.detail)) {
      for (const auto& branch : parallel->branches) use(definition, branch);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  for (const auto type : {asl::MachineType::Standard, asl::MachineType::Express}) {
    const auto parsed = asl::parse(text, type);
    PRESSO_ASSERT((parsed.definition == nullptr) == asl::has_errors(parsed.diagnostics));
    static_cast<void>(asl::invalid_definition_message(parsed.diagnostics));
    if (parsed.definition) use(*parsed.definition, parsed.definition->machine());
  }
  return 0;
}
