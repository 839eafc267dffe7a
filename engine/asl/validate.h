// The rules that need more than one state: transitions lead somewhere, every state can be reached
// and some end, names are unique, inner scopes leave outer variables alone.
#pragma once

#include <vector>

#include "base/json_fwd.h"
#include "engine/asl/diagnostics.h"

namespace presso::asl {

// `machine` is a definition's text in which the parsers found no error: types and required fields
// are as they must be. The text and not what was built from it, because that no longer says under
// which name a part was written.
void validate_graph(const Json& machine, std::vector<Diagnostic>& diagnostics);

}  // namespace presso::asl
