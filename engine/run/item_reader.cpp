#include "engine/run/item_reader.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace presso::run {

namespace {

Error failed(std::string cause) { return Error{"States.ItemReaderFailed", std::move(cause)}; }

std::string config_text(const Json& config, std::string_view name) {
  const std::string* text = as_string(find_member(config, name));
  return text == nullptr ? std::string{} : *text;
}

char delimiter_of(const Json& config) {
  const std::string name = config_text(config, "CSVDelimiter");
  if (name == "PIPE") return '|';
  if (name == "SEMICOLON") return ';';
  if (name == "SPACE") return ' ';
  if (name == "TAB") return '\t';
  return ',';
}

// RFC 4180: cells in double quotes may hold delimiters, line ends and doubled quotes.
class CsvRows {
 public:
  CsvRows(std::string_view text, char delimiter) : rest_{text}, delimiter_{delimiter} {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  }

  // False at the end. A line without any character is no row.
  bool next(std::vector<std::string>& row) {
    skip_empty_lines();
    if (rest_.empty()) return false;
    row.clear();
    do {
      row.push_back(cell());
    } while (take_delimiter());
    take_line_end();
    return true;
  }

 private:
  void skip_empty_lines() {
    while (!rest_.empty() && (rest_.front() == '\n' || rest_.front() == '\r')) {
      rest_.remove_prefix(1);
    }
  }
  bool take_delimiter() {
    if (rest_.empty() || rest_.front() != delimiter_) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void take_line_end() {
    if (rest_.starts_with('\r')) rest_.remove_prefix(1);
    if (rest_.starts_with('\n')) rest_.remove_prefix(1);
  }
  std::string cell() {
    if (!rest_.starts_with('"')) return std::string{plain()};
    rest_.remove_prefix(1);
    std::string text;
    for (;;) {
      const std::size_t quote = rest_.find('"');
      text += rest_.substr(0, quote);
      if (quote == std::string_view::npos) {
        rest_ = {};
        return text;
      }
      rest_.remove_prefix(quote + 1);
      if (!rest_.starts_with('"')) break;
      text += '"';
      rest_.remove_prefix(1);
    }
    return text + std::string{plain()};
  }
  std::string_view plain() {
    const char ends[] = {delimiter_, '\n', '\r'};
    const std::size_t end =
        std::min(rest_.find_first_of(std::string_view{ends, sizeof ends}), rest_.size());
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return text;
  }

  std::string_view rest_;
  char delimiter_;
};

// AWS: a short row has empty texts at its end, a long one loses what has no header.
Json csv_items(CsvRows& rows, const std::vector<std::string>& headers) {
  Json items = Json::array();
  std::vector<std::string> row;
  while (rows.next(row)) {
    Json item = Json::object();
    for (std::size_t i = 0; i < headers.size(); ++i) {
      item[headers[i]] = i < row.size() ? row[i] : std::string{};
    }
    items.push_back(std::move(item));
  }
  return items;
}

Result<Json> csv_items(const Json& config, std::string_view text) {
  CsvRows rows{text, delimiter_of(config)};
  std::vector<std::string> headers;
  if (const Json* given = find_member(config, "CSVHeaders"); given != nullptr) {
    for (const Json& header : *given) headers.push_back(*as_string(&header));
  } else if (!rows.next(headers)) {
    return failed("The CSV file has no header row.");
  }
  return csv_items(rows, headers);
}

// RFC 6901, as far as a file needs it: names and indices; `~1` and `~0` are escapes.
const Json* at_pointer(const Json& root, std::string_view pointer) {
  const Json* found = &root;
  while (found != nullptr && !pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string name;
    for (std::size_t i = 1; i < end; ++i) {
      const bool is_escape = pointer[i] == '~' && i + 1 < end;
      name += !is_escape ? pointer[i] : pointer[++i] == '1' ? '/' : '~';
    }
    pointer.remove_prefix(end);
    if (found->is_array()) {
      const bool is_index =
          !name.empty() && name.size() < 10 &&
          std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
      const std::size_t index = is_index ? std::stoul(name) : found->size();
      found = index < found->size() ? &(*found)[index] : nullptr;
    } else {
      found = found->is_object() ? find_member(*found, name) : nullptr;
    }
  }
  return found;
}

Result<Json> json_items(const Json& config, std::string_view text) {
  auto parsed = parse_json(text);
  if (!parsed) return failed("Unable to parse the JSON file: " + parsed.error().message);
  const Json* found = at_pointer(*parsed, config_text(config, "ItemsPointer"));
  if (found == nullptr || !found->is_array()) {
    return failed("Attempting to map over non-iterable node.");
  }
  return *found;
}

Result<Json> json_lines_items(std::string_view text) {
  Json items = Json::array();
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto item = parse_json(line);
    if (!item) {
      return failed("Unable to parse line " + std::to_string(number) +
                    " of the JSONL file: " + item.error().message);
    }
    items.push_back(*std::move(item));
  }
  return items;
}

// AWS shows the members of an object in this order.
Json listed_items(const Json& contents) {
  Json items = Json::array();
  for (const Json& object : contents) {
    Json item = Json::object();
    for (const char* name : {"Etag", "LastModified", "Key", "Size", "StorageClass"}) {
      if (const Json* value = find_member(object, name)) item[name] = *value;
    }
    items.push_back(std::move(item));
  }
  return items;
}

bool is_listing(const asl::ItemReader& reader) {
  return reader.resource.ends_with(":listObjectsV2");
}

// An inventory is what a manifest without a type is of.
bool is_inventory(const Json& config) {
  const std::string type = config_text(config, "ManifestType");
  return type == "S3_INVENTORY" || (type.empty() && config_text(config, "InputType") == "MANIFEST");
}

SharedJson file_at(std::string_view bucket, std::string_view key) {
  return SharedJson{Json{{"Bucket", bucket}, {"Key", key}}};
}

// {"destinationBucket": ARN, "fileFormat": "CSV", "fileSchema": "Bucket, Key, …", "files":
// [{"key"}]} https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
Result<ItemFiles> inventory_files(std::string_view text) {
  const auto manifest = parse_json(text);
  if (!manifest) {
    return failed("Unable to parse the manifest of the inventory: " + manifest.error().message);
  }
  const std::string format = config_text(*manifest, "fileFormat");
  if (format != "CSV") {
    return failed("presso does not read inventories of the format '" + format + "'.");
  }
  const std::string arn = config_text(*manifest, "destinationBucket");
  const std::string_view bucket = std::string_view{arn}.substr(arn.rfind(':') + 1);
  const Json* listed = find_member(*manifest, "files");
  if (bucket.empty() || listed == nullptr || !listed->is_array()) {
    return failed("The manifest of the inventory names no bucket or no files.");
  }
  const std::string schema = config_text(*manifest, "fileSchema");
  if (schema.empty()) return failed("The manifest of the inventory names no columns.");
  ItemFiles found;
  for (std::string_view column : split(schema, ',')) {
    column.remove_prefix(std::min(column.find_first_not_of(' '), column.size()));
    found.headers.emplace_back(column.substr(0, column.find_last_not_of(' ') + 1));
  }
  for (const Json& file : *listed) {
    const std::string key = config_text(file, "key");
    if (key.empty()) return failed("The manifest of the inventory names a file without a key.");
    found.files.push_back(file_at(bucket, key));
  }
  return found;
}

// "s3://BUCKET/KEY" on each line.
// https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
Result<ItemFiles> athena_files(std::string_view text) {
  constexpr std::string_view kScheme = "s3://";
  constexpr char kNoDelimiter = '\0';
  ItemFiles found;
  CsvRows rows{text, kNoDelimiter};
  std::vector<std::string> row;
  while (rows.next(row)) {
    const std::string_view uri = row.front();
    const std::size_t slash = uri.find('/', kScheme.size());
    if (!uri.starts_with(kScheme) || slash == std::string_view::npos || slash + 1 == uri.size()) {
      return failed("The manifest names '" + row.front() + "', which is no object in S3.");
    }
    found.files.push_back(
        file_at(uri.substr(kScheme.size(), slash - kScheme.size()), uri.substr(slash + 1)));
  }
  return found;
}

// What a console made as a folder holds nothing.
ItemFiles listed_files(std::string_view bucket, const Json& contents) {
  ItemFiles found;
  for (const Json& object : contents) {
    const std::string key = config_text(object, "Key");
    if (!key.ends_with('/')) found.files.push_back(file_at(bucket, key));
  }
  return found;
}

}  // namespace

