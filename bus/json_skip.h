// The end of an object or array in a JSON text, for whoever has no use for what is in it.
#pragma once

namespace presso::bus {

// `at` is the bracket that opens it; what follows up to `end` is valid JSON. One past the bracket
// that closes it.
[[nodiscard]] const char* skip_container(const char* at, const char* end);

// The same, byte by byte: what the one above is compared with.
[[nodiscard]] const char* skip_container_slowly(const char* at, const char* end);

}  // namespace presso::bus
