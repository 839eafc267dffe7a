#include <doctest/doctest.h>

#include "engine/asl/parse.h"
#include "tests/unit/asl/asl_test.h"

namespace presso::asl {
namespace {

const std::string kFault = "SCHEMA_VALIDATION_FAILED: ";
const std::string kStates = R"("StartAt":"I","States":{"I":{"Type":"Pass","End":true}})";

std::string map_of(std::string_view config, std::string_view fields) {
  return R"({"Type":"Map","End":true,"ItemProcessor":{)" + kStates +
         (config.empty() ? "" : R"(,"ProcessorConfig":)" + std::string{config}) + "}" +
         (fields.empty() ? "" : "," + std::string{fields}) + "}";
}

std::string inline_map(std::string_view fields) { return map_of("", fields); }

std::string distributed(std::string_view fields) {
  return map_of(R"({"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"})", fields);
}

std::string reader_of(std::string_view config) {
  return distributed(R"("ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
      "Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":)" +
                     std::string{config} + "}");
}

struct Case {
  std::string state;
  std::string expected;
};

void check_all(const std::vector<Case>& cases) {
  for (const auto& it : cases) {
    CAPTURE(it.state);
    CHECK(joined(faults_of(it.state)) == kFault + it.expected);
  }
}

TEST_CASE("a Parallel has branches, each a machine of its own") {
  check_all({
      {R"({"Type":"Parallel","End":true})", "These fields are required: [Branches] at /States/A"},
      {R"({"Type":"Parallel","End":true,"Branches":[]})",
       "Value cannot be empty at /States/A/Branches"},
      {R"({"Type":"Parallel","End":true,"Branches":[1]})",
       "Expected value of type Object at /States/A/Branches[0]"},
      {R"({"Type":"Parallel","End":true,"Branches":[{"StartAt":"I"}]})",
       "These fields are required: [States] at /States/A/Branches[0]"},
      {R"({"Type":"Parallel","End":true,"Branches":[{"Name":"n",)" + kStates + "}]}",
       "Field 'Name' is not supported at /States/A/Branches[0]"},
      {R"({"Type":"Parallel","End":true,"Branches":[{"StartAt":"I","States":{"I":{}}}]})",
       "These fields are required: [Type] at /States/A/Branches[0]/States/I"},
  });
  const auto state = state_of(R"({"Type":"Parallel","End":true,"Parameters":{"a":1},
      "ResultSelector":{"b.$":"$"},"ResultPath":"$.r","Branches":[{)" +
                              kStates + "}]}");
  const auto& detail = std::get<ParallelState>(state.detail);
  REQUIRE(detail.branches.size() == 1);
  CHECK(detail.branches[0].start_at == "I");
  CHECK(detail.branches[0].states.front().name == "I");
  CHECK(detail.result_path.path->text() == "$.r");
}

TEST_CASE("a Map has one processor") {
  check_all({
      {R"({"Type":"Map","End":true})",
       "This object should have only one of the following fields: [ItemProcessor, Iterator] at "
       "/States/A"},
      {inline_map(R"("Iterator":{)" + kStates + "}"),
       "There should only be one of the following fields: [ItemProcessor, Iterator] at /States/A"},
      {inline_map(R"("ItemSelector":{},"Parameters":{})"),
       "There should only be one of the following fields: [ItemSelector, Parameters] at "
       "/States/A"},
      {R"({"Type":"Map","End":true,"ItemProcessor":{"QueryLanguage":"JSONPath",)" + kStates + "}}",
       "Field 'QueryLanguage' is not supported at /States/A/ItemProcessor"},
      {R"({"Type":"Map","End":true,"Iterator":{"StartAt":"I","States":{"I":{}}}})",
       "These fields are required: [Type] at /States/A/Iterator/States/I"},
      {inline_map(R"("ItemsPath":"$.a[*]")"),
       "Value is not a Reference Path at /States/A/ItemsPath"},
      {inline_map(R"("ItemsPath":"a")"), "Value must be a valid JSONPath. at /States/A/ItemsPath"},
      {inline_map(R"("Items":[1])"),
       "The QueryLanguage is set to 'JSONPath', but field 'Items' is only supported for the "
       "'JSONata' QueryLanguage at /States/A"},
      {inline_map(R"("MaxConcurrency":-1)"), "Minimum value is 0 at /States/A/MaxConcurrency"},
      {inline_map(R"("MaxConcurrency":1,"MaxConcurrencyPath":"$.c")"),
       "There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath] at "
       "/States/A"},
      {inline_map(R"("ToleratedFailureCount":1,"ToleratedFailureCountPath":"$.c")"),
       "There should only be one of the following fields: [ToleratedFailureCount, "
       "ToleratedFailureCountPath] at /States/A"},
      {distributed(R"("ToleratedFailurePercentage":101)"),
       "Maximum value is 100 at /States/A/ToleratedFailurePercentage"},
  });
}

TEST_CASE("the mode decides what a Map may have") {
  check_all({
      {map_of(R"({"Mode":"BOTH"})", ""),
       "Value should be one of the following: [INLINE, DISTRIBUTED] at "
       "/States/A/ItemProcessor/ProcessorConfig/Mode"},
      {map_of(R"({"Mode":"DISTRIBUTED"})", ""),
       "These fields are required: [ExecutionType] at /States/A/ItemProcessor/ProcessorConfig"},
      {map_of(R"({"Mode":"DISTRIBUTED","ExecutionType":"FAST"})", ""),
       "Value should be one of the following: [STANDARD, EXPRESS] at "
       "/States/A/ItemProcessor/ProcessorConfig/ExecutionType"},
      {map_of(R"({"Mode":"INLINE","ExecutionType":"STANDARD"})", ""),
       "Field 'ExecutionType' is not supported at /States/A/ItemProcessor/ProcessorConfig"},
      {inline_map(R"("ItemReader":{})"), "Field 'ItemReader' is not supported at /States/A"},
      {inline_map(R"("ItemBatcher":{})"), "Field 'ItemBatcher' is not supported at /States/A"},
      {inline_map(R"("ResultWriter":{})"), "Field 'ResultWriter' is not supported at /States/A"},
  });
  CHECK(faults_of(inline_map(R"("Label":"l","ToleratedFailurePercentage":5)")).empty());
}

TEST_CASE("labels are short and plain") {
  const std::string label(41, 'l');
  CHECK(joined(faults_of(distributed(R"("Label":")" + label + "\""))) ==
        "INVALID_LABEL_NAME: Label '" + label +
            "' exceeds the 40-character limit allowed by the service at /States/A/Label");
  CHECK(joined(faults_of(distributed(R"("Label":"a b")"))) ==
        "INVALID_LABEL_NAME: Invalid Label name: a b at /States/A/Label");
  CHECK(faults_of(distributed(R"("Label":"M_1-x.y")")).empty());
}

TEST_CASE("an item reader says where the items are") {
  const std::string at = " at /States/A/ItemReader";
  check_all({
      {distributed(R"("ItemReader":{})"),
       "These fields are required: [Resource]" + at + "\n" + kFault +
           "The field 'Resource' does not match any of the allowed values" + at + "/Resource\n" +
           kFault + "These fields are required: [Parameters]" + at + "\n" + kFault +
           "These fields are required: [ReaderConfig]" + at},
      {distributed(R"("ItemReader":{"Resource":"arn:aws:states:::s3:putObject",
            "Parameters":{},"ReaderConfig":{"InputType":"JSON"}})"),
       "The field 'Resource' does not match any of the allowed values" + at + "/Resource"},
      {reader_of(R"({"InputType":"XML"})"),
       "Value should be one of the following: [CSV, JSON, JSONL, MANIFEST, PARQUET]" + at +
           "/ReaderConfig/InputType"},
      {reader_of("{}"), "These fields are required: [InputType]" + at + "/ReaderConfig"},
      {reader_of(R"({"InputType":"CSV"})"),
       "The field 'CSVHeaderLocation' is required" + at + "/ReaderConfig"},
      {reader_of(R"({"InputType":"CSV","CSVHeaderLocation":"GIVEN"})"),
       "These fields are required: [CSVHeaders]" + at + "/ReaderConfig"},
      {reader_of(R"({"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":[1]})"),
       "Expected value of type String" + at + "/ReaderConfig/CSVHeaders[0]"},
      {reader_of(R"({"InputType":"JSON","CSVHeaderLocation":"FIRST_ROW"})"),
       "Field 'CSVHeaderLocation' is not supported" + at + "/ReaderConfig"},
      {reader_of(R"({"InputType":"JSONL","ItemsPointer":"/a"})"),
       "Field 'ItemsPointer' is not supported" + at + "/ReaderConfig"},
      {reader_of(R"({"InputType":"JSON","MaxItems":1,"MaxItemsPath":"$.m"})"),
       "There should only be one of the following fields: [MaxItems, MaxItemsPath]" + at +
           "/ReaderConfig"},
      {reader_of(R"({"InputType":"JSON","MaxItems":100000001})"),
       "Maximum value is 100000000" + at + "/ReaderConfig/MaxItems"},
      {reader_of(R"({"InputType":"JSON","Delimiter":";"})"),
       "Field 'Delimiter' is not supported" + at + "/ReaderConfig"},
  });
}

