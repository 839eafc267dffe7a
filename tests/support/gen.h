// Random values for property tests. The same entropy gives the same values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/json.h"
#include "engine/run/event.h"

namespace presso::test {

// PRESSO_SEED when it is set, else `fallback`. Print it, so that a failure can be repeated.
[[nodiscard]] std::uint64_t seed_or(std::uint64_t fallback);

[[nodiscard]] std::string random_text(Entropy&);
[[nodiscard]] Json random_json(Entropy&, int depth = 3);

// Every field has any value of its type: what the codec must carry, not what a real execution
// records. Handles to one value recur within the list.
[[nodiscard]] std::vector<run::Event> random_events(Entropy&, std::size_t count);
// Field by field; the texts of JSON values too.
[[nodiscard]] bool is_equal(const run::Event&, const run::Event&);

}  // namespace presso::test
