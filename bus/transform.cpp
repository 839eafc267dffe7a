// template = ( "<" name ">" | JSON string with <names> in it | other text )*
//
// Where a name stands decides what it becomes: inside a JSON string the text of its value,
// elsewhere the value's JSON.
#include "bus/transform.h"

#include <array>
#include <functional>
#include <optional>

#include "base/json.h"
#include "bus/limits.h"
#include "lang/jsonpath/path.h"

namespace presso::bus {
namespace {

constexpr std::string_view kRuleArn = "aws.events.rule-arn";
constexpr std::string_view kRuleName = "aws.events.rule-name";
constexpr std::string_view kIngestionTime = "aws.events.event.ingestion-time";
constexpr std::string_view kEventWithoutDetail = "aws.events.event";
constexpr std::string_view kWholeEvent = "aws.events.event.json";
constexpr std::array<std::string_view, 5> kReserved = {kRuleArn, kRuleName, kIngestionTime,
                                                       kEventWithoutDetail, kWholeEvent};

Error invalid(std::string message) { return {"ValidationException", std::move(message)}; }

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

bool is_reserved(std::string_view name) {
  for (const std::string_view reserved : kReserved) {
    if (reserved == name) return true;
  }
  return false;
}

// The name of a placeholder that begins at `position`, or nothing.
std::string_view placeholder_at(std::string_view text, std::size_t position) {
  if (text[position] != '<') return {};
  std::size_t end = position + 1;
  while (end < text.size() && is_name_character(text[end])) ++end;
  if (end == text.size() || text[end] != '>') return {};
  return text.substr(position + 1, end - position - 1);
}

// The template with each placeholder replaced; `replace` is told whether it stands in a JSON
// string.
std::string fill(std::string_view text,
                 const std::function<std::string(std::string_view name, bool in_string)>& replace) {
  std::string filled;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view name = placeholder_at(text, i);
    if (!name.empty()) {
      filled += replace(name, in_string);
      i += name.size() + 1;
      continue;
    }
    filled += text[i];
    if (text[i] == '\\' && in_string && i + 1 < text.size()) {
      filled += text[++i];
    } else if (text[i] == '"') {
      in_string = !in_string;
    }
  }
  return filled;
}

char first_character(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  return start == std::string_view::npos ? '\0' : text[start];
}

bool is_json_template(std::string_view text) {
  const char first = first_character(text);
  return first == '{' || first == '[';
}
// A text without quotes around it, or quotes anywhere: names become plain text.
bool is_plain_template(std::string_view text) {
  return !is_json_template(text) && first_character(text) != '"';
}
bool is_one_placeholder(std::string_view text) {
  return !text.empty() && placeholder_at(text, 0).size() + 2 == text.size();
}

Result<void> validate_transformer(const Target& target) {
  const InputTransformer& transformer = *target.input_transformer;
  if (transformer.input_paths.size() > kMaxTransformerPaths) {
    return invalid("InputPathsMap for target " + target.id + " has more than " +
                   std::to_string(kMaxTransformerPaths) + " entries.");
  }
  for (const auto& [name, path] : transformer.input_paths) {
    if (name.starts_with("AWS.") || name.starts_with("aws.")) {
      return invalid("InputPathsMap for target " + target.id + " contains reserved key " + name +
                     ".");
    }
    if (!jsonpath::Path::compile(path)) {
      return invalid("InputPathsMap for target " + target.id + " contains invalid JsonPath " +
                     path + ".");
    }
  }
  std::optional<std::string> unknown;
  const std::string sample =
      fill(transformer.input_template, [&](std::string_view name, bool in_string) {
        if (!unknown && !is_reserved(name) &&
            transformer.input_paths.find(std::string{name}) == transformer.input_paths.end()) {
          unknown = name;
        }
        return std::string{in_string ? "" : "null"};
      });
  if (unknown) {
    return invalid("InputTemplate for target " + target.id + " contains invalid placeholder " +
                   *unknown + ".");
  }
  if (is_json_template(transformer.input_template) && !parse_json(sample)) {
    return invalid("Invalid InputTemplate for target " + target.id + ".");
  }
  return {};
}

// AWS: inside a text a value is its JSON without the quotes, so that ["a","b"] becomes [a,b].
std::string without_quotes(std::string_view json) {
  std::string text;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"') continue;
    text += json[i];
    if (json[i] == '\\') text += json[++i];
  }
  return text;
}

