// Function signatures: `<s-nn?:s>`. What a call's arguments must be, which of them the context
// stands in for, and which lone values become arrays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lang/jsonata/value.h"

namespace presso::jsonata {

struct Signature {
  enum class Count : std::uint8_t { One, Optional, Many };

  struct Parameter {
    std::string allowed;  // the letters of types that fit; `m` is a missing value
    char type = '\0';     // one letter, or `(` for a choice
    Count count = Count::One;
    bool takes_context = false;
    bool has_subtype = false;
    std::string subtype;
  };

  std::vector<Parameter> parameters;

  // Throws S0401, S0402 at `position`, where the signature starts, plus where in it.
  [[nodiscard]] static std::shared_ptr<const Signature> parse(std::string_view text,
                                                              std::size_t position);

  // Whether `arguments` fit one to one as they are: no context, no wrapping.
  [[nodiscard]] bool fits_plainly(std::span<const Value> arguments) const;
  // The arguments as the function gets them, in the arena. Throws T0410, T0411, T0412.
  [[nodiscard]] std::span<const Value> validated(Arena& arena, std::span<const Value> arguments,
                                                 const Value& context) const;
};

// The letter of a value's type.
[[nodiscard]] char type_letter(const Value& value);

}  // namespace presso::jsonata
