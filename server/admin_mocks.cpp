// /_presso/mocks: GET shows the mocks in the order in which they are asked, with how often each was
// and how often it answered; POST adds one or several in front; PUT replaces all that were added;
// DELETE takes them away again, /_presso/mocks/ID that one alone.
#include <string>
#include <utility>

#include "api/dispatch.h"
#include "base/json.h"
#include "engine/core/core.h"
#include "server/admin.h"
#include "server/mocks/mock_report.h"
#include "server/operations.h"

namespace presso::server {
namespace {

namespace net = boost::asio;

using core::MockRules;

// What is done within a turn, and answered with the list as it is then.
using Change = std::function<Result<void>(MockRules&)>;

api::Work work_of(Change change) {
  api::Command command;
  command.apply = [change = std::move(change)](core::Core& core, RequestId id) {
    const Result<void> done = change(core.mock_rules());
    if (!done) {
      const int status = done.error().code == "MockDoesNotExist" ? 404 : 400;
      return core.reply(id, api::error_answer("ValidationException", done.error().message, status));
    }
    const Json body{{"mocks", to_json(core.mock_rules().list())}};
    core.reply(id, {.body = dump_json(body), .error_code = {}});
  };
  return command;
}

Result<void> keep_only(MockRules& rules, const std::string& id) {
  if (id.empty()) return rules.replace({});
  return rules.remove(id);
}

Change change_of(const HttpRequest& request, const std::string& id) {
  if (request.method == "DELETE") {
    return [id](MockRules& rules) { return keep_only(rules, id); };
  }
  if (request.method != "POST" && request.method != "PUT") {
    return [](MockRules&) { return Result<void>{}; };
  }
  auto told = mocks_of_body(request.body);
  if (!told) return [error = told.error()](MockRules&) { return Result<void>{error}; };
  const bool is_put = request.method == "PUT";
  return [is_put, told = *std::move(told)](MockRules& rules) {
    return is_put ? rules.replace(told) : rules.add(told);
  };
}

}  // namespace

net::awaitable<HttpReply> Admin::mocks(const HttpRequest& request, Worker& worker) {
  constexpr std::string_view kPage = "/_presso/mocks/";
  const std::string path = request.decoded_path().value_or("");
  const std::string id = path.size() > kPage.size() ? path.substr(kPage.size()) : "";
  core::Answer answer = co_await list_mocks(change_of(request, id), request.body.size(), worker);
  const api::Response response = api::to_response(answer, api::Protocol::Json10);
  HttpReply reply;
  reply.status = response.status;
  reply.content_type = "application/json";
  reply.body = response.body;
  co_return reply;
}

net::awaitable<core::Answer> Admin::list_mocks(std::function<Result<void>(MockRules&)> change,
                                               std::size_t size_bytes, Worker& worker) {
  if (refresh_) refresh_();
  core::Answer answer = co_await operations_.run(work_of(std::move(change)), size_bytes, worker);
  co_return answer;
}

}  // namespace presso::server
