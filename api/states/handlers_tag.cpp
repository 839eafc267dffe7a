#include <string>
#include <string_view>
#include <utility>

#include "api/states/handlers.h"
#include "engine/core/names.h"

namespace presso::api::states {
namespace {

Error not_found(const std::string& arn) {
  return Error{"ResourceNotFound", "Resource not found: '" + arn + "'"};
}

// AWS: state machines and activities have tags, versions and aliases have none.
Result<void> check_resource(Core& core, const Caller& caller, const std::string& arn) {
  constexpr std::string_view kActivity = "activity";
  const auto parsed = parse_arn(arn);
  const bool is_activity = parsed && parsed->resource.starts_with(kActivity);
  const auto valid = core::check_arn(arn, is_activity ? kActivity : "stateMachine");
  if (!valid) return valid.error();
  const bool is_there = is_activity ? core.activities().has(arn) : !!core.machines().find(arn);
  if (!is_there || !core::belongs_to(arn, caller)) return not_found(arn);
  return {};
}

}  // namespace

core::TagList tag_list(const std::optional<std::vector<Tag>>& tags) {
  core::TagList list;
  if (!tags) return list;
  for (const Tag& tag : *tags) list.emplace_back(tag.key.value_or(""), tag.value.value_or(""));
  return list;
}

Result<Nothing> tag_resource(Core& core, const Caller& caller, const TagResourceRequest& request) {
  const auto found = check_resource(core, caller, request.resource_arn);
  if (!found) return found.error();
  const auto tagged = core.tags().put(request.resource_arn, tag_list(request.tags));
  if (!tagged) return tagged.error();
  return Nothing{};
}

Result<Nothing> untag_resource(Core& core, const Caller& caller,
                               const UntagResourceRequest& request) {
  const auto found = check_resource(core, caller, request.resource_arn);
  if (!found) return found.error();
  core.tags().remove(request.resource_arn, request.tag_keys);
  return Nothing{};
}

Result<ListTagsForResourceResponse> list_tags_for_resource(
    Core& core, const Caller& caller, const ListTagsForResourceRequest& request) {
  const auto found = check_resource(core, caller, request.resource_arn);
  if (!found) return found.error();
  ListTagsForResourceResponse response;
  for (auto& [key, value] : core.tags().of(request.resource_arn)) {
    response.tags.push_back({std::move(key), std::move(value)});
  }
  return response;
}

}  // namespace presso::api::states
