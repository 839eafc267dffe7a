#include "engine/models/embedded.h"

// The assembler puts the files in: an array of a million numbers would take the compiler longer
// than the rest of the folder.
asm(R"(
.pushsection .rodata
.hidden presso_models_index
.globl presso_models_index
presso_models_index:
.incbin "services.index"
.hidden presso_models_packed
.globl presso_models_packed
presso_models_packed:
.incbin "services.gz"
.hidden presso_models_end
.globl presso_models_end
presso_models_end:
.byte 0
.popsection
)");

extern "C" {
extern const char presso_models_index[];
extern const char presso_models_packed[];
extern const char presso_models_end[];
}

namespace presso::models {

namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view embedded_index() { return between(presso_models_index, presso_models_packed); }
std::string_view embedded_models() { return between(presso_models_packed, presso_models_end); }

}  // namespace presso::models
