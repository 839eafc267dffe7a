#include "api/states/test_context.h"

#include <span>
#include <string_view>

#include "base/json.h"

namespace presso::api::states {
namespace {

Error invalid_context(const std::string& what) {
  return Error{"ValidationException", "Invalid Context object provided: " + what};
}

enum class Type { Text, Number, Any };
struct Known {
  std::string_view name;
  Type type;
};
constexpr Known kExecution[] = {{"Id", Type::Text},         {"Input", Type::Any},
                                {"Name", Type::Text},       {"RoleArn", Type::Text},
                                {"StartTime", Type::Text},  {"RedriveCount", Type::Number},
                                {"RedriveTime", Type::Text}};
constexpr Known kState[] = {
    {"EnteredTime", Type::Text}, {"Name", Type::Text}, {"RetryCount", Type::Number}};
constexpr Known kMachine[] = {{"Id", Type::Text}, {"Name", Type::Text}};
constexpr Known kTask[] = {{"Token", Type::Text}};

struct Part {
  std::string_view name;
  std::span<const Known> members;
};
constexpr Part kParts[] = {
    {"Execution", kExecution}, {"State", kState}, {"StateMachine", kMachine}, {"Task", kTask}};

Result<void> check_member(const Part& part, std::string_view name, const Json& value) {
  for (const Known& known : part.members) {
    if (known.name != name) continue;
    const std::string place = std::string{part.name} + "." + std::string{name};
    if (known.type == Type::Text && !value.is_string())
      return invalid_context(place + " must be a string");
    if (known.type == Type::Number && !value.is_number()) {
      return invalid_context(place + " must be a number");
    }
    return {};
  }
  return invalid_context("Field '" + std::string{name} + "' is not allowed");
}

bool awaits_token(const asl::State& state) {
  const auto* task = std::get_if<asl::TaskState>(&state.detail);
  return task != nullptr && task->resource.kind == asl::Resource::Kind::Integration &&
         task->resource.pattern != asl::IntegrationPattern::RequestResponse;
}

Result<void> check_part(const std::string& name, const Json& value) {
  for (const Part& part : kParts) {
    if (part.name != name) continue;
    if (!value.is_object()) return invalid_context(name + " must be an object");
    for (const auto& [member, inner] : value.items()) {
      const auto checked = check_member(part, member, inner);
      if (!checked) return checked;
    }
    return {};
  }
  return invalid_context("Field '" + name + "' is not allowed");
}

}  // namespace

Result<SharedJson> read_context(const std::string& text, const asl::State& state) {
  auto context = SharedJson::parse(text);
  if (!context || !context->value().is_object()) return invalid_context("must be a JSON object");
  for (const auto& [name, value] : context->value().items()) {
    if (name == "Map") {
      return invalid_context("'Map' field is not supported when mocking a Context object");
    }
    if (name == "Task" && !awaits_token(state)) {
      return invalid_context(
          "Context object contains 'Task' when state is not a Task state with a '.sync' or "
          "'.waitForTaskToken' service integration pattern");
    }
    const auto checked = check_part(name, value);
    if (!checked) return checked.error();
  }
  return context;
}

}  // namespace presso::api::states