TEST_CASE("batchers and writers are checked too") {
  const std::string batcher = " at /States/A/ItemBatcher";
  const std::string writer = " at /States/A/ResultWriter";
  check_all({
      {distributed(R"("ItemBatcher":{"BatchInput":{}})"),
       "This object should have at least one of the following fields: [MaxItemsPerBatch, "
       "MaxItemsPerBatchPath, MaxInputBytesPerBatch, MaxInputBytesPerBatchPath]" +
           batcher},
      {distributed(R"("ItemBatcher":{"MaxItemsPerBatch":1,"MaxItemsPerBatchPath":"$.m"})"),
       "There should only be one of the following fields: [MaxItemsPerBatch, "
       "MaxItemsPerBatchPath]" +
           batcher},
      {distributed(R"("ItemBatcher":{"MaxItemsPerBatch":0})"),
       "Minimum value is 1" + batcher + "/MaxItemsPerBatch"},
      {distributed(R"("ItemBatcher":{"MaxInputBytesPerBatch":262145})"),
       "Maximum value is 262144" + batcher + "/MaxInputBytesPerBatch"},
      {distributed(R"("ResultWriter":{})"), "These fields are required: [Resource]" + writer},
      {distributed(R"("ResultWriter":{"Resource":"arn:aws:states:::s3:getObject",
                                      "Parameters":{}})"),
       "The field 'Resource' does not match any of the allowed values" + writer + "/Resource"},
      {distributed(R"("ResultWriter":{"Resource":"arn:aws:states:::s3:putObject"})"),
       "These fields are required: [Parameters]" + writer},
      {distributed(R"("ResultWriter":{"WriterConfig":{"OutputType":"CSV"}})"),
       "Value should be one of the following: [JSON, JSONL]" + writer + "/WriterConfig/OutputType"},
  });
}

