// States with states inside: Parallel, and Map with what a Distributed one reads, batches and
// writes. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/asl/limits.h"
#include "engine/asl/parse_parts.h"

namespace presso::asl {
namespace {

// "s3:getObject" of "arn:aws:states:::s3:getObject", in any partition; empty for another form.
std::string_view integration_of(std::string_view resource) {
  const auto parts = split(resource, ':');
  const bool has_form = parts.size() == 7 && parts[0] == "arn" && parts[2] == "states" &&
                        parts[3].empty() && parts[4].empty();
  if (!has_form) return "";
  return resource.substr(resource.size() - parts[5].size() - parts[6].size() - 1);
}

void report_resource(const Reader& reader) {
  reader.report_at("Resource", "The field 'Resource' does not match any of the allowed values");
}

// What a reader and a writer call their service with, in the state's language.
std::string_view arguments_name(const Reader& reader) {
  return reader.context().language == QueryLanguage::Jsonata ? "Arguments" : "Parameters";
}

void report_without(const Reader& reader, std::string_view name) {
  if (!reader.has(name)) reader.report("These fields are required: [" + std::string{name} + "]");
}

void report_unsupported(const Reader& reader, std::string_view name) {
  if (reader.has(name)) reader.report("Field '" + std::string{name} + "' is not supported");
}

// CSV fields belong to CSV alone, ItemsPointer to JSON alone. What a manifest's files hold is known
// only when they are read.
void check_reader_config(const Reader& config, bool is_listing) {
  const auto type = config.text("InputType");
  if (!type) {
    if (!is_listing) config.report("These fields are required: [InputType]");
    return;
  }
  const bool is_csv = type == "CSV";
  if (is_csv && !config.has("CSVHeaderLocation") && !config.has("ManifestType")) {
    config.report("The field 'CSVHeaderLocation' is required");
  }
  if (!is_csv && type != "MANIFEST") {
    for (const auto* name : {"CSVHeaderLocation", "CSVHeaders", "CSVDelimiter"}) {
      report_unsupported(config, name);
    }
  }
  if (type != "JSON") report_unsupported(config, "ItemsPointer");
  if (config.text("CSVHeaderLocation") == "GIVEN" && !config.has("CSVHeaders")) {
    config.report("These fields are required: [CSVHeaders]");
  }
  for (const auto& header : config.elements("CSVHeaders")) {
    if (!header.value().is_string()) header.report("Expected value of type String");
  }
}

std::optional<ItemReader> parse_item_reader(const Reader& map) {
  const auto reader = map.object("ItemReader");
  if (!reader || !reader->check(kItemReaderShape)) return std::nullopt;
  ItemReader result;
  result.resource = reader->text("Resource").value_or("");
  const auto integration = integration_of(result.resource);
  const bool is_listing = integration == "s3:listObjectsV2";
  if (!is_listing && integration != "s3:getObject") report_resource(*reader);
  report_without(*reader, arguments_name(*reader));
  result.parameters = reader->payload(arguments_name(*reader));
  result.reader_config = Json::object();
  const auto config = reader->object("ReaderConfig");
  if (!config) {
    if (!is_listing) reader->report("These fields are required: [ReaderConfig]");
    return result;
  }
  config->check(kReaderConfigShape);
  check_reader_config(*config, is_listing);
  result.reader_config = config->value();
  result.max_items = config->number_or_path("MaxItems");
  return result;
}

std::optional<ItemBatcher> parse_item_batcher(const Reader& map) {
  const auto reader = map.object("ItemBatcher");
  if (!reader || !reader->check(kItemBatcherShape)) return std::nullopt;
  constexpr std::array<std::string_view, 4> kLimits{"MaxItemsPerBatch", "MaxItemsPerBatchPath",
                                                    "MaxInputBytesPerBatch",
                                                    "MaxInputBytesPerBatchPath"};
  const bool has_limit = std::any_of(kLimits.begin(), kLimits.end(),
                                     [&](std::string_view name) { return reader->has(name); });
  if (!has_limit) {
    reader->report(
        "This object should have at least one of the following fields: [MaxItemsPerBatch, "
        "MaxItemsPerBatchPath, MaxInputBytesPerBatch, MaxInputBytesPerBatchPath]");
  }
  return ItemBatcher{.max_items_per_batch = reader->number_or_path("MaxItemsPerBatch"),
                     .max_input_bytes_per_batch = reader->number_or_path("MaxInputBytesPerBatch"),
                     .batch_input = reader->payload("BatchInput")};
}

std::optional<ResultWriter> parse_result_writer(const Reader& map) {
  const auto reader = map.object("ResultWriter");
  if (!reader || !reader->check(kResultWriterShape)) return std::nullopt;
  ResultWriter result;
  result.resource = reader->text("Resource");
  result.parameters = reader->payload(arguments_name(*reader));
  if (result.resource && integration_of(*result.resource) != "s3:putObject") {
    report_resource(*reader);
  }
  if (!result.resource && (result.parameters || !reader->has("WriterConfig"))) {
    reader->report("These fields are required: [Resource]");
  }
  if (result.resource) report_without(*reader, arguments_name(*reader));
  result.writer_config = Json::object();
  if (const auto config = reader->object("WriterConfig")) {
    config->check(kWriterConfigShape);
    result.writer_config = config->value();
  }
  return result;
}

bool is_refused_in_label(char32_t c) {
  constexpr std::u32string_view kRefused = U"<>{}[]?*\"#%\\^|~`$&,;:/";
  return c <= 0x20 || (c >= 0x7F && c <= 0x9F) || kRefused.find(c) != std::u32string_view::npos;
}

std::optional<std::string> parse_label(const Reader& map) {
  const auto label = map.text("Label");
  if (!label) return std::nullopt;
  const auto characters = to_code_points(*label);
  if (characters.size() > kLabelLength) {
    map.report_at("Label",
                  "Label '" + *label + "' exceeds the " + std::to_string(kLabelLength) +
                      "-character limit allowed by the service",
                  "INVALID_LABEL_NAME");
  } else if (std::any_of(characters.begin(), characters.end(), is_refused_in_label)) {
    map.report_at("Label", "Invalid Label name: " + *label, "INVALID_LABEL_NAME");
  }
  return label;
}

void parse_processor_config(const Reader& processor, MapState& state) {
  const auto config = processor.object("ProcessorConfig");
  if (!config) return;
  config->check(kProcessorConfigShape);
  if (config->text("Mode") != "DISTRIBUTED") {
    report_unsupported(*config, "ExecutionType");
    return;
  }
  state.mode = MapState::Mode::Distributed;
  state.has_express_children = config->text("ExecutionType") == "EXPRESS";
  if (!config->has("ExecutionType")) config->report("These fields are required: [ExecutionType]");
  if (processor.context().type == MachineType::Express) {
    config->report_at("Mode",
                      "The field 'Mode' with value 'DISTRIBUTED' is not supported inside "
                      "'EXPRESS' state machines");
  }
}

void parse_processor(const Reader& map, MapState& state) {
  const auto* name = map.has("ItemProcessor") ? "ItemProcessor" : "Iterator";
  const auto processor = map.object(name);
  if (!processor) return;
  processor->check(kProcessorShape);
  parse_processor_config(*processor, state);
  // Children of a Distributed Map are executions of their own kind.
  const bool is_express =
      state.has_express_children || processor->context().type == MachineType::Express;
  Context inner = processor->context();
  inner.type = is_express ? MachineType::Express : MachineType::Standard;
  state.processor = parse_states(Reader{processor->value(), processor->place(), inner});
}

std::optional<Query> parse_items(const Reader& map) {
  const auto* items = map.find("Items");
  const bool is_jsonata = map.context().language == QueryLanguage::Jsonata;
  if (items != nullptr && is_jsonata && !items->is_array() && !is_query_text(*items)) {
    map.report_at("Items", "Expected value of type Array");
  }
  return map.query("Items");
}

}  // namespace

ParallelState parse_parallel(const Reader& reader) {
  ParallelState state;
  for (const auto& branch : reader.elements("Branches")) {
    if (branch.check(kBranchShape)) state.branches.push_back(parse_states(branch));
  }
  state.parameters = reader.payload(arguments_name(reader));
  state.result_selector = reader.path_template("ResultSelector");
  state.result_path = reader.placement();
  return state;
}

MapState parse_map(const Reader& reader) {
  MapState state;
  parse_processor(reader, state);
  if (auto path = reader.reference("ItemsPath"); path && !path->is_root()) {
    state.items_path = {.kind = Selection::Kind::Path, .path = std::move(path)};
  }
  state.items = parse_items(reader);
  state.item_selector = reader.payload(reader.has("ItemSelector") ? "ItemSelector" : "Parameters");
  state.max_concurrency = reader.number_or_path("MaxConcurrency");
  state.result_selector = reader.path_template("ResultSelector");
  state.result_path = reader.placement();
  state.label = parse_label(reader);
  state.tolerated_failure_count = reader.number_or_path("ToleratedFailureCount");
  state.tolerated_failure_percentage = reader.number_or_path("ToleratedFailurePercentage");
  if (state.mode == MapState::Mode::Inline) {
    // AWS: an inline Map may have a Label and tolerances, without effect.
    for (const auto* name : {"ItemReader", "ItemBatcher", "ResultWriter"}) {
      report_unsupported(reader, name);
    }
    return state;
  }
  state.item_reader = parse_item_reader(reader);
  state.item_batcher = parse_item_batcher(reader);
  state.result_writer = parse_result_writer(reader);
  return state;
}

}  // namespace presso::asl
