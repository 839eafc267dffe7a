// A state machine's definition, parsed, checked and compiled: immutable, shared by all executions
// of one revision. https://states-language.net/spec.html
//
// Field names are the language's own. What a state type cannot hold is not there: its fields are in
// its own struct. An absent optional field means that it was not written, unless a default is
// given.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/shared_json.h"
#include "base/time.h"
#include "engine/asl/query.h"
#include "engine/asl/resource.h"
#include "engine/asl/template.h"
#include "lang/jsonpath/path.h"

namespace presso::asl {

enum class QueryLanguage { JsonPath, Jsonata };
enum class StateType { Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map };

[[nodiscard]] std::string_view to_string(StateType);  // "Pass"

// InputPath, OutputPath, ItemsPath: absent or "$" (all of it), null (`{}`), or a path.
struct Selection {
  enum class Kind { Whole, Nothing, Path };
  Kind kind = Kind::Whole;
  std::optional<jsonpath::Path> path;  // Kind::Path
};

// ResultPath: absent or "$" (the result replaces the input), null (the result is dropped), or a
// reference path at which the result is placed in the state's raw input.
struct Placement {
  enum class Kind { Replace, Discard, At };
  Kind kind = Kind::Replace;
  std::optional<jsonpath::Path> path;  // Kind::At
};

// What a field holds in its state's own language: Parameters, or Arguments; Assign; ItemSelector.
using Payload = std::variant<Template, Query>;

// A whole number given as itself (X), by a path (XPath) or by an expression.
struct NumberField {
  std::int64_t literal = 0;
  std::optional<jsonpath::Path> path = {};
  std::optional<Query> query = {};
};

struct Retrier {
  std::vector<std::string> error_equals;
  std::int64_t interval_seconds = 1;
  std::int64_t max_attempts = 3;
  double backoff_rate = 2.0;
  std::optional<std::int64_t> max_delay_seconds;
  bool has_full_jitter = false;
};

struct Catcher {
  std::vector<std::string> error_equals;
  std::string next;
  Placement result_path;
  std::optional<Payload> assign;
  std::optional<Query> output;  // JSONata; absent: the error output itself
};

struct PassState {
  std::optional<SharedJson> result;
  std::optional<Template> parameters;
  Placement result_path;
};

struct TaskState {
  Resource resource;
  std::optional<Payload> parameters;  // Arguments in JSONata
  std::optional<Template> result_selector;
  Placement result_path;
  std::optional<NumberField> timeout_seconds;
  std::optional<NumberField> heartbeat_seconds;
  std::optional<Payload> credentials;
};

enum class Comparator {
  StringEquals,
  StringLessThan,
  StringGreaterThan,
  StringLessThanEquals,
  StringGreaterThanEquals,
  StringMatches,
  NumericEquals,
  NumericLessThan,
  NumericGreaterThan,
  NumericLessThanEquals,
  NumericGreaterThanEquals,
  BooleanEquals,
  TimestampEquals,
  TimestampLessThan,
  TimestampGreaterThan,
  TimestampLessThanEquals,
  TimestampGreaterThanEquals,
  IsNull,
  IsPresent,
  IsNumeric,
  IsString,
  IsBoolean,
  IsTimestamp,
};

struct Condition {
  enum class Kind { And, Or, Not, Compare, Query };
  Kind kind = Kind::Compare;
  std::vector<Condition> operands;  // And, Or: one or more; Not: exactly one
  // Compare:
  std::optional<jsonpath::Path> variable;
  Comparator comparator = Comparator::StringEquals;
  Json value;                                // the literal, or
  std::optional<jsonpath::Path> value_path;  // the …Path form
  // Query: JSONata's Condition, true, false or an expression
  std::optional<Query> query;
};

struct ChoiceRule {
  Condition condition;
  std::string next;
  std::optional<Payload> assign;
  std::optional<Query> output;  // JSONata; absent: the input
};

struct ChoiceState {
  std::vector<ChoiceRule> choices;
  std::optional<std::string> default_next;
};

struct WaitState {
  // Exactly one of the forms.
  std::optional<NumberField> seconds;            // Seconds, SecondsPath
  std::optional<Time> timestamp;                 // Timestamp
  std::optional<jsonpath::Path> timestamp_path;  // TimestampPath
  std::optional<Query> timestamp_query;          // Timestamp in JSONata
};

struct SucceedState {};

struct FailState {
  std::optional<std::string> error;
  std::optional<ValueExpression> error_path;
  std::optional<Query> error_query;
  std::optional<std::string> cause;
  std::optional<ValueExpression> cause_path;
  std::optional<Query> cause_query;
};

struct State;

// The variables that a state reads, sorted: `variableReferences` of DescribeStateMachine. Those of
// states inside it are their own.
[[nodiscard]] VariableNames variable_references(const State&);

// A StartAt and its States: the machine itself, a Parallel's branch, a Map's processor.
struct StateList {
  std::string start_at;
  std::vector<State> states;  // in the order written
};

struct ParallelState {
  std::vector<StateList> branches;
  std::optional<Payload> parameters;  // Arguments in JSONata
  std::optional<Template> result_selector;
  Placement result_path;
};

struct ItemReader {
  std::string resource;               // arn:aws:states:::s3:getObject, …:s3:listObjectsV2
  std::optional<Payload> parameters;  // Arguments in JSONata
  Json reader_config;                 // checked; object, empty when absent
  std::optional<NumberField> max_items;
};

struct ItemBatcher {
  std::optional<NumberField> max_items_per_batch;
  std::optional<NumberField> max_input_bytes_per_batch;
  std::optional<Payload> batch_input;
};

struct ResultWriter {
  std::optional<std::string> resource;  // arn:aws:states:::s3:putObject
  std::optional<Payload> parameters;    // Arguments in JSONata
  Json writer_config;                   // checked; object, empty when absent
};

struct MapState {
  enum class Mode { Inline, Distributed };
  Mode mode = Mode::Inline;
  bool has_express_children = false;  // ExecutionType, of distributed ones
  StateList processor;
  Selection items_path;
  std::optional<Query> items;            // JSONata; absent: the input
  std::optional<Payload> item_selector;  // or the old Parameters
  std::optional<NumberField> max_concurrency;
  std::optional<Template> result_selector;
  Placement result_path;
  // Distributed only:
  std::optional<std::string> label;
  std::optional<ItemReader> item_reader;
  std::optional<ItemBatcher> item_batcher;
  std::optional<ResultWriter> result_writer;
  std::optional<NumberField> tolerated_failure_count;
  std::optional<NumberField> tolerated_failure_percentage;
};

struct State {
  std::string name;
  QueryLanguage query_language = QueryLanguage::JsonPath;
  Selection input_path;
  Selection output_path;
  std::optional<Payload> assign;
  std::optional<Query> output;      // JSONata; absent: the result, or the input where there is none
  std::optional<std::string> next;  // absent: End, or a type that has no Next
  std::vector<Retrier> retry;
  std::vector<Catcher> catchers;
  std::variant<PassState, TaskState, ChoiceState, WaitState, SucceedState, FailState, ParallelState,
               MapState>
      detail;

  [[nodiscard]] StateType type() const { return static_cast<StateType>(detail.index()); }
};

class Definition {
 public:
  explicit Definition(StateList machine);
  Definition(const Definition&) = delete;
  Definition& operator=(const Definition&) = delete;

  [[nodiscard]] const StateList& machine() const { return machine_; }
  // State names are unique in the whole machine, nested ones included. Null when there is none.
  [[nodiscard]] const State* find(std::string_view name) const;
  // The state list that holds `state`: where its Next is looked up. Null for no state of ours.
  [[nodiscard]] const StateList* list_of(std::string_view state) const;

  std::optional<std::int64_t> timeout_seconds;
  std::optional<std::string> comment;

 private:
  struct Place {
    const State* state;
    const StateList* list;
  };
  void index(const StateList&);

  StateList machine_;
  std::map<std::string, Place, std::less<>> places_;
};

}  // namespace presso::asl
