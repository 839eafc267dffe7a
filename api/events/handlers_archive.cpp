#include <utility>

#include "api/events/documents.h"
#include "api/events/handlers.h"
#include "base/json_members.h"
#include "bus/pattern.h"

namespace presso::api::events {
namespace {

using core::Archives;
using core::kArchive;

constexpr std::string_view kBusResource = "event-bus/";

Error no_archive(const std::string& name) {
  return not_found("Archive " + name + " does not exist.");
}

// Size and number are counted, not stored.
Json with_contents(Core& core, const Caller& caller, Json archive) {
  const auto contents = core.archives().contents(caller, text_at(archive, "ArchiveName"));
  archive["SizeBytes"] = contents.bytes;
  archive["EventCount"] = contents.events;
  return archive;
}

Result<void> check_pattern(const std::optional<std::string>& pattern) {
  if (!pattern) return {};
  const auto compiled = bus::Pattern::compile(*pattern);
  return compiled ? Result<void>{} : Result<void>{compiled.error()};
}

// The archive and the rule that feeds it.
Result<void> store_archive(Core& core, const Caller& caller, Json archive) {
  const auto rule =
      core.events().book(caller).put_managed_rule(Archives::feeding_rule(caller, archive));
  if (!rule) return rule.error();
  core.events().store(caller, **rule);
  const std::string name = text_at(archive, "ArchiveName");
  core.registry().put(caller, kArchive, name, std::move(archive));
  core.archives().retention_changed(caller, name);
  return {};
}

}  // namespace

Result<CreateArchiveResponse> create_archive(Core& core, const Caller& caller,
                                             const CreateArchiveRequest& request) {
  if (core.registry().find(caller, kArchive, request.archive_name) != nullptr) {
    return already_exists("Archive " + request.archive_name + " already exists.");
  }
  const std::string bus = name_in_arn(caller, request.event_source_arn, kBusResource);
  const auto found =
      core.events().book(caller).describe_bus(bus.empty() ? request.event_source_arn : bus);
  if (!found) return found.error();
  if (auto valid = check_pattern(request.event_pattern); !valid) return valid.error();
  Json archive = encode(request);
  archive["ArchiveArn"] = events_arn(caller, "archive/" + request.archive_name);
  archive["State"] = "ENABLED";
  archive["RetentionDays"] = request.retention_days.value_or(0);
  archive["CreationTime"] = to_epoch_seconds(core.now());
  if (auto stored = store_archive(core, caller, archive); !stored) return stored.error();
  return decode<CreateArchiveResponse>(archive);
}

Result<DescribeArchiveResponse> describe_archive(Core& core, const Caller& caller,
                                                 const DescribeArchiveRequest& request) {
  const Json* archive = core.registry().find(caller, kArchive, request.archive_name);
  if (archive == nullptr) return no_archive(request.archive_name);
  return decode<DescribeArchiveResponse>(with_contents(core, caller, *archive));
}

Result<UpdateArchiveResponse> update_archive(Core& core, const Caller& caller,
                                             const UpdateArchiveRequest& request) {
  if (!request.event_pattern && !request.retention_days && !request.description &&
      !request.kms_key_identifier) {
    return not_valid(
        "At least one of EventPattern, RetentionDays or Description must be provided.");
  }
  const Json* found = core.registry().find(caller, kArchive, request.archive_name);
  if (found == nullptr) return no_archive(request.archive_name);
  if (auto valid = check_pattern(request.event_pattern); !valid) return valid.error();
  Json archive = *found;
  merge(archive, encode(request));
  if (auto stored = store_archive(core, caller, archive); !stored) return stored.error();
  return decode<UpdateArchiveResponse>(archive);
}

Result<ListArchivesResponse> list_archives(Core& core, const Caller& caller,
                                           const ListArchivesRequest& request) {
  const int filters =
      (request.name_prefix ? 1 : 0) + (request.event_source_arn ? 1 : 0) + (request.state ? 1 : 0);
  if (filters > 1) {
    return not_valid(
        "At most one filter is allowed for ListArchives. "
        "Use either : State, EventSourceArn, or NamePrefix.");
  }
  core::Registry::Documents shown;
  for (const auto& [name, archive] : core.registry().all(caller, kArchive)) {
    shown[name] = with_contents(core, caller, archive);
  }
  const std::string prefix = request.name_prefix.value_or("");
  const std::string source = request.event_source_arn.value_or("");
  const std::string state = request.state.value_or("");
  auto page = list_documents<Archive>(
      shown, prefix, PageToken{caller, "ListArchives", Json::array({prefix, source, state})},
      {request.next_token, request.limit}, [&](const Json& archive) {
        return (source.empty() || text_at(archive, "EventSourceArn") == source) &&
               (state.empty() || text_at(archive, "State") == state);
      });
  if (!page) return page.error();
  return ListArchivesResponse{std::move(page->items), std::move(page->next_token)};
}

Result<Nothing> delete_archive(Core& core, const Caller& caller,
                               const DeleteArchiveRequest& request) {
  const Json* archive = core.registry().find(caller, kArchive, request.archive_name);
  if (archive == nullptr) return no_archive(request.archive_name);
  const bus::Rule rule = Archives::feeding_rule(caller, *archive);
  core.events().book(caller).erase_managed_rule(rule.name, rule.event_bus_name);
  core.events().erase_rule(caller, rule.event_bus_name, rule.name);
  core.archives().erase(caller, request.archive_name);
  core.registry().erase(caller, kArchive, request.archive_name);
  return Nothing{};
}

}  // namespace presso::api::events