TEST_CASE("a distributed Map is read whole") {
  const auto state =
      state_of(map_of(R"({"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"})",
                      R"("Label":"L","ItemsPath":"$.items","MaxConcurrencyPath":"$.c",
      "ItemSelector":{"v.$":"$$.Map.Item.Value"},"ToleratedFailureCount":3,
      "ToleratedFailurePercentagePath":"$.p","ResultSelector":{"r.$":"$"},"ResultPath":null,
      "ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b"},
                    "ReaderConfig":{"MaxItemsPath":"$.m"}},
      "ItemBatcher":{"MaxItemsPerBatch":10,"MaxInputBytesPerBatchPath":"$.b",
                     "BatchInput":{"x.$":"$.x"}},
      "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"},
                      "WriterConfig":{"OutputType":"JSONL","Transformation":"FLATTEN"}})"));
  const auto& map = std::get<MapState>(state.detail);
  CHECK(map.mode == MapState::Mode::Distributed);
  CHECK(map.has_express_children);
  CHECK(map.label == "L");
  CHECK(map.items_path.path->text() == "$.items");
  CHECK(map.max_concurrency->path->text() == "$.c");
  CHECK(map.item_selector.has_value());
  CHECK(map.result_selector.has_value());
  CHECK(map.result_path.kind == Placement::Kind::Discard);
  CHECK(map.tolerated_failure_count->literal == 3);
  CHECK(map.tolerated_failure_percentage->path->text() == "$.p");
  CHECK(map.item_reader->resource == "arn:aws:states:::s3:listObjectsV2");
  CHECK(map.item_reader->parameters.has_value());
  CHECK(map.item_reader->max_items->path->text() == "$.m");
  CHECK(map.item_reader->reader_config.size() == 1);
  CHECK(map.item_batcher->max_items_per_batch->literal == 10);
  CHECK(map.item_batcher->max_input_bytes_per_batch->path->text() == "$.b");
  CHECK(map.item_batcher->batch_input.has_value());
  CHECK(map.result_writer->resource == "arn:aws:states:::s3:putObject");
  CHECK(map.result_writer->writer_config.size() == 2);
  CHECK(map.processor.states.front().name == "I");
}

TEST_CASE("the old names of processor and selector still work") {
  const auto state = state_of(R"({"Type":"Map","End":true,"Iterator":{)" + kStates +
                              R"(},"Parameters":{"v.$":"$$.Map.Item.Value"},"ItemsPath":"$"})");
  const auto& map = std::get<MapState>(state.detail);
  CHECK(map.mode == MapState::Mode::Inline);
  CHECK(map.processor.start_at == "I");
  CHECK(map.item_selector.has_value());
  CHECK(map.items_path.kind == Selection::Kind::Whole);
  CHECK_FALSE(map.max_concurrency.has_value());
}

TEST_CASE("express machines have no distributed Map, nor do express children wait") {
  CHECK(joined(faults_of(distributed(""), MachineType::Express)) ==
        kFault +
            "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' "
            "state machines at /States/A/ItemProcessor/ProcessorConfig/Mode");
  CHECK(joined(faults_of(R"({"Type":"Map","End":true,"ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},
            "StartAt":"I","States":{"I":{"Type":"Task","End":true,
              "Resource":"arn:aws:states:us-east-1:123456789012:activity:a"}}}})")) ==
        kFault +
            "Express state machine does not support Activity ARN at "
            "/States/A/ItemProcessor/States/I/Resource");
}

}  // namespace
}  // namespace presso::asl
