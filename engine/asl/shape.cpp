#include "engine/asl/shape.h"

#include <algorithm>
#include <array>

#include "engine/asl/limits.h"

namespace presso::asl {
namespace {

using Name = std::string_view;
using enum FieldType;
constexpr auto kJsonPath = FieldLanguage::JsonPath;
constexpr auto kJsonata = FieldLanguage::Jsonata;
constexpr auto kBoth = FieldLanguage::Both;

constexpr std::array<Name, 2> kLanguages{"JSONPath", "JSONata"};
constexpr std::array<Name, 1> kVersions{"1.0"};
constexpr std::array<Name, 2> kModes{"INLINE", "DISTRIBUTED"};
constexpr std::array<Name, 2> kExecutionTypes{"STANDARD", "EXPRESS"};
constexpr std::array<Name, 2> kJitterStrategies{"NONE", "FULL"};
constexpr std::array<Name, 5> kInputTypes{"CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"};
constexpr std::array<Name, 2> kHeaderLocations{"FIRST_ROW", "GIVEN"};
constexpr std::array<Name, 5> kDelimiters{"COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"};
constexpr std::array<Name, 2> kManifestTypes{"S3_INVENTORY", "ATHENA_DATA"};
constexpr std::array<Name, 2> kReaderTransformations{"NONE", "LOAD_AND_FLATTEN"};
constexpr std::array<Name, 3> kWriterTransformations{"NONE", "COMPACT", "FLATTEN"};
constexpr std::array<Name, 2> kOutputTypes{"JSON", "JSONL"};

constexpr Field queried(Field field) {
  field.is_query = true;
  return field;
}

constexpr Field kType{"Type", Text};
constexpr Field kComment{"Comment", Text};
constexpr Field kQueryLanguage{.name = "QueryLanguage", .type = Text, .choices = kLanguages};
constexpr Field kNext{"Next", FilledText};
constexpr Field kEnd{"End", Boolean};
constexpr Field kInputPath{"InputPath", NullablePath, kJsonPath};
constexpr Field kOutputPath{"OutputPath", NullablePath, kJsonPath};
constexpr Field kResultPath{"ResultPath", NullablePath, kJsonPath};
constexpr Field kParameters{"Parameters", Object, kJsonPath};
constexpr Field kResultSelector{"ResultSelector", Object, kJsonPath};
constexpr Field kArguments{"Arguments", Any, kJsonata};
constexpr Field kOutput{"Output", Any, kJsonata};
constexpr Field kAssign{"Assign", Object};
constexpr Field kRetry{"Retry", Array};
constexpr Field kCatch{"Catch", Array};

constexpr std::array<Name, 2> kNextOrEnd{"Next", "End"};
constexpr Group kTransition{kNextOrEnd, true};

constexpr std::array kPassFields{kType,       kComment,    kQueryLanguage,
                                 kNext,       kEnd,        kInputPath,
                                 kOutputPath, kOutput,     kAssign,
                                 kParameters, kResultPath, Field{"Result", Any, kJsonPath}};
constexpr std::array kPassGroups{kTransition};

constexpr std::array kTaskFields{
    kType,
    kComment,
    kQueryLanguage,
    kNext,
    kEnd,
    kInputPath,
    kOutputPath,
    kOutput,
    kAssign,
    kParameters,
    kArguments,
    kResultPath,
    kResultSelector,
    kRetry,
    kCatch,
    Field{"Resource", FilledText, kBoth, true},
    Field{"Credentials", Object},
    queried(Field{"TimeoutSeconds", Integer, kBoth, false, 1, kSeconds}),
    Field{"TimeoutSecondsPath", Path, kJsonPath},
    queried(Field{"HeartbeatSeconds", Integer, kBoth, false, 1, kSeconds}),
    Field{"HeartbeatSecondsPath", Path, kJsonPath},
};
constexpr std::array<Name, 2> kTimeouts{"TimeoutSeconds", "TimeoutSecondsPath"};
constexpr std::array<Name, 2> kHeartbeats{"HeartbeatSeconds", "HeartbeatSecondsPath"};
constexpr std::array kTaskGroups{kTransition, Group{kTimeouts}, Group{kHeartbeats}};

constexpr std::array kChoiceFields{
    kType,
    kComment,
    kQueryLanguage,
    kInputPath,
    kOutputPath,
    kOutput,
    kAssign,
    Field{"Choices", FilledArray, kBoth, true},
    Field{"Default", FilledText},
};

constexpr std::array kWaitFields{
    kType,
    kComment,
    kQueryLanguage,
    kNext,
    kEnd,
    kInputPath,
    kOutputPath,
    kOutput,
    kAssign,
    queried(Field{"Seconds", Integer, kBoth, false, 0, kSeconds}),
    Field{"SecondsPath", Path, kJsonPath},
    queried(Field{"Timestamp", Text}),
    Field{"TimestampPath", Path, kJsonPath},
};
constexpr std::array<Name, 4> kWaits{"SecondsPath", "Seconds", "TimestampPath", "Timestamp"};
constexpr std::array kWaitGroups{kTransition, Group{kWaits, true}};

constexpr std::array kSucceedFields{kType,      kComment,    kQueryLanguage,
                                    kInputPath, kOutputPath, kOutput};

constexpr std::array kFailFields{
    kType,
    kComment,
    kQueryLanguage,
    queried(Field{"Error", Text}),
    Field{"ErrorPath", Text, kJsonPath},
    queried(Field{"Cause", Text}),
    Field{"CausePath", Text, kJsonPath},
};
constexpr std::array<Name, 2> kErrors{"Error", "ErrorPath"};
constexpr std::array<Name, 2> kCauses{"Cause", "CausePath"};
constexpr std::array kFailGroups{Group{kErrors}, Group{kCauses}};

constexpr std::array kParallelFields{
    kType,
    kComment,
    kQueryLanguage,
    kNext,
    kEnd,
    kInputPath,
    kOutputPath,
    kOutput,
    kAssign,
    kParameters,
    kArguments,
    kResultPath,
    kResultSelector,
    kRetry,
    kCatch,
    Field{"Branches", FilledArray, kBoth, true},
};
constexpr std::array kParallelGroups{kTransition};

constexpr std::array kMapFields{
    kType,
    kComment,
    kQueryLanguage,
    kNext,
    kEnd,
    kInputPath,
    kOutputPath,
    kOutput,
    kAssign,
    kParameters,
    kResultPath,
    kResultSelector,
    kRetry,
    kCatch,
    Field{"ItemProcessor", Object},
    Field{"Iterator", Object},
    Field{"ItemsPath", Path, kJsonPath},
    Field{"Items", Any, kJsonata},
    queried(Field{"ItemSelector", Object}),
    queried(Field{"MaxConcurrency", Integer, kBoth, false, 0}),
    Field{"MaxConcurrencyPath", Path, kJsonPath},
    Field{"Label", FilledText},
    Field{"ItemReader", Object},
    Field{"ItemBatcher", Object},
    Field{"ResultWriter", Object},
    queried(Field{"ToleratedFailureCount", Integer, kBoth, false, 0}),
    Field{"ToleratedFailureCountPath", Path, kJsonPath},
    queried(Field{"ToleratedFailurePercentage", Integer, kBoth, false, 0, 100}),
    Field{"ToleratedFailurePercentagePath", Path, kJsonPath},
};
constexpr std::array<Name, 2> kProcessors{"ItemProcessor", "Iterator"};
constexpr std::array<Name, 2> kItemSelectors{"ItemSelector", "Parameters"};
constexpr std::array<Name, 2> kConcurrencies{"MaxConcurrency", "MaxConcurrencyPath"};
constexpr std::array<Name, 2> kCounts{"ToleratedFailureCount", "ToleratedFailureCountPath"};
constexpr std::array<Name, 2> kPercentages{"ToleratedFailurePercentage",
                                           "ToleratedFailurePercentagePath"};
constexpr std::array kMapGroups{kTransition,           Group{kProcessors, true},
                                Group{kItemSelectors}, Group{kConcurrencies},
                                Group{kCounts},        Group{kPercentages}};

constexpr Field kStates{"States", FilledObject, kBoth, true};
constexpr Field kStartAt{"StartAt", FilledText, kBoth, true};

constexpr std::array kMachineFields{
    kStates,
    kStartAt,
    kComment,
    kQueryLanguage,
    Field{.name = "Version", .type = Text, .choices = kVersions},
    Field{"TimeoutSeconds", Integer, kBoth, false, 0, kSeconds},
};
constexpr std::array kBranchFields{kStates, kStartAt, kComment};
constexpr std::array kProcessorFields{kStates, kStartAt, kComment,
                                      Field{"ProcessorConfig", Object}};
constexpr std::array kProcessorConfigFields{
    Field{.name = "Mode", .type = Text, .choices = kModes},
    Field{.name = "ExecutionType", .type = Text, .choices = kExecutionTypes},
};

constexpr Field kErrorEquals{"ErrorEquals", FilledArray, kBoth, true};
constexpr std::array kRetrierFields{
    kErrorEquals,
    kComment,
    Field{"IntervalSeconds", Integer, kBoth, false, 0, kSeconds},
    Field{"MaxAttempts", Integer, kBoth, false, 0, kSeconds},
    Field{"BackoffRate", Number, kBoth, false, 1},
    Field{"MaxDelaySeconds", Integer, kBoth, false, 1, asl::kMaxDelaySeconds},
    Field{.name = "JitterStrategy", .type = Text, .choices = kJitterStrategies},
};
constexpr std::array kCatcherFields{
    kErrorEquals, kComment, kResultPath, kAssign, kOutput, Field{"Next", FilledText, kBoth, true},
};

constexpr std::array kQueryRuleFields{
    Field{"Condition", Any, kJsonata, true},
    Field{"Next", FilledText, kBoth, true},
    kComment,
    kAssign,
    kOutput,
    Field{"And", Any, kJsonPath},
    Field{"Or", Any, kJsonPath},
    Field{"Not", Any, kJsonPath},
    Field{"Variable", Any, kJsonPath},
};

constexpr std::array kItemReaderFields{
    Field{"Resource", FilledText, kBoth, true},
    kParameters,
    kArguments,
    Field{"ReaderConfig", Object},
};
constexpr std::array kReaderConfigFields{
    Field{.name = "InputType", .type = Text, .choices = kInputTypes},
    Field{.name = "CSVHeaderLocation", .type = Text, .choices = kHeaderLocations},
    Field{"CSVHeaders", FilledArray},
    Field{.name = "CSVDelimiter", .type = Text, .choices = kDelimiters},
    queried(Field{"MaxItems", Integer, kBoth, false, 0, asl::kItems}),
    Field{"MaxItemsPath", Path, kJsonPath},
    Field{"ItemsPointer", FilledText},
    Field{.name = "ManifestType", .type = Text, .choices = kManifestTypes},
    Field{.name = "Transformation", .type = Text, .choices = kReaderTransformations},
};
constexpr std::array<Name, 2> kMaxItems{"MaxItems", "MaxItemsPath"};
constexpr std::array kReaderConfigGroups{Group{kMaxItems}};

constexpr std::array kItemBatcherFields{
    queried(Field{"MaxItemsPerBatch", Integer, kBoth, false, 1, asl::kItems}),
    Field{"MaxItemsPerBatchPath", Path, kJsonPath},
    queried(Field{"MaxInputBytesPerBatch", Integer, kBoth, false, 1, asl::kBatchBytes}),
    Field{"MaxInputBytesPerBatchPath", Path, kJsonPath},
    queried(Field{"BatchInput", Object}),
};
constexpr std::array<Name, 2> kBatchItems{"MaxItemsPerBatch", "MaxItemsPerBatchPath"};
constexpr std::array<Name, 2> kBatchSizes{"MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"};
constexpr std::array kItemBatcherGroups{Group{kBatchItems}, Group{kBatchSizes}};

constexpr std::array kResultWriterFields{
    Field{"Resource", FilledText},
    kParameters,
    kArguments,
    Field{"WriterConfig", Object},
};
constexpr std::array kWriterConfigFields{
    Field{.name = "Transformation", .type = Text, .choices = kWriterTransformations},
    Field{.name = "OutputType", .type = Text, .choices = kOutputTypes},
};

constexpr Shape kPassShape{kPassFields, kPassGroups};
constexpr Shape kTaskShape{kTaskFields, kTaskGroups};
constexpr Shape kChoiceShape{kChoiceFields};
constexpr Shape kWaitShape{kWaitFields, kWaitGroups};
constexpr Shape kSucceedShape{kSucceedFields};
constexpr Shape kFailShape{kFailFields, kFailGroups};
constexpr Shape kParallelShape{kParallelFields, kParallelGroups};
constexpr Shape kMapShape{kMapFields, kMapGroups};

constexpr std::array<Name, 8> kTypeNames{"Task", "Wait",   "Pass",     "Succeed",
                                         "Fail", "Choice", "Parallel", "Map"};
constexpr std::array<StateType, 8> kTypes{StateType::Task,     StateType::Wait, StateType::Pass,
                                          StateType::Succeed,  StateType::Fail, StateType::Choice,
                                          StateType::Parallel, StateType::Map};

}  // namespace

constinit const Shape kMachineShape{kMachineFields};
constinit const Shape kBranchShape{kBranchFields};
constinit const Shape kProcessorShape{kProcessorFields};
constinit const Shape kProcessorConfigShape{kProcessorConfigFields};
constinit const Shape kRetrierShape{kRetrierFields};
constinit const Shape kCatcherShape{kCatcherFields};
constinit const Shape kQueryRuleShape{kQueryRuleFields};
constinit const Shape kItemReaderShape{kItemReaderFields};
constinit const Shape kReaderConfigShape{kReaderConfigFields, kReaderConfigGroups};
constinit const Shape kItemBatcherShape{kItemBatcherFields, kItemBatcherGroups};
constinit const Shape kResultWriterShape{kResultWriterFields};
constinit const Shape kWriterConfigShape{kWriterConfigFields};

const Shape& state_shape(StateType type) {
  static constexpr std::array<const Shape*, 8> kShapes{
      &kPassShape,    &kTaskShape, &kChoiceShape,   &kWaitShape,
      &kSucceedShape, &kFailShape, &kParallelShape, &kMapShape,
  };
  return *kShapes[static_cast<std::size_t>(type)];
}

std::span<const std::string_view> state_type_names() { return kTypeNames; }

const StateType* find_state_type(std::string_view name) {
  const auto it = std::find(kTypeNames.begin(), kTypeNames.end(), name);
  return it == kTypeNames.end() ? nullptr
                                : &kTypes[static_cast<std::size_t>(it - kTypeNames.begin())];
}

}  // namespace presso::asl
