#include "server/forward/forwarder.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <utility>

#include "base/entropy.h"
#include "base/text.h"
#include "engine/models/service_model.h"
#include "server/forward/passage.h"
#include "server/forward/peer_error.h"
#include "server/forward/signed_anew.h"
#include "server/functions/invoke_api.h"
#include "server/http_stream.h"
#include "server/integrations/services.h"
#include "server/origin.h"
#include "server/routes/service_names.h"

namespace presso::server {
namespace {

namespace net = boost::asio;

// A body up to this size is taken whole, so that it can be sent again over another connection. Of
// one that names what is called somewhere in it, this much is looked at.
constexpr std::size_t kWholeBytes = 64 * 1024;
constexpr std::size_t kNamingBytes = 1024 * 1024;

std::optional<std::uint64_t> length_of(const HttpRequest& request) {
  const std::string_view text = request.header("Content-Length");
  if (text.empty()) {
    if (!request.header("Transfer-Encoding").empty()) return std::nullopt;
    return 0;
  }
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  return error == std::errc{} ? std::optional{length} : std::nullopt;
}

bool asks_to_continue(const HttpRequest& request) {
  return to_lower_ascii(request.header("Expect")) == "100-continue";
}

// "presso.yaml:3: s3"
std::string told(const RouteLine& line) { return line.where + ": " + line.match.text; }

std::string variable_of(const std::string& service) {
  const auto model = models::load_model(service);
  return endpoint_variable(model == nullptr ? std::string_view{service} : model->id);
}

// As it came, but for what is of the connection alone, what `head_end` adds and what is framed
// anew.
std::string same_head(const HttpRequest& request, const Url& url) {
  auto headers = request.headers;
  remove_hop_by_hop(headers);
  const std::string base = url.target == "/" ? "" : url.target;
  std::string head = request.method + " " + base + request.target + " HTTP/1.1\r\n";
  if (request.header("Host").empty()) head += "Host: " + url.authority() + "\r\n";
  for (const auto& [name, value] : headers) {
    if (to_lower_ascii(name) == "via") continue;
    head.append(name).append(": ").append(value).append("\r\n");
  }
  return head;
}

// A body that came in chunks and is here as a whole has a length now.
std::string head_end(const HttpRequest& request, const std::string& via, bool is_streamed) {
  std::string end = "Via: ";
  for (const auto& [name, value] : request.headers) {
    if (to_lower_ascii(name) == "via") end.append(value).append(", ");
  }
  end.append("1.1 ").append(via).append("\r\n");
  if (length_of(request)) return end.append("\r\n");
  if (is_streamed) return end.append("Transfer-Encoding: chunked\r\n\r\n");
  return end.append("Content-Length: ")
      .append(std::to_string(request.body.size()))
      .append("\r\n\r\n");
}

}  // namespace

struct Forwarder::Way {
  Addressee addressee;
  core::Caller caller;
};

// ---- where to ----

Forwarder::Forwarder(Setup setup) : setup_(std::move(setup)) {
  for (Worker* worker : setup_.workers) {
    connections_.push_back(std::make_unique<UpstreamConnections>(worker->io(), setup_.trust));
  }
}
Forwarder::~Forwarder() = default;

// Nothing: presso's own. What only the path tells is passed on if there is a way; what a client has
// named and presso does not know is at least answered with what to set.
std::optional<Forwarder::Way> Forwarder::way_of(const HttpRequest& request) const {
  if (!request.target.starts_with('/')) return std::nullopt;
  Way way{.addressee = addressee_of(request), .caller = {}};
  const Addressee& to = way.addressee;
  if (to.service.empty() || is_own_service(to.service)) return std::nullopt;
  way.caller = caller_of_request(request, setup_.caller);
  const bool is_lambda = to.service == "lambda" && is_lambda_path(request.path());
  const bool is_named = !request.header("X-Amz-Target").empty() || to.is_signed;
  if (is_named && !is_lambda) return way;
  const auto route = route_of(way, request);
  if (!route || route->kind == DestinationKind::Function) return std::nullopt;
  return way;
}

std::optional<Route> Forwarder::route_of(const Way& way, const HttpRequest& request) const {
  const Addressee& to = way.addressee;
  Called called = called_by_request(to, request, way.caller, setup_.routes->has_names());
  auto route = setup_.routes->find(called, way.caller);
  const bool is_narrow = route && route->line.match.kind != MatchKind::Everything;
  if (is_narrow || to.family.empty()) return route;
  called = {.service = to.family};
  auto of_family = setup_.routes->find(called, way.caller);
  return of_family ? of_family : route;
}

Duration Forwarder::timeout_of(const Way& way, const Route& route) const {
  if (route.line.limits.timeout) return *route.line.limits.timeout;
  const auto is_long = {"lambda", "executeapi", "sagemakerruntime", "bedrockruntime"};
  const bool is_it = std::ranges::find(is_long, way.addressee.service) != is_long.end();
  return is_it ? setup_.long_timeout : setup_.timeout;
}

std::optional<BodyPlan> Forwarder::plan(const HttpRequest& head) const {
  const auto way = way_of(head);
  if (!way) return std::nullopt;
  const bool has_names = !head.header("X-Amz-Target").empty() ||
                         way->addressee.form == ErrorForm::Query ||
                         way->addressee.form == ErrorForm::Ec2;
  const auto length = length_of(head);
  const std::size_t whole = has_names ? kNamingBytes : kWholeBytes;
  const bool is_whole = length && *length <= whole && !asks_to_continue(head);
  return BodyPlan{.bytes = whole, .is_streamed = !is_whole};
}

net::awaitable<std::optional<HttpReply>> Forwarder::handle(const HttpRequest& request,
                                                           Worker& worker) {
  auto way = way_of(request);
  if (!way) co_return std::nullopt;
  const ErrorForm form = way->addressee.form;
  PeerError error;
  error.request_id = next_uuid(worker.entropy());
  const std::string host{request.header("Host")};
  if (may_be_rebound(host, setup_.allowed_origins)) {
    error.status = 403;
    error.code = "AccessDenied";
    error.message = "The host " + host + " may not use this server. Start presso with " +
                    "--allow-origin http://" + host + " to let it.";
    co_return to_reply(error, form);
  }
  HttpReply reply = co_await pass(request, *std::move(way), worker);
  co_return reply;
}

// What is not passed on, and why.
void Forwarder::refuse(PeerError& error, const Way& way, const std::optional<Route>& route,
                       const HttpRequest& request) const {
  const std::string& service = way.addressee.service;
  if (!route) {
    const bool is_page = request.header("X-Amz-Target").empty();
    error.status = is_page ? 404 : 400;
    error.code = is_page ? "NotFound" : "UnknownOperation";
    error.message = "presso does not serve " + service + " and passes it on. " +
                    no_endpoint_message(service, variable_of(service));
  } else if (route->kind == DestinationKind::Mock) {
    error.status = 501;
    error.code = "NotImplemented";
    error.message = "No mock answers this call of " + service + ", and its route is mock (" +
                    told(route->line) + ").";
  } else if (!parse_url(route->endpoint)) {
    error.code = "BadGateway";
    error.message = route->line.where + " is no URL: " + route->endpoint;
  } else if (has_passed(request)) {
    error.status = 508;
    error.code = "LoopDetected";
    error.message = "The request has come back to presso: the route of " + service + " (" +
                    told(route->line) + ") leads to " + route->endpoint +
                    ", and from there to presso again.";
  }
}

// Via names who has passed it on already.
bool Forwarder::has_passed(const HttpRequest& request) const {
  return std::ranges::any_of(request.headers, [&](const auto& header) {
    return to_lower_ascii(header.first) == "via" &&
           header.second.find(setup_.pseudonym) != std::string::npos;
  });
}

// What waits for its turn on a route, and what shares it with the thread that has the turn to give.
struct Forwarder::Queued {
  explicit Queued(net::io_context& io) : bell(io) {
    bell.expires_at(net::steady_timer::time_point::max());
  }
  net::steady_timer bell;
  RouteGate::Hold hold;
  bool is_over = false;  // the client has gone
};

// Nothing: the client went before its turn came.
net::awaitable<RouteGate::Hold> Forwarder::turn(const Route& route,
                                                std::shared_ptr<HttpSender> sender,
                                                Worker& worker) {
  const auto queued = std::make_shared<Queued>(worker.io());
  const auto place = route.gate->wait([queued, &worker](RouteGate::Hold hold) {
    net::dispatch(worker.io(), [queued, hold = std::move(hold)]() mutable {
      queued->hold = std::move(hold);
      queued->bell.cancel();
    });
  });
  if (queued->hold) co_return std::move(queued->hold);
  net::co_spawn(worker.io(), watch_queued(queued, std::move(sender)), net::detached);
  if (!queued->is_over) co_await queued->bell.async_wait(net::as_tuple(net::use_awaitable));
  if (!queued->hold) place->give_up();
  co_return std::move(queued->hold);
}

net::awaitable<void> Forwarder::watch_queued(std::shared_ptr<Queued> queued,
                                             std::shared_ptr<HttpSender> sender) {
  const bool is_gone = co_await sender->goes();
  if (!is_gone) co_return;
  queued->is_over = true;
  queued->bell.cancel();
}

net::awaitable<Result<std::string>> Forwarder::signed_anew(const HttpRequest& request,
                                                           const Way& way, const Route& route,
                                                           bool is_streamed) {
  auto made = resigning_of(request, way.addressee, route.endpoint, is_streamed);
  if (!made) co_return made.error();
  const auto model = models::load_model(way.addressee.service);
  SigningScope scope{.region = signing_region(route.endpoint, way.caller.region),
                     .service = model ? std::string{model->signing_name} : way.addressee.service};
  const auto begin = [this, caller = way.caller](auto handler) {
    const auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
    const auto executor = net::get_associated_executor(*waiting);
    setup_.credentials(caller, [waiting, executor](const Result<Credentials>& found) {
      net::post(executor, [waiting, found]() mutable { std::move (*waiting)(found); });
    });
  };
  const Result<Credentials> found =
      co_await net::async_initiate<const net::use_awaitable_t<>, void(Result<Credentials>)>(
          begin, net::use_awaitable);
  if (!found) co_return found.error();
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  co_return signed_head(*std::move(made), *found, scope, now);
}

// Error: why it cannot go there.
net::awaitable<Result<std::string>> Forwarder::head_of(const HttpRequest& request, const Way& way,
                                                       const Route& route, bool is_streamed) {
  std::string head;
  if (route.kind == DestinationKind::Aws) {
    Result<std::string> made = co_await signed_anew(request, way, route, is_streamed);
    if (!made) co_return made;
    head = *std::move(made);
  } else {
    head = same_head(request, *parse_url(route.endpoint));
  }
  co_return head += head_end(request, setup_.pseudonym, is_streamed);
}

net::awaitable<HttpReply> Forwarder::pass(HttpRequest request, Way way, Worker& worker) {
  const ErrorForm form = way.addressee.form;
  PeerError error;
  error.request_id = next_uuid(worker.entropy());
  const auto route = route_of(way, request);
  refuse(error, way, route, request);
  if (!error.message.empty()) co_return to_reply(error, form);
  const auto url = parse_url(route->endpoint);
  const auto sender = request.sender();
  const bool is_streamed = !sender->is_complete();
  const RouteGate::Hold hold = co_await turn(*route, sender, worker);
  if (!hold) {  // nobody is there to read it
    error.code = "RequestAborted";
    co_return to_reply(error, form);
  }
  Result<std::string> head = co_await head_of(request, way, *route, is_streamed);
  if (!head) {
    error.status = 501;
    error.code = "NotImplemented";
    error.message =
        "The request cannot go to AWS (" + told(route->line) + "): " + head.error().message + ".";
    co_return to_reply(error, form);
  }
  const auto exchange = std::make_shared<UpstreamExchange>(
      *connections_[worker.index()],
      UpstreamExchange::Setup{
          .url = *url, .is_head = request.method == "HEAD", .timeout = timeout_of(way, *route)});
  const auto passing = std::make_shared<Passage>(
      Passage::Setup{.exchange = exchange,
                     .sender = sender,
                     .io = worker.io(),
                     .continue_time = setup_.continue_time,
                     .is_streamed = is_streamed,
                     .is_chunked = is_streamed && !length_of(request),
                     .waits_for_continue = is_streamed && asks_to_continue(request)});
  UpstreamExchange::Fault fault;
  if (is_streamed) {
    fault = co_await exchange->begin_streamed(*std::move(head));
  } else {
    fault = co_await exchange->begin(std::move(head->append(request.body)));
  }
  if (!fault) {
    passing->start();
    fault = co_await passing->answer();
  }
  if (fault) {
    exchange->cancel();
    error.status = fault->is_late ? 504 : 502;
    error.code = fault->is_late ? "GatewayTimeout" : "BadGateway";
    error.message = "No answer from " + route->endpoint + ", where " + way.addressee.service +
                    " is (" + told(route->line) + "): " + fault->reason + ".";
    co_return to_reply(error, form);
  }
  co_return passed_reply(exchange, request.method == "HEAD", hold);
}

}  // namespace presso::server
