// The parsers behind parse.h, one per part of a definition. All report into the reader's context;
// what they return is of use only when nothing was reported. Recursion is bounded by the depth of
// the JSON text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/asl/definition.h"
#include "engine/asl/reader.h"

namespace presso::asl {

// An object with StartAt and States whose shape was checked.
[[nodiscard]] StateList parse_states(const Reader& list);
[[nodiscard]] std::optional<State> parse_state(const std::string& name, const Reader&);

[[nodiscard]] TaskState parse_task(const Reader&);
[[nodiscard]] ChoiceState parse_choice(const Reader&);
[[nodiscard]] ParallelState parse_parallel(const Reader&);
[[nodiscard]] MapState parse_map(const Reader&);

[[nodiscard]] std::vector<Retrier> parse_retry(const Reader&);
[[nodiscard]] std::vector<Catcher> parse_catch(const Reader&);
[[nodiscard]] std::optional<Payload> parse_assign(const Reader&, StatesMembers = {});

}  // namespace presso::asl
