#include "server/routes/route_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <utility>

namespace presso::server {
namespace {

Error wrong_route(const std::string& file, const YAML::Node& node, const std::string& what) {
  return {"BadSettings", file + ":" + std::to_string(node.Mark().line + 1) + ": " + what};
}

// {to: URL, max_in_flight: 10, timeout: 5}
Result<void> read_limits(const YAML::Node& route, const std::string& file, const std::string& path,
                         RouteLimits& limits) {
  for (const auto& member : route) {
    const auto name = member.first.as<std::string>("");
    if (name == "to") continue;
    const auto value = member.second.IsScalar() ? member.second.as<double>(0) : 0;
    const Result<void> set = set_route_limit(limits, name, value);
    if (!set) return wrong_route(file, member.first, path + set.error().message);
  }
  return {};
}

}  // namespace

Result<std::vector<RouteLine>> read_routes(const YAML::Node& routes, const std::string& file) {
  if (!routes.IsMap()) {
    return wrong_route(file, routes, "routes is a map from what is called to where it goes");
  }
  std::vector<RouteLine> lines;
  for (const auto& entry : routes) {
    const auto match = entry.first.as<std::string>("");
    const std::string path = "route " + match + ": ";
    const YAML::Node to = entry.second.IsMap() ? entry.second["to"] : entry.second;
    if (!to || !to.IsScalar()) {
      return wrong_route(file, entry.first,
                         path + "it goes to a URL, function NAME, mock, aws or forward");
    }
    auto line = parse_route_line(match, to.Scalar());
    if (!line) return wrong_route(file, entry.first, path + line.error().message);
    if (entry.second.IsMap()) {
      const Result<void> limited = read_limits(entry.second, file, path, line->limits);
      if (!limited) return limited.error();
    }
    const bool is_twice = std::ranges::any_of(
        lines, [&](const RouteLine& known) { return known.match == line->match; });
    if (is_twice) return wrong_route(file, entry.first, path + "it is there twice");
    line->source = RouteSource::File;
    line->where = file + ":" + std::to_string(entry.first.Mark().line + 1);
    lines.push_back(*std::move(line));
  }
  return lines;
}

}  // namespace presso::server
