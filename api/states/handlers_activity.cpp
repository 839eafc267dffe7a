#include <string>

#include "api/decode.h"
#include "api/encode.h"
#include "api/limits.h"
#include "api/page.h"
#include "api/states/handlers.h"
#include "base/assert.h"
#include "base/json.h"
#include "engine/core/names.h"

namespace presso::api::states {
namespace {

struct Settings {
  std::optional<EncryptionConfiguration> encryption;

  static constexpr auto fields() {
    return std::tuple{field("encryptionConfiguration", &Settings::encryption)};
  }
};

// What was stored was valid once. AWS shows its own key where none was named.
EncryptionConfiguration encryption_of(const core::Activity& activity) {
  const auto settings = decode<Settings>(activity.settings);
  if (settings && settings->encryption) return *settings->encryption;
  return {{}, {}, "AWS_OWNED_KEY"};
}

Result<const core::Activity*> find_activity(Core& core, const Caller& caller,
                                            const std::string& arn) {
  auto activity = core.activities().find(arn);
  if (activity && !core::belongs_to(arn, caller)) return core::activity_does_not_exist(arn);
  return activity;
}

}  // namespace

Result<CreateActivityResponse> create_activity(Core& core, const Caller& caller,
                                               const CreateActivityRequest& request) {
  const std::string arn = core::activity_arn(caller, request.name);
  const bool is_new = !core.activities().has(arn);
  if (request.tags && request.tags->size() > core::kTagsPerResource) {
    return Error{"TooManyTags", "Exceeded tag limit for resource: '" + arn + "'"};
  }
  const auto activity =
      core.activities().create(caller, request.name, encode(Settings{request.encryption}));
  if (!activity) return activity.error();
  if (is_new) {
    const auto tagged = core.tags().put(arn, tag_list(request.tags));
    PRESSO_ASSERT(tagged.has_value());
  }
  return CreateActivityResponse{(*activity)->arn, (*activity)->created};
}

Result<Nothing> delete_activity(Core& core, const Caller& caller,
                                const DeleteActivityRequest& request) {
  const auto valid = core::check_arn(request.activity_arn, "activity");
  if (!valid) return valid.error();
  if (core::belongs_to(request.activity_arn, caller)) {
    core.activities().remove(request.activity_arn);
  }
  return Nothing{};
}

Result<DescribeActivityResponse> describe_activity(Core& core, const Caller& caller,
                                                   const DescribeActivityRequest& request) {
  const auto activity = find_activity(core, caller, request.activity_arn);
  if (!activity) return activity.error();
  return DescribeActivityResponse{(*activity)->arn, (*activity)->name, (*activity)->created,
                                  encryption_of(**activity)};
}

Result<ListActivitiesResponse> list_activities(Core& core, const Caller& caller,
                                               const ListActivitiesRequest& request) {
  const PageToken token{caller, "ListActivities", Json()};
  const auto place = token.read(request.next_token, invalid_token());
  if (!place) return place.error();
  if (!place->is_null() && !place->is_string()) return invalid_token();
  const std::size_t size = page_size(request.max_results, kDefaultPage);
  ListActivitiesResponse response;
  for (const core::Activity* activity : core.activities().list(caller)) {
    if (place->is_string() && activity->name <= place->get_ref<const std::string&>()) continue;
    if (response.activities.size() == size) {
      response.next_token = token.make(Json(response.activities.back().name));
      break;
    }
    response.activities.push_back({activity->arn, activity->name, activity->created});
  }
  return response;
}

// The answer is made in the core: it may come much later, or after a load.
void get_activity_task(Core& core, const Caller& caller, const GetActivityTaskRequest& request,
                       Later<GetActivityTaskResponse> later) {
  const auto activity = find_activity(core, caller, request.activity_arn);
  if (!activity) return later.reply(core, activity.error());
  core.activities().poll({later.id, request.activity_arn, request.worker_name});
}

}  // namespace presso::api::states
