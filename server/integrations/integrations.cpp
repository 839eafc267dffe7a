// One call: find the service and its endpoint, make the request, sign it, and turn the answer into
// what the integration shows. Most services are called by their models (model_call);
// Lambda and S3 show more than those tell.

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <mutex>
#include <random>
#include <tuple>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/models/jobs.h"
#include "engine/models/optimised.h"
#include "server/http_client.h"
#include "server/integrations/api_destination.h"
#include "server/integrations/api_gateway.h"
#include "server/integrations/aws_json.h"
#include "server/integrations/credentials.h"
#include "server/integrations/delivery.h"
#include "server/integrations/emr.h"
#include "server/integrations/execution_logs.h"
#include "server/integrations/http_exchange.h"
#include "server/integrations/http_task.h"
#include "server/integrations/integration.h"
#include "server/integrations/kubernetes.h"
#include "server/integrations/kubernetes_client.h"
#include "server/integrations/lambda.h"
#include "server/integrations/model_call.h"
#include "server/integrations/outgoing_calls.h"
#include "server/integrations/s3.h"
#include "server/integrations/services.h"
#include "server/integrations/signed_client.h"
#include "server/routes/service_names.h"

namespace presso::server {

namespace {

constexpr std::string_view kSdkPrefix = "aws-sdk:";

bool is_own(std::string_view service) {
  return service == "aws-sdk:sfn" || service == "aws-sdk:eventbridge";
}

std::string_view bare_name(std::string_view service) {
  return service.starts_with(kSdkPrefix) ? service.substr(kSdkPrefix.size()) : service;
}

// A call of our own API that a schedule makes by aws-sdk, as if a task made it.
core::TaskCall own_call(const core::DeliveryCall& call, const UniversalAction& universal) {
  core::TaskCall own{.task = {},
                     .resource = {},
                     .parameters = call.payload,
                     .caller = call.caller,
                     .execution_arn = {}};
  own.resource.service = std::string{kSdkPrefix} + universal.service;
  own.resource.action = universal.action;
  return own;
}

// Lambda runs a function for each request that it takes, and tells Step Functions of what may pass
// by itself (AWS: "Handle transient Lambda service exceptions"); who calls an API is no SDK.
bool is_tried_again(std::string_view signing_name) {
  return !signing_name.empty() && signing_name != "execute-api" &&
         signing_name != kLambdaService.signing_name;
}

}  // namespace

// Shared with the callbacks of calls in flight, which may outlive the Integrations.
class Integrations::Calls : public std::enable_shared_from_this<Integrations::Calls> {
 public:
  explicit Calls(Setup setup) : setup_(std::move(setup)) {}

  void start(const core::TaskCall& call, Done done) {
    Done counted = [calls = outgoing_, task = call.task,
                    done = std::move(done)](CallResult result) {
      if (calls->end(task)) done(std::move(result));
    };
    outgoing_->begin(call.task);
    run(call, std::move(counted));
  }

  void cancel(TaskId task) { outgoing_->cancel(task); }

