// The texts of presso's own runtimes, which are part of the binary: programs that talk to the
// Runtime API and call a function's handler as AWS's runtimes do.
#pragma once

#include <string_view>

namespace presso::server {

[[nodiscard]] std::string_view node_bootstrap();
[[nodiscard]] std::string_view python_bootstrap();

}  // namespace presso::server
