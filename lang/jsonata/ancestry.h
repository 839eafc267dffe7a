// Where `%` leads. A `%` looks for the step above the one it stands in; on its way out of nested
// expressions it is carried as one that still seeks, and each path it meets tries its own steps,
// last to first.
#pragma once

#include <string_view>

#include "lang/jsonata/ast.h"

namespace presso::jsonata {

// What the reference calls a node, for errors.
[[nodiscard]] std::string_view kind_name(Kind kind);
// `outer` holds `inner`: what `inner` seeks, `outer` seeks.
void carry_seeking(Node& outer, const Node& inner);
// Lets `slot` go up through `step`. Throws S0217 where nothing can be above.
void seek_parent(Node& step, Ancestor& slot);
// Lets what the path's last step seeks find its step before it; what finds none seeks on.
void resolve_ancestry(Node& path);

}  // namespace presso::jsonata