  void deliver(const core::DeliveryCall& call, const Delivered& done) {
    ++deliveries_;
    const Delivered counted = [self = shared_from_this(),
                               done](std::optional<core::DeliveryFailure> failure) {
      --self->deliveries_;
      done(std::move(failure));
    };
    if (!call.endpoint.empty()) {
      net_post([self = shared_from_this(), call, counted] {
        self->api_destinations_->deliver(call, counted);
      });
      return;
    }
    const auto universal = universal_action(call.target_arn);
    const Called called =
        universal ? called_by(universal->service, universal->action, call.payload, call.caller)
                  : called_target(call.target_arn);
    const auto route = setup_.routes->find(called, call.caller);
    const bool is_function = route && route->kind == DestinationKind::Function;
    if (universal && (is_function || is_own(std::string{kSdkPrefix} + universal->service))) {
      run(own_call(call, *universal), [counted](const CallResult& result) {
        const auto* failure = std::get_if<run::Failure>(&result);
        if (failure == nullptr) return counted(std::nullopt);
        counted(core::DeliveryFailure{failure->error.value_or("UNKNOWN"),
                                      failure->cause.value_or(""), false});
      });
      return;
    }
    if (is_function) {
      LambdaInvocation invocation;
      invocation.function = function_for(*route, called, call.target_arn);
      invocation.payload = call.payload;
      invocation.invocation_type = "Event";
      setup_.functions.call(
          lambda_request("", std::move(invocation)), call.caller,
          [counted](const OutboundResult& result) { counted(delivery_failure(result)); });
      return;
    }
    auto made = delivery_request(call, *setup_.routes);
    if (const auto* failure = std::get_if<core::DeliveryFailure>(&made)) {
      net_post([counted, failure = *failure] { counted(failure); });
      return;
    }
    auto request = std::get<DeliveryRequest>(std::move(made));
    if (!route) return send_delivery(std::move(request), call, false, counted);
    if (route->line.limits.timeout) request.request.timeout = *route->line.limits.timeout;
    // Nobody cancels a delivery.
    const bool is_for_aws = route->kind == DestinationKind::Aws;
    static_cast<void>(route->gate->wait([self = shared_from_this(), request = std::move(request),
                                         call, is_for_aws, counted](RouteGate::Hold hold) {
      self->send_delivery(request, call, is_for_aws,
                          [hold, counted](std::optional<core::DeliveryFailure> failure) mutable {
                            hold.reset();
                            counted(std::move(failure));
                          });
    }));
  }

  void log(const std::shared_ptr<const core::ExecutionLog>& log) { logs_->add(log); }

  void find_credentials(core::Caller caller, std::function<void(Result<Credentials>)> found) {
    client_->find_credentials({.caller = std::move(caller), .is_for_aws = true}, std::move(found));
  }

  [[nodiscard]] std::size_t in_flight() const { return outgoing_->size() + deliveries_; }

 private:
  template <class Function>
  void net_post(Function function) {
    boost::asio::post(setup_.io, std::move(function));
  }

  void run(const core::TaskCall& call, Done done) {
    if (is_own(call.resource.service)) return setup_.own_operation(call, std::move(done));
    if (call.resource.service == "http") return call_http(call, done);
    if (call.resource.service == "apigateway") return call_api(call, done);
    const bool is_awaited = call.resource.pattern == asl::IntegrationPattern::Sync ||
                            call.resource.pattern == asl::IntegrationPattern::Sync2;
    if (is_awaited && models::find_job(call.resource.service, call.resource.action) == nullptr) {
      return refuse(call, done);  // nobody could ask whether the job has ended
    }
    const auto& [service, action] = std::tie(call.resource.service, call.resource.action);
    const bool is_function = call.resource.kind == asl::Resource::Kind::LambdaFunction;
    if (is_function || service == "lambda") return invoke(call, done);
    if (bare_name(service) == "s3" && find_s3_operation(action) != nullptr) {
      const auto route = route_of(call, kS3Service.variable, done);
      if (route) call_s3(call, *route, done);
      return;
    }
    if (is_kubernetes_action(service, action)) return kubernetes_.call(call, done);
    if (const EmrAction* emr = find_emr_action(service, action)) {
      return call_emr(
          *emr, call,
          [self = shared_from_this()](const core::TaskCall& inner, Done answered) {
            self->run(inner, std::move(answered));
          },
          done);
    }
    auto found = model_call(call.resource);
    if (!found) return refuse(call, done);
    const auto route = route_of(call, found->model->id, done);
    if (!route) return;
    if (route->kind != DestinationKind::Function) {
      return call_model(call, *std::move(found), *route, done);
    }
    core::TaskCall to_function = call;
    to_function.parameters = with_function(call.parameters, *route);
    call_model(to_function, *std::move(found), *route, done);
  }