// Makes the event's JSON once, and only when a path asks for it.
class Values {
 public:
  Values(const Event& event, const TransformContext& context) : event_(event), context_(context) {}

  // As JSON; nothing where the path leads nowhere.
  std::optional<std::string> at_path(const std::string& path) {
    if (path == "$") return envelope_text(event_);
    if (path == "$.detail") {
      return compact_json_text(event_.detail);
    }
    const auto compiled = jsonpath::Path::compile(path);
    if (!compiled) return std::nullopt;
    const auto value = jsonpath::select(*compiled, document());
    if (!value) return std::nullopt;
    return dump_json(*value);
  }

  std::string reserved(std::string_view name) {
    if (name == kRuleArn) return dump_json(context_.rule_arn);
    if (name == kRuleName) return dump_json(context_.rule_name);
    if (name == kIngestionTime) return dump_json(to_iso_milliseconds(context_.ingestion_time));
    if (name == kWholeEvent) return envelope_text(event_);
    Json without_detail = document();
    without_detail.erase("detail");
    return dump_json(without_detail);
  }

 private:
  const Json& document() {
    if (!document_) document_ = envelope(event_);
    return *document_;
  }

  const Event& event_;
  const TransformContext& context_;
  std::optional<Json> document_;
};

std::string transform(const InputTransformer& transformer, Values values) {
  const std::string& text = transformer.input_template;
  const bool is_plain = is_plain_template(text) && !is_one_placeholder(text);
  return fill(text, [&](std::string_view name, bool in_string) {
    std::optional<std::string> json;
    if (is_reserved(name)) {
      json = values.reserved(name);
    } else if (const auto path = transformer.input_paths.find(std::string{name});
               path != transformer.input_paths.end()) {
      json = values.at_path(path->second);
    }
    // AWS: a value that is not there is an empty text, in a JSON place too.
    if (!json) json = "\"\"";
    return in_string || is_plain ? without_quotes(*json) : *json;
  });
}

constexpr std::array<std::string_view, 4> kDynamicParameters = {
    "EcsParameters", "HttpParameters", "RedshiftDataParameters", "SageMakerPipelineParameters"};

void fill_paths(Json& parameter, Values& values) {
  if (parameter.is_object() || parameter.is_array()) {
    for (Json& part : parameter) fill_paths(part, values);
  }
  const std::string* path = as_string(&parameter);
  if (path == nullptr || !path->starts_with("$.")) return;
  const auto text = values.at_path(*path);
  if (!text) {
    parameter = "";
    return;
  }
  auto value = parse_json(*text);
  parameter = value && value->is_string() ? *std::move(value) : Json(*text);
}

}  // namespace

Result<void> validate_input(const Target& target) {
  const int given = static_cast<int>(target.input.has_value()) +
                    static_cast<int>(target.input_path.has_value()) +
                    static_cast<int>(target.input_transformer.has_value());
  if (given > 1) {
    return invalid(
        "Only one of Input, InputPath, or InputTransformer must be provided for target " +
        target.id + ".");
  }
  if (target.input && !parse_json(*target.input)) {
    return invalid("Input for target " + target.id + " is not a valid JSON text.");
  }
  if (target.input_path && !jsonpath::Path::compile(*target.input_path)) {
    return invalid("InputPath for target " + target.id + " is not a valid JsonPath.");
  }
  if (target.input_transformer) return validate_transformer(target);
  return {};
}

std::string target_input(const Target& target, const Event& event,
                         const TransformContext& context) {
  if (target.input) return *target.input;
  Values values{event, context};
  if (target.input_path) return values.at_path(*target.input_path).value_or("null");
  if (target.input_transformer) return transform(*target.input_transformer, values);
  return envelope_text(event);
}

void fill_parameters(Json& target, const Event& event) {
  const TransformContext context;
  Values values{event, context};
  for (const std::string_view name : kDynamicParameters) {
    const auto member = target.find(std::string{name});
    if (member != target.end()) fill_paths(*member, values);
  }
}

}  // namespace presso::bus
