// The section `routes:` of presso.yaml: a map from what is called to where it goes (route.h), or to
// {to: where it goes, max_in_flight: NUMBER, timeout: SECONDS}.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "server/routes/route.h"

namespace YAML {
class Node;
}

namespace presso::server {

// `file`: its path, which errors and the lines name.
[[nodiscard]] Result<std::vector<RouteLine>> read_routes(const YAML::Node& routes,
                                                         const std::string& file);

}  // namespace presso::server
