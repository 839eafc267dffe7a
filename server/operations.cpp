#include "server/operations.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

namespace presso::server {

namespace net = boost::asio;

namespace {

constexpr std::string_view kOwnPrefix = "aws-sdk:";

// A client that went away gets no task once this time has passed.
constexpr std::chrono::milliseconds kLookEvery{500};

// An in-process call's cause names a request, as every answer of a service does.
std::string request_name(const core::TaskCall& call) {
  SeededEntropy entropy{call.task.execution.value * 1'000'003 + call.task.event};
  return next_uuid(entropy);
}

}  // namespace

core::Answer Operations::run_query(const api::Query& query, Worker& worker) const {
  const Result<core::Reader*> reader = worker.reader();
  if (!reader) {
    log_.error("cannot read: " + reader.error().message);
    return api::error_answer("InternalFailure", reader.error().message, 500);
  }
  (*reader)->set_now(core_.seen_now());
  core::Answer answer = query(**reader);
  if (answer.http_status >= 500) log_.error("cannot answer: " + answer.body);
  return answer;
}

net::awaitable<core::Answer> Operations::run(api::Work work, std::size_t size_bytes, Worker& worker,
                                             IsThere is_client_there) {
  if (auto* answer = std::get_if<core::Answer>(&work)) co_return std::move(*answer);
  if (const auto* query = std::get_if<api::Query>(&work)) co_return run_query(*query, worker);
  auto& command = *std::get_if<api::Command>(&work);
  const RequestId id = worker.next_request();
  core::Request request{
      .id = id, .keys = std::move(command.keys), .apply = std::move(command.apply)};
  if (!inbox_.push(std::move(request), size_bytes)) {
    co_return api::error_answer("ThrottlingException", "Rate exceeded");
  }
  const auto is_answered = std::make_shared<bool>(false);
  if (command.patience) {
    net::co_spawn(worker.io(),
                  watch(id, *command.patience, std::move(is_client_there), is_answered),
                  net::detached);
  }
  core::Answer answer = co_await worker.reply_to(id);
  *is_answered = true;
  if (command.then && answer.error_code.empty()) co_return run_query(command.then, worker);
  co_return answer;
}

net::awaitable<void> Operations::watch(RequestId id, Duration patience, IsThere is_client_there,
                                       std::shared_ptr<bool> is_answered) {
  const auto executor = co_await net::this_coro::executor;
  net::steady_timer timer{executor};
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    timer.expires_at(std::min(std::chrono::steady_clock::now() + kLookEvery, end));
    co_await timer.async_wait(net::use_awaitable);
    if (*is_answered) co_return;
    const bool is_over = std::chrono::steady_clock::now() >= end;
    if (is_over || (is_client_there && !is_client_there())) {
      inbox_.push(core::RequestGone{id});
      co_return;
    }
  }
}

void Operations::run_own(const core::TaskCall& call, Done done, Worker& worker) {
  std::string_view service = call.resource.service;
  if (service.starts_with(kOwnPrefix)) service.remove_prefix(kOwnPrefix.size());
  std::optional<api::SdkCall> prepared = api::prepare({.service = service,
                                                       .action = call.resource.action,
                                                       .parameters = call.parameters,
                                                       .caller = call.caller,
                                                       .request_id = request_name(call)});
  if (!prepared) {
    done(run::Failure{
        .error = "States.Runtime",
        .cause = "The service '" + std::string{service} + "' is not one of presso's own."});
    return;
  }
  if (auto* command = std::get_if<api::Command>(&prepared->work)) {
    command->apply = [apply = std::move(command->apply), execution = call.execution_arn](
                         core::Core& core, RequestId request) {
      core.handle_for(execution, [&] { apply(core, request); });
    };
  }
  net::co_spawn(worker.io(),
                run_call(std::move(*prepared), call.parameters.size(), std::move(done), worker),
                net::detached);
}

net::awaitable<void> Operations::run_call(api::SdkCall call, std::size_t size_bytes, Done done,
                                          Worker& worker) {
  const core::Answer answer = co_await run(std::move(call.work), size_bytes, worker);
  done(call.convert(answer));
}

net::awaitable<core::Answer> Operations::ask(Question question, Worker& worker) {
  const RequestId id = worker.next_request();
  const auto answer = [&worker, id](core::Answer said) {
    net::post(worker.io(), [&worker, id, said = std::move(said)]() mutable {
      worker.deliver({id, std::move(said)});
    });
  };
  inbox_.push(Control{[question = std::move(question), answer](CoreThread& core_thread) {
    question(core_thread, answer);
  }});
  core::Answer said = co_await worker.reply_to(id);
  co_return said;
}

}  // namespace presso::server
