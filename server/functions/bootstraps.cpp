#include "server/functions/bootstraps.h"

// The assembler puts the files in, as it does the service models.
asm(R"(
.pushsection .rodata
.hidden presso_bootstrap_node
.globl presso_bootstrap_node
presso_bootstrap_node:
.incbin "bootstrap.cjs"
.hidden presso_bootstrap_python
.globl presso_bootstrap_python
presso_bootstrap_python:
.incbin "bootstrap.py"
.hidden presso_bootstrap_end
.globl presso_bootstrap_end
presso_bootstrap_end:
.byte 0
.popsection
)");

extern "C" {
extern const char presso_bootstrap_node[];
extern const char presso_bootstrap_python[];
extern const char presso_bootstrap_end[];
}

namespace presso::server {

std::string_view node_bootstrap() {
  return {presso_bootstrap_node,
          static_cast<std::size_t>(presso_bootstrap_python - presso_bootstrap_node)};
}
std::string_view python_bootstrap() {
  return {presso_bootstrap_python,
          static_cast<std::size_t>(presso_bootstrap_end - presso_bootstrap_python)};
}

}  // namespace presso::server
