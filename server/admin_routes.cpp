// /_presso/routes: GET shows the table, with ?resource=… where a call of it would go and why; PUT
// {"sqs": "http://…", "s3": {"to": "http://…", "max_in_flight": 8}} adds lines or replaces those
// that were added; DELETE takes them away again, with ?match=… that one alone.
#include <utility>

#include "api/dispatch.h"
#include "base/json.h"
#include "server/admin.h"
#include "server/mocks/mock_report.h"
#include "server/routes/route_report.h"

namespace presso::server {
namespace {

HttpReply routes_reply(const Json& body) {
  HttpReply reply;
  reply.content_type = "application/json";
  reply.body = dump_json(body);
  return reply;
}

HttpReply routes_mistake(std::string_view message, int status) {
  const core::Answer answer = api::error_answer("ValidationException", message, status);
  HttpReply reply;
  reply.status = status;
  reply.content_type = "application/json";
  reply.body = api::to_response(answer, api::Protocol::Json10).body;
  return reply;
}

}  // namespace

boost::asio::awaitable<HttpReply> Admin::routes(const HttpRequest& request, Worker& worker) {
  if (request.method == "PUT") {
    const Result<void> done = put_routes(routes_, request.body);
    if (!done) co_return routes_mistake(done.error().message, 400);
  } else if (request.method == "DELETE") {
    const auto match = request.query("match");
    if (!routes_.remove(match) && match) {
      co_return routes_mistake("No route '" + *match + "' was added at run time.", 404);
    }
  } else if (const auto resource = request.query("resource")) {
    Result<Json> explained = explain_route(routes_, *resource, caller_);
    if (!explained) co_return routes_mistake(explained.error().message, 400);
    const core::Answer listed =
        co_await list_mocks([](core::MockRules&) { return Result<void>{}; }, 0, worker);
    const auto mocks = parse_json(listed.body);
    const Json* list = mocks ? find_member(*mocks, "mocks") : nullptr;
    const auto called = called_resource(*resource, caller_);
    if (list != nullptr && called) (*explained)["mocks"] = mocks_before(*list, *called);
    co_return routes_reply(*explained);
  }
  co_return routes_reply(Json{{"routes", to_json(routes_)}});
}

}  // namespace presso::server
