// The first line is a call, the rest the input, which is also the context and every variable.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/entropy.h"
#include "base/json.h"
#include "lang/intrinsics/intrinsic.h"

namespace {

class OneRoot final : public presso::jsonpath::Roots {
 public:
  explicit OneRoot(const presso::Json& value) : value_(value) {}

  [[nodiscard]] const presso::Json* input() const override { return &value_; }
  [[nodiscard]] const presso::Json* context() const override { return &value_; }
  [[nodiscard]] const presso::Json* variable(std::string_view) const override { return &value_; }

 private:
  const presso::Json& value_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace presso;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::size_t line_end = text.find('\n');
  const auto compiled = intrinsics::Call::compile(text.substr(0, line_end));
  if (!compiled || line_end == std::string_view::npos) return 0;
  const auto input = parse_json(text.substr(line_end + 1));
  if (!input) return 0;
  SeededEntropy first{7};
  SeededEntropy second{7};
  const OneRoot roots{*input};
  const auto value = intrinsics::call(*compiled, roots, Env{Time{}, &first});
  const auto again = intrinsics::call(*compiled, roots, Env{Time{}, &second});
  PRESSO_ASSERT(value.has_value() == again.has_value());
  PRESSO_ASSERT(!value || *value == *again);
  return 0;
}
