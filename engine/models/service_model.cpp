// The text of a service, its fields separated by tabs:
//
//   id, error prefix, protocol, JSON version, target prefix, signing name, API version, XML
//     namespace, number of actions, number of errors
//   a line an action: as in a Resource, on the wire, method, URI, input, output, result wrapper,
//     input's element, its namespace; the last ones left out where they are empty
//   a line an error: code, name in the second SDK for Java, name in the first where it differs
//   a line a shape, named by its number:
//     s b i d x X  text, truth value, integer, number, blob, stream; then minimum, maximum, values
//     t j          time (with its form: i u r), document
//     {            a structure, then its members
//     [            a list: its item, "f" when it is flattened
//     <            a map: key, value, "f"
//   A member is NAME SHAPE [=FLAGS] [PLACE]: flags as in read_flags, places as in read_place.
#include "engine/models/service_model.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/assert.h"
#include "base/gzip.h"
#include "base/text.h"
#include "engine/models/embedded.h"

namespace presso::models {

namespace {

constexpr std::size_t kTextBytes = 16UL * 1024 * 1024;  // the largest has less than one million

std::size_t whole_number(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<double> bound(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  return number;
}

std::string_view at(const std::vector<std::string_view>& fields, std::size_t i) {
  return i < fields.size() ? fields[i] : std::string_view{};
}

std::optional<std::size_t> optional_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return whole_number(text);
}

Protocol protocol_of(std::string_view name) {
  if (name == "rest-json") return Protocol::RestJson;
  if (name == "query") return Protocol::Query;
  if (name == "ec2") return Protocol::Ec2;
  if (name == "rest-xml") return Protocol::RestXml;
  return Protocol::Json;
}

TimeForm time_form(char letter) {
  if (letter == 'i') return TimeForm::Iso;
  if (letter == 'u') return TimeForm::Epoch;
  return letter == 'r' ? TimeForm::Http : TimeForm::Default;
}

void read_flags(Member& member, std::string_view flags) {
  for (const char flag : flags) {
    switch (flag) {
      case '!': member.is_required = true; break;
      case '*': member.is_payload = true; break;
      case 'a': member.is_attribute = true; break;
      case '%': member.is_token = true; break;
      case 'f': member.is_flattened = true; break;
      default: member.time = time_form(flag);
    }
  }
}

void read_place(Member& member, std::string_view place) {
  if (place.front() == 'Q') {
    member.query = place.substr(1);
    return;
  }
  member.wire = place.substr(1);
  switch (place.front()) {
    case 'h': member.location = Location::Header; break;
    case 'p': member.location = Location::Headers; break;
    case 'u': member.location = Location::Uri; break;
    case 'q': member.location = Location::Query; break;
    case 'c': member.location = Location::Status; break;
    default: member.location = Location::Body;
  }
}

Member read_member(std::string_view text) {
  const auto parts = split(text, ' ');
  Member member;
  member.name = parts[0];
  member.shape = whole_number(parts[1]);
  for (std::size_t i = 2; i < parts.size(); ++i) {
    if (parts[i].starts_with('=')) {
      read_flags(member, parts[i].substr(1));
    } else {
      read_place(member, parts[i]);
    }
  }
  return member;
}

// "NUMBER", "NUMBER NAME".
Member read_item(std::string_view text) {
  const auto parts = split(text, ' ');
  Member item;
  item.shape = whole_number(parts[0]);
  item.wire = at(parts, 1);
  return item;
}

ShapeKind scalar_kind(char letter) {
  switch (letter) {
    case 'b': return ShapeKind::Boolean;
    case 'i': return ShapeKind::Integer;
    case 'd': return ShapeKind::Number;
    case 't': return ShapeKind::Time;
    case 'x': return ShapeKind::Blob;
    case 'X': return ShapeKind::Stream;
    case 'j': return ShapeKind::Document;
    default: return ShapeKind::Text;
  }
}

// The line whose first word is `name`; empty without it.
std::string_view line_of(std::string_view index, std::string_view name) {
  while (!index.empty()) {
    const std::string_view line = index.substr(0, index.find('\n'));
    if (line.starts_with(name) && line.substr(name.size()).starts_with(' ')) return line;
    index.remove_prefix(std::min(index.size(), line.size() + 1));
  }
  return {};
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// Words of Java, and methods of all its objects: members of these names have "Value" behind them.
constexpr std::array<std::string_view, 24> kJavaWords{
    "abstract", "assert", "boolean", "break",   "case",    "class",  "continue", "default",
    "do",       "else",   "enum",    "equals",  "final",   "for",    "if",       "import",
    "int",      "new",    "null",    "package", "private", "public", "return",   "switch"};

}  // namespace

ServiceModel::ServiceModel(std::string text) : text_(std::move(text)) {
  const auto lines = split(text_, '\n');
  const auto head = split(lines[0], '\t');
  PRESSO_ASSERT(head.size() == 10);
  id = head[0];
  prefix = head[1];
  protocol = protocol_of(head[2]);
  json_version = head[3];
  target_prefix = head[4];
  signing_name = head[5];
  api_version = head[6];
  xml_namespace = head[7];
  const auto actions = lines.begin() + 1;
  const auto errors = actions + static_cast<std::ptrdiff_t>(whole_number(head[8]));
  const auto shapes = errors + static_cast<std::ptrdiff_t>(whole_number(head[9]));
  actions_.assign(actions, errors);
  errors_.assign(errors, shapes);
  shapes_.assign(shapes, lines.end());
}

std::optional<Action> ServiceModel::action(std::string_view name) const {
  for (const std::string_view line : actions_) {
    if (line.substr(0, line.find('\t')) != name) continue;
    const auto fields = split(line, '\t');
    Action action;
    action.name = at(fields, 1);
    action.method = at(fields, 2);
    action.uri = at(fields, 3);
    action.input = optional_number(at(fields, 4));
    action.output = optional_number(at(fields, 5));
    action.result_wrapper = at(fields, 6);
    action.input_name = at(fields, 7);
    action.input_space = at(fields, 8);
    return action;
  }
  return std::nullopt;
}

std::optional<ErrorNames> ServiceModel::error_names(std::string_view code) const {
  for (const std::string_view line : errors_) {
    const auto fields = split(line, '\t');
    if (fields[0] != code) continue;
    return ErrorNames{.sdk = fields[1], .optimised = fields.size() > 2 ? fields[2] : fields[1]};
  }
  return std::nullopt;
}

Shape ServiceModel::shape(std::size_t number) const {
  PRESSO_ASSERT(number < shapes_.size());
  const auto fields = split(shapes_[number], '\t');
  const char letter = fields[0].front();
  Shape shape;
  if (letter == '{') {
    for (std::size_t i = 1; i < fields.size(); ++i) {
      shape.members.push_back(read_member(fields[i]));
    }
    return shape;
  }
  if (letter == '[') {
    shape.kind = ShapeKind::List;
    shape.item = read_item(fields[0].substr(1));
    shape.is_flattened = at(fields, 1) == "f";
    return shape;
  }
  if (letter == '<') {
    shape.kind = ShapeKind::Map;
    shape.key = read_item(fields[0].substr(1));
    shape.item = read_item(at(fields, 1));
    shape.is_flattened = at(fields, 2) == "f";
    return shape;
  }
  shape.kind = scalar_kind(letter);
  if (letter == 't' && fields[0].size() > 1) shape.time = time_form(fields[0][1]);
  shape.min = bound(at(fields, 1));
  shape.max = bound(at(fields, 2));
  if (fields.size() > 3) shape.values.assign(fields.begin() + 3, fields.end());
  return shape;
}

Known has_action(std::string_view service, std::string_view action) {
  const auto words = split(line_of(embedded_index(), service), ' ');
  if (words.size() < 3) return Known::No;
  if (words.size() == 3) return Known::Perhaps;
  const bool is_there = std::find(words.begin() + 3, words.end(), action) != words.end();
  return is_there ? Known::Yes : Known::No;
}

std::shared_ptr<const ServiceModel> load_model(std::string_view service) {
  const auto words = split(line_of(embedded_index(), service), ' ');
  if (words.size() <= 3) return nullptr;
  const auto packed = embedded_models().substr(whole_number(words[1]), whole_number(words[2]));
  auto text = gunzip(packed, kTextBytes);
  PRESSO_ASSERT(text.has_value());
  return std::make_shared<const ServiceModel>(*std::move(text));
}

// The first word in small letters, then its first letter large again.
std::string shown_name(std::string_view member) {
  if (member == "NULL") return "Nul";  // the one exception that the SDK makes, of DynamoDB's values
  std::string name{member};
  std::size_t end = 1;
  while (end < name.size() && is_upper(name[end])) {
    if (end + 1 < name.size() && is_lower(name[end + 1])) break;
    ++end;
  }
  for (std::size_t i = 0; i < end; ++i) {
    if (is_upper(name[i])) name[i] = static_cast<char>(name[i] - 'A' + 'a');
  }
  if (std::find(kJavaWords.begin(), kJavaWords.end(), name) != kJavaWords.end()) name += "Value";
  return capital_name(name);
}

std::string capital_name(std::string_view member) {
  std::string name{member};
  const bool is_small = !name.empty() && is_lower(name.front());
  if (is_small) name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name;
}

}  // namespace presso::models
