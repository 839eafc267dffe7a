// /_presso/mocks: GET shows the mocks in the order in which they are asked, with how often each was
// and how often it answered; POST adds one or several in front; PUT replaces all that were added;
// DELETE takes them away again. /_presso/mocks/ID is that one alone.
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "api/dispatch.h"
#include "base/json.h"
#include "base/json_members.h"
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

Change refusal(Error error) {
  return [error = std::move(error)](MockRules&) { return Result<void>{error}; };
}

// The mock of this id: its body need not repeat it.
Result<MockRules::Rules> one_of_body(std::string_view body, const std::string& id) {
  auto json = parse_json(body);
  if (!json || !json->is_object()) return mocks_of_body(json ? "null" : body);
  const Json* given = find_member(*json, "id");
  if (given != nullptr && *given != id) {
    return Error{"BadMock", "mock.id: is another than that of the path"};
  }
  (*json)["id"] = id;
  return mocks_of_body(dump_json(*json));
}

Change change_of(const HttpRequest& request, const std::string& id) {
  if (request.method == "DELETE") {
    return [id](MockRules& rules) { return id.empty() ? rules.replace({}) : rules.remove(id); };
  }
  if (request.method != "POST" && request.method != "PUT") {
    return [](MockRules&) { return Result<void>{}; };
  }
  const bool is_put = request.method == "PUT";
  if (!is_put && !id.empty()) {
    return refusal({"BadMock", "A mock with an id in the path is put, not posted."});
  }
  auto told = id.empty() ? mocks_of_body(request.body) : one_of_body(request.body, id);
  if (!told) return refusal(told.error());
  const bool replaces_all = is_put && id.empty();
  return [replaces_all, told = *std::move(told)](MockRules& rules) {
    return replaces_all ? rules.replace(told) : rules.add(told);
  };
}

// Of the list as it was answered.
core::Answer only_one(const core::Answer& answer, const std::string& id) {
  const auto body = parse_json(answer.body);
  const Json* list = body ? find_member(*body, "mocks") : nullptr;
  if (list == nullptr) return answer;
  for (const Json& mock : *list) {
    if (text_at(mock, "id") == id) return {.body = dump_json(mock), .error_code = {}};
  }
  return api::error_answer("ValidationException", "There is no mock '" + id + "'.", 404);
}

}  // namespace

net::awaitable<HttpReply> Admin::mocks(const HttpRequest& request, Worker& worker) {
  constexpr std::string_view kPage = "/_presso/mocks/";
  const std::string path = request.decoded_path().value_or("");
  const std::string id = path.size() > kPage.size() ? path.substr(kPage.size()) : "";
  core::Answer answer = co_await list_mocks(change_of(request, id), request.body.size(), worker);
  const bool shows_one = !id.empty() && request.method != "DELETE" && answer.error_code.empty();
  if (shows_one) answer = only_one(answer, id);
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
