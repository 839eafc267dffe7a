#include "server/mocks/mock_report.h"

#include <string>
#include <utility>

#include "base/json_members.h"
#include "server/mocks/call_words.h"

namespace presso::server {
namespace {

constexpr char kMocksPage[] = "/_presso/mocks";

Json mock_json(const core::MockRules::Listed& listed) {
  Json json = Json::object();
  json["id"] = listed.rule.id;
  json["source"] = listed.is_told ? "run time" : "file";
  json["where"] = listed.rule.where;
  json["calls"] = listed.calls;
  json["hits"] = listed.hits;
  json["mock"] = listed.rule.source;
  return json;
}

}  // namespace

Json to_json(const std::vector<core::MockRules::Listed>& all) {
  Json list = Json::array();
  for (const auto& listed : all) list.push_back(mock_json(listed));
  return list;
}

Json to_json(const core::MockRules::Rules& rules) {
  Json list = Json::array();
  for (const core::MockRule& rule : rules) {
    list.push_back(mock_json({.rule = rule, .is_told = false}));
  }
  return list;
}

Json mocks_before(const Json& list, const Called& called) {
  Json before = Json::array();
  for (const Json& listed : list) {
    const Json* mock = find_member(listed, "mock");
    const auto words = text_if(*mock, "call");
    const auto match = words ? parse_call_words(*words) : Result<RouteMatch>{RouteMatch{}};
    if (match && match->matches(called)) before.push_back(listed);
  }
  return before;
}

std::string mock_text(const Json& mock) {
  std::string text;
  for (const auto& [name, value] : mock.items()) {
    if (name == "id" || name == "call") continue;
    const std::string* plain = as_string(&value);
    if (!text.empty()) text += ", ";
    text += name + " " + (plain == nullptr ? dump_json(value) : *plain);
  }
  return text;
}

Result<core::MockRules::Rules> mocks_of_body(std::string_view body) {
  auto json = parse_json(body);
  if (!json) return Error{"BadMock", "The body is no JSON: " + json.error().message};
  const bool is_list = json->is_array();
  auto parsed =
      core::parse_mock_rules(is_list ? *json : Json::array({*std::move(json)}), call_match);
  if (const auto* mistake = std::get_if<core::MockMistake>(&parsed)) {
    std::string text = to_string(*mistake);
    if (!is_list) text.erase(0, text.find(']') + 1);
    return Error{"BadMock", (is_list ? "mocks" : "mock") + text};
  }
  auto rules = std::get<core::MockRules::Rules>(std::move(parsed));
  for (core::MockRule& rule : rules) rule.where = kMocksPage;
  return rules;
}

}  // namespace presso::server
