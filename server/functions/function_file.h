// The section `functions:` of presso.yaml:
//
//   functions:
//     orders:
//       runtime: nodejs20.x          # or python3.12, provided.al2023
//       handler: app.handler
//       code: ./orders               # the folder, from that of the file; its own without it
//       command: [node, --enable-source-maps]   # instead of what the runtime has
//       environment: {TABLE: orders}
//       timeout: 3                   # seconds
//       concurrency: 10              # processes side by side
//       memory: 128                  # MB, as the function is told
//
// What is wrong is refused with file and line.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "server/functions/function.h"

namespace YAML {
class Node;
}

namespace presso::server {

// `file`: its path, which relative folders start from and errors name.
[[nodiscard]] Result<std::vector<FunctionSettings>> read_functions(const YAML::Node& functions,
                                                                   const std::string& file);

}  // namespace presso::server