bool has_item_files(const asl::ItemReader& reader) {
  const Json& config = reader.reader_config;
  if (is_listing(reader)) return config_text(config, "Transformation") == "LOAD_AND_FLATTEN";
  return find_member(config, "ManifestType") != nullptr || is_inventory(config);
}

Result<ItemFiles> read_item_files(const asl::ItemReader& reader, const Json& parameters,
                                  const Json& answer) {
  if (is_listing(reader)) {
    const Json* contents = find_member(answer, "Contents");
    if (contents == nullptr) return ItemFiles{};
    return listed_files(config_text(parameters, "Bucket"), *contents);
  }
  const std::string* body = as_string(find_member(answer, "Body"));
  if (body == nullptr) return failed("The object has no body.");
  return is_inventory(reader.reader_config) ? inventory_files(*body) : athena_files(*body);
}

Result<Json> read_file_items(const asl::ItemReader& reader, const std::vector<std::string>& headers,
                             const Json& answer) {
  const std::string* body = as_string(find_member(answer, "Body"));
  if (body == nullptr) return failed("The object has no body.");
  if (!headers.empty()) {
    CsvRows rows{*body, ','};
    return csv_items(rows, headers);
  }
  const std::string type = config_text(reader.reader_config, "InputType");
  if (type == "CSV") return csv_items(reader.reader_config, *body);
  if (type == "JSON") return json_items(reader.reader_config, *body);
  if (type == "JSONL") return json_lines_items(*body);
  return failed("presso does not read files of the InputType " + type + ".");
}

Result<Json> read_items(const asl::ItemReader& reader, const Json& answer) {
  if (const Json* contents = find_member(answer, "Contents")) return listed_items(*contents);
  if (is_listing(reader)) return Json::array();
  return read_file_items(reader, {}, answer);
}

}  // namespace presso::run