  // Nothing: the call goes nowhere, and its task has been told. An optimised integration may be
  // called otherwise than the service: bedrock:invokeModel is one of Bedrock Runtime's.
  std::optional<Route> route_of(const core::TaskCall& call, std::string_view service_id,
                                const Done& done) {
    return route_of(call, called_by(service_id, call.resource.action, call.parameters, call.caller),
                    endpoint_variable(service_id), done);
  }
  std::optional<Route> route_of(const core::TaskCall& call, const Called& called,
                                std::string_view variable, const Done& done) {
    auto routed = route_or_reason(*setup_.routes, called, call.caller, variable);
    if (auto* route = std::get_if<Route>(&routed)) return std::move(*route);
    fail(done, {.error = "States.TaskFailed", .cause = std::get<std::string>(routed)});
    return std::nullopt;
  }

  // Models are kept once they are unpacked.
  std::shared_ptr<const models::ServiceModel> model_of(std::string_view name) {
    const std::lock_guard lock{mutex_};
    const auto known = models_.find(name);
    if (known != models_.end()) return known->second;
    auto model = models::load_model(name);
    if (model != nullptr) models_.emplace(name, model);
    return model;
  }

  std::optional<ModelCall> model_call(const asl::Resource& resource) {
    ModelCall made;
    std::string_view name = bare_name(resource.service);
    if (!resource.is_sdk()) {
      const auto* optimised = models::find_optimised(name, resource.action);
      if (optimised == nullptr) return std::nullopt;
      made.style = ModelStyle::Optimised;
      made.optimised_prefix = optimised->prefix;
      made.optimised_service = optimised->service;
      name = optimised->model;
    }
    made.model = model_of(name);
    if (made.model == nullptr) return std::nullopt;
    const auto action = made.model->action(resource.action);
    if (!action) return std::nullopt;
    made.action = *action;
    return made;
  }

  // A route to a function has no endpoint, and its URL is a path.
  void call_model(const core::TaskCall& call, ModelCall made, const Route& route,
                  const Done& done) {
    std::string parameters = call.parameters;
    if (call.resource.service == "sqs") {
      parameters = with_text_member(std::move(parameters), "MessageBody");
    } else if (call.resource.service == "sns") {
      parameters = with_text_member(std::move(parameters), "Message");
    }
    const std::string token =
        idempotency_token(call.execution_arn + " " + std::to_string(call.task.event));
    auto request = model_request(made, route.endpoint, parameters, token);
    if (const auto* failure = std::get_if<run::Failure>(&request)) return fail(done, *failure);
    const std::string signing_name{made.model->signing_name};
    send({call, signing_name, route}, std::get<OutboundRequest>(std::move(request)),
         [made = std::move(made), done](const OutboundResult& result) {
           done(model_result(made, result));
         });
  }

  void call_s3(const core::TaskCall& call, const Route& route, const Done& done) {
    const S3Operation* operation = find_s3_operation(call.resource.action);
    const S3Form form = call.resource.is_sdk() ? S3Form::Sdk : S3Form::Optimised;
    if (form == S3Form::Optimised && operation->action == "listObjectsV2") {
      const auto listing = std::make_shared<S3Listing>(route.endpoint, call.parameters);
      return list_s3(call, route, listing, done);
    }
    auto request = s3_request(*operation, form, route.endpoint, call.parameters);
    if (const auto* failure = std::get_if<run::Failure>(&request)) return fail(done, *failure);
    send({call, kS3Service.signing_name, route}, std::get<OutboundRequest>(std::move(request)),
         [operation, form, done](OutboundResult result) {
           done(s3_result(*operation, form, std::move(result)));
         });
  }

  // Page after page.
  void list_s3(const core::TaskCall& call, const Route& route,
               const std::shared_ptr<S3Listing>& listing, const Done& done) {
    auto request = listing->next();
    if (const auto* failure = std::get_if<run::Failure>(&request)) return fail(done, *failure);
    send({call, kS3Service.signing_name, route}, std::get<OutboundRequest>(std::move(request)),
         [self = shared_from_this(), call, route, listing, done](OutboundResult result) {
           if (auto outcome = listing->take(std::move(result))) return done(*std::move(outcome));
           self->list_s3(call, route, listing, done);
         });
  }

