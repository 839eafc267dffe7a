// The first line is an expression, the rest the input. Compiles and evaluates in both dialects,
// with limits low enough for many runs.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/entropy.h"
#include "base/json.h"
#include "lang/jsonata/jsonata.h"

namespace {

using namespace presso;

void run(std::string_view text, const Json* input, jsonata::Dialect dialect) {
  const auto compiled = jsonata::Expression::compile(text, dialect);
  if (const auto* error = std::get_if<jsonata::QueryError>(&compiled)) {
    PRESSO_ASSERT(!error->code.empty());
    PRESSO_ASSERT(!error->message.empty());
    return;
  }
  const auto& expression = *std::get_if<jsonata::Expression>(&compiled);
  SeededEntropy entropy{1};
  const jsonata::Call call{
      .input = input,
      .variables = nullptr,
      .env = {.now = time_of_epoch_ms(1'700'000'000'000), .entropy = &entropy},
      .limits = {.steps = 50'000, .depth = 400, .bytes = 16'777'216},
  };
  const jsonata::Answer answer = jsonata::evaluate(expression, call);
  if (answer.kind() != jsonata::Answer::Kind::Value) return;
  PRESSO_ASSERT(!dump_json(answer.value()).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::size_t line_end = text.find('\n');
  const std::string_view expression = text.substr(0, line_end);
  Json input;
  const Json* given = nullptr;
  if (line_end != std::string_view::npos) {
    if (auto parsed = parse_json(text.substr(line_end + 1))) {
      input = *std::move(parsed);
      given = &input;
    }
  }
  run(expression, given, jsonata::Dialect::Latest);
  run(expression, given, jsonata::Dialect::StepFunctions);
  return 0;
}
