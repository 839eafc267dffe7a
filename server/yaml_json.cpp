#include "server/yaml_json.h"

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace presso::server {
namespace {

constexpr std::size_t kMostNodes = 100'000;  // a file of some megabytes
constexpr std::size_t kDeepest = 200;        // as JSON is read, with room around it

template <class Number>
bool reads_as(const std::string& text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && at == end;
}

// What is quoted has the tag "!".
Json scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (text.empty() || text == "null" || text == "Null" || text == "~") return nullptr;
  std::uint64_t count = 0;
  if (reads_as(text, count)) return count;
  std::int64_t whole = 0;
  if (reads_as(text, whole)) return whole;
  double number = 0;
  const bool is_number = text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (is_number && reads_as(text, number) && std::isfinite(number)) return number;
  return text;
}

class YamlReader {
 public:
  Result<Json> read(const YAML::Node& node, std::size_t depth) {
    if (++nodes_ > kMostNodes) return Error{"BadSettings", "it is too large"};
    if (depth > kDeepest) return Error{"BadSettings", "it is nested too deeply"};
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null: return Json(nullptr);
      case YAML::NodeType::Scalar: return scalar(node);
      case YAML::NodeType::Sequence: return list(node, depth);
      case YAML::NodeType::Map: return map(node, depth);
    }
    return Json(nullptr);
  }

 private:
  Result<Json> list(const YAML::Node& node, std::size_t depth) {
    Json array = Json::array();
    for (const auto& element : node) {
      auto value = read(element, depth + 1);
      if (!value) return value;
      array.push_back(*std::move(value));
    }
    return array;
  }
  Result<Json> map(const YAML::Node& node, std::size_t depth) {
    Json object = Json::object();
    for (const auto& member : node) {
      auto value = read(member.second, depth + 1);
      if (!value) return value;
      const auto name = member.first.as<std::string>("");
      if (object.contains(name)) return Error{"BadSettings", "'" + name + "' is there twice"};
      object[name] = *std::move(value);
    }
    return object;
  }

  std::size_t nodes_ = 0;
};

}  // namespace

Result<Json> json_of_yaml(const YAML::Node& node) { return YamlReader{}.read(node, 0); }

}  // namespace presso::server