  // An API's own host is not to be reached here: its route is. One of this machine is called as it
  // is, when there is no route.
  void call_api(const core::TaskCall& call, const Done& done) {
    const auto parameters = parse_json(call.parameters);
    auto made = api_gateway_call(parameters ? *parameters : Json::object());
    if (const auto* failure = std::get_if<run::Failure>(&made)) return fail(done, *failure);
    auto& [request, host, is_signed] = std::get<ApiGatewayCall>(made);
    const auto answered = [done](const OutboundResult& result) {
      done(api_gateway_result(result));
    };
    const std::string local = local_endpoint(host);
    const Called called = called_by("API Gateway", "invoke", call.parameters, call.caller);
    if (!local.empty() && !setup_.routes->find(called, call.caller)) {
      request.url = local + request.url;
      outgoing_->send(
          call.task, std::move(request),
          {.signing = {.service = is_signed ? "execute-api" : "", .caller = call.caller}},
          answered);
      return;
    }
    const auto route = route_of(call, called, "API_GATEWAY", done);
    if (!route) return;
    const bool is_for_aws = route->kind == DestinationKind::Aws;
    request.url = (is_for_aws ? "https://" + host : route->endpoint) + request.url;
    if (!is_for_aws) request.headers.emplace_back("host", host);
    send({call, is_signed ? "execute-api" : "", *route}, std::move(request), answered);
  }

  void call_http(const core::TaskCall& call, const Done& done) {
    const auto connection = parse_json(call.connection);
    if (!connection) {
      return fail(done, {.error = "Events.ConnectionResource.InvalidConnectionState",
                         .cause = "The connection does not exist or is not authorized."});
    }
    const auto parameters = parse_json(call.parameters);
    auto request = http_task_request(parameters ? *parameters : Json::object(), *connection,
                                     call.caller.region);
    if (const auto* failure = std::get_if<run::Failure>(&request)) return fail(done, *failure);
    if (call.exchange) {
      const auto plain = http_task_request(*parameters, Json::object(), call.caller.region);
      show_request(*call.exchange, std::get<OutboundRequest>(plain));
    }
    net_post([self = shared_from_this(), connection = *connection, exchange = call.exchange, done,
              made = std::get<OutboundRequest>(std::move(request))]() mutable {
      self->api_destinations_->call(
          std::move(made), connection,
          [exchange](const OutboundRequest& sent) {
            if (exchange && exchange->reveals_secrets) show_request(*exchange, sent);
          },
          [exchange, done](const OutboundResult& result) {
            if (exchange) show_response(*exchange, result);
            done(http_task_result(result));
          });
    });
  }

  void invoke(const core::TaskCall& call, const Done& done) {
    auto form = LambdaResultForm::Whole;
    std::variant<LambdaInvocation, run::Failure> invocation;
    if (call.resource.kind == asl::Resource::Kind::LambdaFunction) {
      form = LambdaResultForm::Payload;
      LambdaInvocation direct;
      direct.function = call.resource.arn;
      direct.payload = call.parameters;
      invocation = std::move(direct);
    } else {
      invocation = lambda_invocation(call.parameters);
    }
    if (const auto* failure = std::get_if<run::Failure>(&invocation)) return fail(done, *failure);
    auto& made = std::get<LambdaInvocation>(invocation);
    Called called = called_function(made.function, call.caller);
    called.action = "invoke";
    const auto route = route_of(call, called, kLambdaService.variable, done);
    if (!route) return;
    if (route->kind == DestinationKind::Function) {
      made.function = function_for(*route, called, made.function);
    }
    auto request = lambda_request(route->endpoint, std::move(made));
    send({call, kLambdaService.signing_name, *route}, std::move(request),
         [form, done](const OutboundResult& result) { done(lambda_result(form, result)); });
  }

  struct Sending {
    const core::TaskCall& call;
    std::string_view signing_name;
    const Route& route;
  };

