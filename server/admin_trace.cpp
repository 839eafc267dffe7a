// GET /_presso/trace/ID: what came of an event, or of an execution given by its ARN.
// GET /_presso/trace?execution=ARN: what it came from.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/dispatch.h"
#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/core.h"
#include "server/admin.h"
#include "server/operations.h"
#include "server/trace.h"

namespace presso::server {
namespace {

namespace net = boost::asio;

core::Answer refused(const Error& error) {
  const int status = error.code == "ExecutionDoesNotExist" ? 404 : 500;
  return api::error_answer(error.code, error.message, status);
}

HttpReply reply_of(const core::Answer& answer) {
  const api::Response response = api::to_response(answer, api::Protocol::Json10);
  HttpReply reply;
  reply.status = response.status;
  reply.content_type = "application/json";
  reply.body = response.body;
  return reply;
}

std::string_view status_text(core::DeliveryState::Status status) {
  using Status = core::DeliveryState::Status;
  switch (status) {
    case Status::Pending: return "PENDING";
    case Status::Delivered: return "DELIVERED";
    case Status::GivenUp: return "GIVEN_UP";
  }
  PRESSO_ASSERT(false);
}

Json target_json(const core::DeliveryState& state) {
  using Status = core::DeliveryState::Status;
  Json json{
      {"rule", state.rule_arn},
      {"target", state.target_arn},
      {"status", status_text(state.status)},
      {"attempts", state.attempts},
      {state.status == Status::Pending ? "nextAttempt" : "ended", to_iso_milliseconds(state.at)}};
  if (!state.error_code.empty()) {
    json["errorCode"] = state.error_code;
    json["errorMessage"] = state.error_message;
  }
  return json;
}

using Places = std::map<std::string, std::size_t, std::less<>>;

Places places_of(const Json& events) {
  Places places;
  for (std::size_t i = 0; i < events.size(); ++i) places[text_at(events[i], "id")] = i;
  return places;
}

// What the feed still has: the event itself, and all buses that it passed.
void add_passed(const EventFeed& feed, const Places& places, Json& events) {
  for (Json& event : events) event["buses"] = Json::array();
  for (std::uint64_t i = feed.first(); i <= feed.last(); ++i) {
    const core::Published& item = feed.at(i);
    const auto place = places.find(item.id());
    if (place == places.end()) continue;
    Json& event = events[place->second];
    event["buses"].push_back(item.bus);
    if (!event["event"].is_null()) continue;
    if (auto envelope = parse_json(item.envelope())) event["event"] = *std::move(envelope);
  }
}

// Asked for first: what these started is stored by the time that the store is read.
api::Work express_traces(const std::shared_ptr<ExpressTraces>& found) {
  return api::Command{{},
                      [found](core::Core& core, RequestId request) {
                        *found = core.express_traces().all();
                        core.reply(request, core::Answer{});
                      },
                      {}};
}

// What tells of a status is of interest when a rule took it.
bool is_shown(const Json& event, const std::string& id) {
  const Json* content = find_member(event, "event");
  const bool has_come_of = !find_member(event, "targets")->empty();
  if (has_come_of || text_at(event, "id") == id) return true;
  return content->is_object() && text_at(*content, "source") != "aws.states";
}

}  // namespace

net::awaitable<HttpReply> Admin::trace(const HttpRequest& request, Worker& worker) {
  constexpr std::string_view kPage = "/_presso/trace/";
  const std::string path = request.decoded_path().value_or("");
  if (path.size() > kPage.size()) {
    HttpReply reply = co_await trace_onward(path.substr(kPage.size()), worker);
    co_return reply;
  }
  const auto arn = request.query("execution");
  if (!arn) {
    co_return reply_of(api::error_answer(
        "ValidationException", "Either the id of an event in the path, or execution is needed."));
  }
  const auto express = std::make_shared<ExpressTraces>();
  core::Answer answer = co_await operations_.run(express_traces(express), 0, worker);
  if (!answer.error_code.empty()) co_return reply_of(answer);
  api::Work work = api::Query{[arn = *arn, express](core::Reader& reader) {
    const auto back = trace_back(reader, *express, arn);
    return back ? core::Answer{.body = dump_json(*back), .error_code = {}} : refused(back.error());
  }};
  answer = co_await operations_.run(std::move(work), 0, worker);
  co_return reply_of(answer);
}

net::awaitable<HttpReply> Admin::trace_onward(std::string id, Worker& worker) {
  const auto express = std::make_shared<ExpressTraces>();
  core::Answer answer = co_await operations_.run(express_traces(express), 0, worker);
  if (!answer.error_code.empty()) co_return reply_of(answer);
  const auto trace = std::make_shared<Trace>();
  api::Work query = api::Query{[trace, id, express](core::Reader& reader) {
    auto found = trace_from(reader, *express, id);
    if (!found) return refused(found.error());
    *trace = *std::move(found);
    return core::Answer{};
  }};
  answer = co_await operations_.run(std::move(query), 0, worker);
  if (!answer.error_code.empty()) co_return reply_of(answer);

  const Places places = places_of(trace->events);
  std::set<std::string> ids;
  for (const auto& [event, place] : places) ids.insert(event);
  const auto states = std::make_shared<std::vector<core::DeliveryState>>();
  api::Work ask = api::Command{{},
                               [ids = std::move(ids), states](core::Core& core, RequestId request) {
                                 *states = core.deliveries().of_events(ids);
                                 core.reply(request, core::Answer{});
                               },
                               {}};
  answer = co_await operations_.run(std::move(ask), 0, worker);
  if (!answer.error_code.empty()) co_return reply_of(answer);

  for (const core::DeliveryState& state : *states) {
    trace->events[places.find(state.event_id)->second]["targets"].push_back(target_json(state));
  }
  add_passed(worker.feed(), places, trace->events);
  Json events = Json::array();
  for (Json& event : trace->events) {
    if (is_shown(event, id)) events.push_back(std::move(event));
  }
  const bool is_known = !trace->executions.empty() ||
                        (!events.empty() && (!find_member(events[0], "event")->is_null() ||
                                             !find_member(events[0], "targets")->empty()));
  if (!is_known) {
    co_return reply_of(api::error_answer(
        "ValidationException", "Nothing is known of an event of the id " + id + ".", 404));
  }
  const Json body{{"trace", id},
                  {"complete", trace->is_complete},
                  {"events", std::move(events)},
                  {"executions", std::move(trace->executions)}};
  co_return reply_of({.body = dump_json(body), .error_code = {}});
}

}  // namespace presso::server
