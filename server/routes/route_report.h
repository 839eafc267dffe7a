// What the route table says, for people and for programs: `presso routes`, /_presso/routes.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "base/json.h"
#include "server/integrations/integration.h"
#include "server/routes/route_table.h"

namespace presso::server {

// `presso routes [RESOURCE…] [--config FILE]`: the whole table, or for each resource where a call
// of it would go and which line decides. A resource is an ARN, `queue NAME`, `lambda:invoke` or a
// service. The exit status: 1 for a file or a resource that is no good, 2 for other arguments.
[[nodiscard]] int routes_command(std::span<const std::string> arguments, const Environment&,
                                 std::ostream& out, std::ostream& err);

// [{"match", "to", "source", "where", "max_in_flight", "in_flight", "waiting"}], narrow ones first.
[[nodiscard]] Json to_json(const RouteTable&);
// {"resource", "to", "match", "where", "otherwise": the lines that were not narrow enough}
[[nodiscard]] Result<Json> explain_route(const RouteTable&, const std::string& resource,
                                         const core::Caller&);

// The resource, named as the left side of a route is, or by its ARN.
[[nodiscard]] Result<Called> called_resource(const std::string& resource, const core::Caller&);

// Changes by /_presso/routes: {"sqs": "http://…", "s3": {"to": "http://…", "max_in_flight": 8}}.
// Error: one sentence.
[[nodiscard]] Result<void> put_routes(RouteTable&, std::string_view body);

}  // namespace presso::server