  // When it is its turn on that route. It is signed then: a signature has a time in it.
  void send(const Sending& sending, OutboundRequest request,
            std::function<void(OutboundResult)> done) {
    const auto& [call, signing_name, route] = sending;
    if (signing_name == kLambdaService.signing_name && request.url.starts_with('/')) {
      return setup_.functions.call(std::move(request), call.caller, std::move(done));
    }
    if (!parse_url(request.url)) {
      return done(NoResponse{"not an http: or https: URL: " + request.url});
    }
    if (route.line.limits.timeout) request.timeout = *route.line.limits.timeout;
    const Signing signing{.service = std::string{signing_name},
                          .caller = call.caller,
                          .is_for_aws = route.kind == DestinationKind::Aws};
    outgoing_->send(call.task, std::move(request),
                    {.signing = signing,
                     .gate = route.gate,
                     .max_attempts = route.line.limits.max_attempts.value_or(
                         is_tried_again(signing_name) ? max_attempts_ : 1)},
                    std::move(done));
  }

  void refuse(const core::TaskCall& call, Done done) {
    fail(std::move(done), {.error = "States.TaskFailed",
                           .cause = "presso does not call " + call.resource.service + ":" +
                                    call.resource.history_name() +
                                    " yet: docs/compatibility.md lists the "
                                    "integrations that it has."});
  }

  void fail(Done done, run::Failure failure) {
    net_post([done = std::move(done), failure = std::move(failure)] { done(failure); });
  }

  // AWS: a log stream that is not there yet is made, and the event sent again.
  void send_delivery(DeliveryRequest delivery, const core::DeliveryCall& call, bool is_for_aws,
                     const Delivered& done) {
    if (!parse_url(delivery.request.url)) {
      return done(
          core::DeliveryFailure{"INVALID_PARAMETER", "no URL: " + delivery.request.url, false});
    }
    OutboundRequest request = delivery.request;
    const Signing signing{
        .service = delivery.signing_name, .caller = call.caller, .is_for_aws = is_for_aws};
    client_->send(std::move(request), signing,
                  [self = shared_from_this(), delivery = std::move(delivery), signing,
                   done](const OutboundResult& result) {
                    auto first = first_of(delivery, result);
                    if (!first) return done(delivery_failure(result));
                    self->client_->send(*std::move(first), signing,
                                        [self, delivery, signing, done](const OutboundResult&) {
                                          self->client_->send(delivery.request, signing,
                                                              [done](const OutboundResult& second) {
                                                                done(delivery_failure(second));
                                                              });
                                        });
                  });
  }

  Setup setup_;
  std::shared_ptr<SignedClient> client_ = std::make_shared<SignedClient>(setup_);
  std::shared_ptr<ApiDestinations> api_destinations_ =
      std::make_shared<ApiDestinations>(client_->plain());
  std::shared_ptr<ExecutionLogs> logs_ = std::make_shared<ExecutionLogs>(setup_.routes, client_);
  std::shared_ptr<OutgoingCalls> outgoing_ = std::make_shared<OutgoingCalls>(
      OutgoingCalls::Setup{.io = setup_.io, .client = client_, .seed = std::random_device{}()});
  int max_attempts_ = max_attempts_of(setup_.environment);
  std::atomic<std::size_t> deliveries_ = 0;
  KubernetesClient kubernetes_{setup_, client_, outgoing_};
  std::mutex mutex_;  // guards the models
  std::map<std::string, std::shared_ptr<const models::ServiceModel>, std::less<>> models_;
};

Integrations::Integrations(Setup setup) : calls_(std::make_shared<Calls>(std::move(setup))) {}
Integrations::~Integrations() = default;

void Integrations::start(core::TaskCall call, Done done) { calls_->start(call, std::move(done)); }
void Integrations::cancel(TaskId task) { calls_->cancel(task); }
void Integrations::deliver(core::DeliveryCall call, Delivered done) {
  calls_->deliver(call, std::move(done));
}
void Integrations::log(std::shared_ptr<const core::ExecutionLog> log) { calls_->log(log); }
void Integrations::find_credentials(core::Caller caller,
                                    std::function<void(Result<Credentials>)> found) {
  calls_->find_credentials(std::move(caller), std::move(found));
}
std::size_t Integrations::in_flight() const { return calls_->in_flight(); }

}  // namespace presso::server
