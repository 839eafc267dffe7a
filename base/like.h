// Texts with *: what stands for anything in names and ARNs that a person writes.
#pragma once

#include <string_view>

namespace presso {

// Whether `text` is like `pattern`, in which each * stands for any text, the empty one too.
[[nodiscard]] bool is_like(std::string_view pattern, std::string_view text);

}  // namespace presso
