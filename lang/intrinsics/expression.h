// What an intrinsic call compiles to. Internal to intrinsics; intrinsic.h is the library.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "lang/intrinsics/functions.h"
#include "lang/jsonpath/path.h"

namespace presso::intrinsics {

struct Invocation;

// 'quoted text', its escapes still in it: Format needs them, and a bad one fails only when called.
struct Text {
  std::string raw;
};
using Argument = std::variant<Json, Text, jsonpath::Path, std::shared_ptr<const Invocation>>;

struct Invocation {
  const Function* function = nullptr;  // a row of the table in functions.h
  std::vector<Argument> arguments;
};

struct Expression {
  std::string text;
  Invocation call;
  std::vector<jsonpath::Path> paths;
};

[[nodiscard]] Result<Expression> parse(std::string_view text);

}  // namespace presso::intrinsics
