#include "server/settings_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <utility>

#include "server/config.h"
#include "server/functions/function_file.h"
#include "server/mocks/mock_section.h"
#include "server/routes/route_file.h"

namespace presso::server {
namespace {

Error wrong_at(const std::string& file, const YAML::Mark& mark, const std::string& what) {
  return {"BadSettings", file + ":" + std::to_string(mark.line + 1) + ": " + what};
}

Result<void> take_functions(const YAML::Node& node, const std::string& file, Settings& settings) {
  auto functions = read_functions(node, file);
  if (!functions) return functions.error();
  settings.functions = *std::move(functions);
  return {};
}
Result<void> take_routes(const YAML::Node& node, const std::string& file, Settings& settings) {
  auto routes = read_routes(node, file);
  if (!routes) return routes.error();
  settings.routes = *std::move(routes);
  return {};
}
Result<void> take_mocks(const YAML::Node& node, const std::string& file, Settings& settings) {
  auto mocks = read_mocks(node, file);
  if (!mocks) return mocks.error();
  settings.mocks = *std::move(mocks);
  return {};
}
Result<void> take_retention(const YAML::Node& node, const std::string& file, Settings& settings) {
  const auto text = node.IsScalar() ? node.Scalar() : std::string{};
  settings.retention = retention_of(text);
  if (settings.retention) return {};
  return wrong_at(file, node.Mark(),
                  "retention wants " + std::string{kWantedRetention} + ", not '" + text + "'");
}

struct Section {
  std::string_view name;
  Result<void> (*take)(const YAML::Node&, const std::string& file, Settings&);
};
constexpr std::array<Section, 4> kSections = {{
    {"functions", take_functions},
    {"mocks", take_mocks},
    {"retention", take_retention},
    {"routes", take_routes},
}};

Result<Settings> read_document(const YAML::Node& document, const std::string& file) {
  Settings settings;
  if (document.IsNull()) return settings;
  if (!document.IsMap()) return wrong_at(file, document.Mark(), "the file is a map of sections");
  for (const auto& entry : document) {
    const auto name = entry.first.as<std::string>("");
    const auto section = std::ranges::find(kSections, name, &Section::name);
    if (section == kSections.end()) {
      return wrong_at(file, entry.first.Mark(), "there is no section '" + name + "'");
    }
    if (entry.second.IsNull()) continue;
    const Result<void> taken = section->take(entry.second, file, settings);
    if (!taken) return taken.error();
  }
  for (const RouteLine& line : settings.routes) {
    const bool is_there = line.to.kind != DestinationKind::Function ||
                          std::ranges::find(settings.functions, line.to.value,
                                            &FunctionSettings::name) != settings.functions.end();
    if (!is_there) {
      return Error{"BadSettings", line.where + ": route " + line.match.text +
                                      ": there is no function '" + line.to.value + "'"};
    }
  }
  return settings;
}

}  // namespace

Result<Settings> read_settings(const std::string& file) {
  try {
    return read_document(YAML::LoadFile(file), file);
  } catch (const YAML::BadFile&) {
    return Error{"BadSettings", file + ": it cannot be read"};
  } catch (const YAML::Exception& error) {
    return wrong_at(file, error.mark, error.msg);
  }
}

}  // namespace presso::server
