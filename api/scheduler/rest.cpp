#include "api/scheduler/rest.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "api/scheduler/handlers.h"
#include "base/json.h"
#include "base/text.h"

namespace presso::api::scheduler {
namespace {

constexpr std::array<Operation, 12> kOperations = {
    command<create_schedule>("CreateSchedule"),
    command<create_schedule_group>("CreateScheduleGroup"),
    command<delete_schedule>("DeleteSchedule"),
    command<delete_schedule_group>("DeleteScheduleGroup"),
    command<get_schedule>("GetSchedule"),
    command<get_schedule_group>("GetScheduleGroup"),
    command<list_schedule_groups>("ListScheduleGroups"),
    command<list_schedules>("ListSchedules"),
    command<list_tags>("ListTagsForResource"),
    command<tag>("TagResource"),
    command<untag>("UntagResource"),
    command<update_schedule>("UpdateSchedule"),
};

// `label` is the member that the rest of the path holds; empty: there is no rest.
struct Route {
  std::string_view method;
  std::string_view path;
  std::string_view label;
  std::string_view operation;
};
constexpr std::array<Route, 12> kRoutes = {{
    {"POST", "/schedules/", "Name", "CreateSchedule"},
    {"GET", "/schedules/", "Name", "GetSchedule"},
    {"PUT", "/schedules/", "Name", "UpdateSchedule"},
    {"DELETE", "/schedules/", "Name", "DeleteSchedule"},
    {"GET", "/schedules", "", "ListSchedules"},
    {"POST", "/schedule-groups/", "Name", "CreateScheduleGroup"},
    {"GET", "/schedule-groups/", "Name", "GetScheduleGroup"},
    {"DELETE", "/schedule-groups/", "Name", "DeleteScheduleGroup"},
    {"GET", "/schedule-groups", "", "ListScheduleGroups"},
    {"GET", "/tags/", "ResourceArn", "ListTagsForResource"},
    {"POST", "/tags/", "ResourceArn", "TagResource"},
    {"DELETE", "/tags/", "ResourceArn", "UntagResource"},
}};

// A query's names, and the members they are.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kQueryNames = {
    {{"clientToken", "ClientToken"},
     {"groupName", "GroupName"},
     {"ScheduleGroup", "GroupName"},
     {"NamePrefix", "NamePrefix"},
     {"NextToken", "NextToken"},
     {"State", "State"},
     {"MaxResults", "MaxResults"},
     {"TagKeys", "TagKeys"}}};

constexpr std::array<std::pair<std::string_view, int>, 6> kStatuses = {
    {{"ConflictException", 409},
     {"InternalServerException", 500},
     {"ResourceNotFoundException", 404},
     {"ServiceQuotaExceededException", 402},
     {"ThrottlingException", 429},
     {"ValidationException", 400}}};

bool fits(const Route& route, std::string_view path) {
  if (route.label.empty()) return path == route.path;
  return path.starts_with(route.path) && path.size() > route.path.size();
}

std::string decoded(std::string_view text) {
  std::string spaced{text};
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced).value_or(spaced);
}

Json query_value(std::string_view member, std::string text) {
  if (member != "MaxResults") return Json(std::move(text));
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && at == end ? Json(number) : Json(std::move(text));
}

void add_query(Json& request, std::string_view query) {
  for (const std::string_view pair : split(query, '&')) {
    const auto equals = pair.find('=');
    const std::string name = decoded(pair.substr(0, equals));
    const auto* known = std::find_if(kQueryNames.begin(), kQueryNames.end(),
                                     [&](const auto& one) { return one.first == name; });
    if (known == kQueryNames.end()) continue;
    const std::string member{known->second};
    std::string value = equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1));
    if (member == "TagKeys") {
      request[member].push_back(std::move(value));
    } else {
      request[member] = query_value(member, std::move(value));
    }
  }
}

core::Answer refused(std::string code, std::string_view message) {
  const int status = http_status_of(code);
  return error_answer(std::move(code), message, status);
}

}  // namespace

std::optional<Work> dispatch(const RestRequest& request) {
  const auto mark = request.target.find('?');
  const std::string_view path = request.target.substr(0, mark);
  const auto is_ours = [&](const Route& route) { return fits(route, path); };
  if (std::none_of(kRoutes.begin(), kRoutes.end(), is_ours)) return std::nullopt;
  const auto* route = std::find_if(kRoutes.begin(), kRoutes.end(), [&](const Route& one) {
    return one.method == request.method && fits(one, path);
  });
  if (route == kRoutes.end()) {
    return refused("ValidationException", "There is no operation for this method and path.");
  }
  auto body = parse_json(request.body.empty() ? "{}" : request.body);
  if (!body || !body->is_object()) {
    return refused("ValidationException", "The request body is not a JSON object.");
  }
  if (!route->label.empty()) {
    const std::string_view rest = path.substr(route->path.size());
    (*body)[std::string{route->label}] = percent_decode(rest).value_or(std::string{rest});
  }
  if (mark != std::string_view::npos) add_query(*body, request.target.substr(mark + 1));
  const auto* operation =
      std::find_if(kOperations.begin(), kOperations.end(),
                   [&](const Operation& one) { return one.name == route->operation; });
  return operation->prepare(*body, request.caller);
}

Response to_response(const core::Answer& answer) {
  Response response;
  response.content_type = "application/json";
  response.error_type = answer.error_code;
  response.body = answer.body;
  if (answer.error_code.empty()) return response;
  response.status = http_status_of(answer.error_code);
  const auto body = parse_json(answer.body);
  const std::string* message = body ? as_string(find_member(*body, "message")) : nullptr;
  response.body = dump_json(Json{{"Message", message == nullptr ? "" : *message}});
  return response;
}

std::span<const Operation> operations() { return kOperations; }

int http_status_of(std::string_view error_code) {
  const auto* known = std::find_if(kStatuses.begin(), kStatuses.end(),
                                   [&](const auto& one) { return one.first == error_code; });
  return known == kStatuses.end() ? 400 : known->second;
}

}  // namespace presso::api::scheduler
