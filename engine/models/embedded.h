// What generate.py has written, as it lies in the binary.
#pragma once

#include <string_view>

namespace presso::models {

// A line a service: its name, where its text begins among the packed ones and how long it is there,
// then its actions, sorted. Of a service whose model is not there the name and two zeros.
[[nodiscard]] std::string_view embedded_index();
// The texts, each a gzip member.
[[nodiscard]] std::string_view embedded_models();

}  // namespace presso::models
