// DescribeExecution and ListExecutions, from what is stored.
#include <algorithm>
#include <string>
#include <utility>

#include "api/limits.h"
#include "api/page.h"
#include "api/states/execution_reader.h"
#include "api/states/handlers.h"
#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/names.h"
#include "engine/core/redrive.h"
#include "engine/run/event_codec.h"

namespace presso::api::states {
namespace {

Result<std::vector<run::Event>> events_of(Reader& reader, ExecutionNumber number,
                                          std::uint64_t seq) {
  auto rows = reader.history(number, seq, false, 1);
  if (!rows) return store_failure(rows.error());
  if (rows->empty()) return std::vector<run::Event>{};
  auto events = run::decode(rows->front().pack);
  if (!events) return store_failure(events.error());
  return *std::move(events);
}

// The first event of all: ExecutionStarted.
Result<void> add_input(Reader& reader, const core::ExecutionRow& row,
                       DescribeExecutionResponse& response) {
  const auto events = events_of(reader, row.number, 0);
  if (!events) return events.error();
  for (const run::Event& event : *events) {
    if (const auto* started = std::get_if<run::ExecutionStarted>(&event.detail)) {
      response.input = started->input.text();
    }
  }
  return {};
}

// The last event of all: how it ended. Its id, or 0 while there is none.
Result<std::uint64_t> add_end(Reader& reader, const core::ExecutionRow& row, bool wants_data,
                              DescribeExecutionResponse& response) {
  std::uint64_t last_id = 0;
  if (row.status == run::Status::Running || row.next_seq == 0) return last_id;
  const auto events = events_of(reader, row.number, row.next_seq - 1);
  if (!events) return events.error();
  for (const run::Event& event : *events) {
    last_id = std::max(last_id, event.id);
    if (const auto* succeeded = std::get_if<run::ExecutionSucceeded>(&event.detail)) {
      if (wants_data) response.output = succeeded->output.text();
      response.output_details = DataDetails{wants_data};
    } else if (const auto* ended = std::get_if<run::ExecutionEnded>(&event.detail)) {
      response.error = ended->error;
      response.cause = ended->cause;
    }
  }
  return last_id;
}

template <class Response>
void add_redrives(const Json& details, Response& response) {
  const core::Redrives redrives = core::redrives_of(details);
  response.redrive_count = static_cast<std::int64_t>(redrives.count);
  response.redrive_date = redrives.last;
}

bool was_redriven(const core::ExecutionRow& row) {
  return core::redrives_of(details_of(row)).count > 0;
}

std::optional<run::Status> status_of(std::string_view text) {
  using run::Status;
  for (const Status status :
       {Status::Running, Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted}) {
    if (run::to_string(status) == text) return status;
  }
  return {};
}

// AWS: a child that its redriven Map Run will redrive, but has not yet.
constexpr std::string_view kPendingRedrive = "PENDING_REDRIVE";

std::string_view shown_status(const core::ExecutionRow& row, const Json& details,
                              const ListedOwner& owner) {
  const bool is_pending = owner.attempt && run::is_unsuccessful(row.status) &&
                          number_if<std::uint64_t>(details, "attempt").value_or(0) < *owner.attempt;
  return is_pending ? kPendingRedrive : run::to_string(row.status);
}

ExecutionListItem list_item(const core::ExecutionRow& row, const ListedOwner& owner) {
  const Json details = details_of(row);
  ExecutionListItem item;
  item.execution_arn = core::execution_arn(row.machine_arn, row.name);
  item.state_machine_arn = row.machine_arn;
  item.name = row.name;
  item.status = shown_status(row, details, owner);
  item.start_date = row.start_time;
  item.stop_date = row.stop_time;
  item.map_run_arn = text_if(details, "mapRunArn");
  item.item_count = number_if<std::int64_t>(details, "items");
  item.state_machine_version_arn = text_if(details, "versionArn");
  item.state_machine_alias_arn = text_if(details, "aliasArn");
  add_redrives(details, item);
  return item;
}

bool started_through(const core::ExecutionRow& row, const std::string& version_or_alias_arn) {
  const Json details = details_of(row);
  return text_if(details, "versionArn") == version_or_alias_arn ||
         text_if(details, "aliasArn") == version_or_alias_arn;
}

// Runs of the same Map have children of the same machine.
bool is_child_of(const core::ExecutionRow& row, const std::string& map_run_arn) {
  return text_if(details_of(row), "mapRunArn") == map_run_arn;
}

Json list_arguments(const ListExecutionsRequest& request) {
  return Json::array({request.state_machine_arn.value_or(""), request.status_filter.value_or(""),
                      request.redrive_filter.value_or(""), request.map_run_arn.value_or("")});
}

}  // namespace

Result<DescribeExecutionResponse> describe_execution(Reader& reader, const Caller& caller,
                                                     const DescribeExecutionRequest& request) {
  const auto found = find_execution(reader, caller, request.execution_arn);
  if (!found) return found.error();
  const core::ExecutionRow& row = *found;
  const Json details = details_of(row);
  const bool wants_data = request.included_data != "METADATA_ONLY";
  DescribeExecutionResponse response;
  response.execution_arn = request.execution_arn;
  response.state_machine_arn = row.machine_arn;
  response.name = row.name;
  response.status = run::to_string(row.status);
  response.start_date = row.start_time;
  response.stop_date = row.stop_time;
  response.input_details = DataDetails{wants_data};
  response.map_run_arn = text_if(details, "mapRunArn");
  response.trace_header = text_if(details, "traceHeader");
  response.state_machine_version_arn = text_if(details, "versionArn");
  response.state_machine_alias_arn = text_if(details, "aliasArn");
  add_redrives(details, response);
  if (wants_data) {
    if (const auto added = add_input(reader, row, response); !added) return added.error();
  }
  const auto events = add_end(reader, row, wants_data, response);
  if (!events) return events.error();
  const auto has_machine =
      reader.has_document(core::kStateMachine, std::string{core::without_label(row.machine_arn)});
  if (!has_machine) return has_machine.error();
  const core::RedriveCandidate candidate{.status = row.status,
                                         .start_time = row.start_time,
                                         .stop_time = row.stop_time,
                                         .events = *events,
                                         .has_machine = *has_machine};
  response.redrive_status_reason = core::why_not_redrivable(candidate, reader.now());
  response.redrive_status = response.redrive_status_reason ? "NOT_REDRIVABLE"
                            : response.map_run_arn         ? "REDRIVABLE_BY_MAP_RUN"
                                                           : "REDRIVABLE";
  return response;
}

Result<ListedOwner> check_list_executions(Core& core, const Caller& caller,
                                          const ListExecutionsRequest& request) {
  if (request.state_machine_arn.has_value() == request.map_run_arn.has_value()) {
    return Error{"ValidationException",
                 "Exactly one of stateMachineArn and mapRunArn must be specified"};
  }
  if (request.map_run_arn) {
    const auto found = core.map_runs().describe(caller, *request.map_run_arn);
    if (!found) return found.error();
    ListedOwner owner;
    if (found->summary.status == run::MapRunStatus::Running) {
      owner.attempt = found->summary.redrive_count;
    }
    return owner;
  }
  const auto found = core.versions().resolve(*request.state_machine_arn);
  if (!found) return found.error();
  if (!core::belongs_to(*request.state_machine_arn, caller)) {
    return core::machine_does_not_exist(*request.state_machine_arn);
  }
  if (found->machine->type == asl::MachineType::Express) {
    return Error{"StateMachineTypeNotSupported",
                 "This operation is not supported by this type of state machine"};
  }
  return ListedOwner{};
}

Result<ListExecutionsResponse> list_executions(Reader& reader, const Caller& caller,
                                               const ListExecutionsRequest& request,
                                               const ListedOwner& listed) {
  const PageToken token{caller, "ListExecutions", list_arguments(request)};
  const auto place = token.read(request.next_token, invalid_token());
  if (!place) return place.error();
  core::ExecutionQuery query;
  const core::QualifiedArn owner = core::split_qualifier(request.state_machine_arn.value_or(""));
  query.machine_arn =
      request.map_run_arn ? run::child_machine_arn(*request.map_run_arn) : owner.machine_arn;
  if (!place->is_null()) {
    const auto before = whole_place(*place);
    if (!before) return invalid_token();
    query.before = ExecutionNumber{*before};
  }
  ListExecutionsResponse response;
  if (request.status_filter) query.status = status_of(*request.status_filter);
  const std::size_t size = page_size(request.max_results, kDefaultPage);
  query.limit = size + 1;
  ExecutionNumber last;
  for (;;) {
    const auto rows = reader.list(query);
    if (!rows) return store_failure(rows.error());
    for (const core::ExecutionRow& row : *rows) {
      query.before = row.number;
      if (request.map_run_arn && !is_child_of(row, *request.map_run_arn)) continue;
      if (!owner.qualifier.empty() && !started_through(row, *request.state_machine_arn)) continue;
      if (request.redrive_filter && was_redriven(row) != (request.redrive_filter == "REDRIVEN")) {
        continue;
      }
      if (request.status_filter &&
          shown_status(row, details_of(row), listed) != *request.status_filter) {
        continue;
      }
      if (response.executions.size() == size) {
        response.next_token = token.make(Json(last.value));
        return response;
      }
      last = row.number;
      response.executions.push_back(list_item(row, listed));
    }
    if (rows->size() < query.limit) return response;
  }
}

}  // namespace presso::api::states
