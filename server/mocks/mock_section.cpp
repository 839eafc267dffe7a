#include "server/mocks/mock_section.h"

#include <yaml-cpp/yaml.h>

#include <utility>

#include "server/mocks/call_words.h"
#include "server/yaml_json.h"

namespace presso::server {
namespace {

std::string mock_line(const std::string& file, const YAML::Node& node) {
  return file + ":" + std::to_string(node.Mark().line + 1);
}

// The key of the member that is wrong, "throw.error", as far as it is there.
YAML::Node place_of(const YAML::Node& rule, const std::string& path) {
  YAML::Node place = rule;
  YAML::Node within = rule;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t dot = std::min(path.find('.', begin), path.size());
    const std::string name = path.substr(begin, dot - begin);
    begin = dot + 1;
    if (!within.IsMap()) break;
    YAML::Node next;
    for (const auto& member : within) {
      if (member.first.as<std::string>("") != name) continue;
      place.reset(member.first);
      next.reset(member.second);
    }
    within.reset(next);
  }
  return place;
}

}  // namespace

Result<core::MockRules::Rules> read_mocks(const YAML::Node& mocks, const std::string& file) {
  const auto wrong = [&](const YAML::Node& node, const std::string& what) {
    return Error{"BadSettings", mock_line(file, node) + ": " + what};
  };
  if (!mocks.IsSequence()) return wrong(mocks, "mocks is a list of mocks");
  Json list = Json::array();
  for (const auto& rule : mocks) {
    auto json = json_of_yaml(rule);
    if (!json) {
      return wrong(rule, "mocks[" + std::to_string(list.size()) + "]: " + json.error().message);
    }
    list.push_back(*std::move(json));
  }
  auto parsed = core::parse_mock_rules(list, call_match);
  if (const auto* mistake = std::get_if<core::MockMistake>(&parsed)) {
    return wrong(place_of(mocks[mistake->index], mistake->path), "mocks" + to_string(*mistake));
  }
  auto rules = std::get<core::MockRules::Rules>(std::move(parsed));
  for (std::size_t i = 0; i < rules.size(); ++i) rules[i].where = mock_line(file, mocks[i]);
  return rules;
}

}  // namespace presso::server
