// One call: find the service and its endpoint, make the request, sign it, and turn the answer into
// what the integration shows. What differs between services is in services.cpp, aws_json, lambda
// and s3.

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <mutex>

#include "base/json.h"
#include "server/http_client.h"
#include "server/integrations/api_destination.h"
#include "server/integrations/aws_json.h"
#include "server/integrations/delivery.h"
#include "server/integrations/integration.h"
#include "server/integrations/lambda.h"
#include "server/integrations/s3.h"
#include "server/integrations/services.h"

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

}  // namespace

// Shared with the callbacks of calls in flight, which may outlive the Integrations.
class Integrations::Calls : public std::enable_shared_from_this<Integrations::Calls> {
 public:
  explicit Calls(Setup setup) : setup_(std::move(setup)), client_(setup_.io) {}

  void start(const core::TaskCall& call, Done done) {
    ++in_flight_;
    Done counted = [self = shared_from_this(), task = call.task,
                    done = std::move(done)](CallResult result) {
      if (self->forget(task)) done(std::move(result));
    };
    remember(call.task, nullptr);
    run(call, std::move(counted));
  }

  void cancel(TaskId task) {
    std::shared_ptr<HttpClient::Exchange> exchange;
    {
      const std::lock_guard lock{mutex_};
      const auto it = exchanges_.find(task);
      if (it == exchanges_.end()) return;
      exchange = it->second;
      exchanges_.erase(it);
      --in_flight_;
    }
    if (exchange != nullptr) HttpClient::cancel(exchange);
  }

  void deliver(const core::DeliveryCall& call, const Delivered& done) {
    ++in_flight_;
    const Delivered counted = [self = shared_from_this(),
                               done](std::optional<core::DeliveryFailure> failure) {
      --self->in_flight_;
      done(std::move(failure));
    };
    if (!call.endpoint.empty()) {
      net_post([self = shared_from_this(), call, counted] {
        self->api_destinations_->deliver(call, counted);
      });
      return;
    }
    const auto universal = universal_action(call.target_arn);
    if (universal && is_own(std::string{kSdkPrefix} + universal->service)) {
      setup_.own_operation(own_call(call, *universal), [counted](const CallResult& result) {
        const auto* failure = std::get_if<run::Failure>(&result);
        if (failure == nullptr) return counted(std::nullopt);
        counted(core::DeliveryFailure{failure->error.value_or("UNKNOWN"),
                                      failure->cause.value_or(""), false});
      });
      return;
    }
    auto made = delivery_request(call, setup_.environment);
    if (const auto* failure = std::get_if<core::DeliveryFailure>(&made)) {
      net_post([counted, failure = *failure] { counted(failure); });
      return;
    }
    send_delivery(std::get<DeliveryRequest>(std::move(made)), call.caller, counted);
  }

  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }

 private:
  template <class Function>
  void net_post(Function function) {
    boost::asio::post(setup_.io, std::move(function));
  }

  // The mutex guards the map from task to exchange alone: calls start on the core's thread and are
  // answered on the I/O threads.
  void remember(TaskId task, std::shared_ptr<HttpClient::Exchange> exchange) {
    const std::lock_guard lock{mutex_};
    exchanges_[task] = std::move(exchange);
  }
  void attach(TaskId task, const std::shared_ptr<HttpClient::Exchange>& exchange) {
    const std::lock_guard lock{mutex_};
    const auto it = exchanges_.find(task);
    if (it != exchanges_.end()) {
      it->second = exchange;
    } else {
      HttpClient::cancel(exchange);  // the task was cancelled meanwhile, or is answered
    }
  }
  bool forget(TaskId task) {
    const std::lock_guard lock{mutex_};
    if (exchanges_.erase(task) == 0) return false;
    --in_flight_;
    return true;
  }

  void run(const core::TaskCall& call, Done done) {
    if (is_own(call.resource.service)) return setup_.own_operation(call, std::move(done));
    const bool is_function = call.resource.kind == asl::Resource::Kind::LambdaFunction;
    const Service* service =
        find_service(is_function ? "lambda" : bare_name(call.resource.service));
    if (service == nullptr) return refuse(call, std::move(done));
    const auto endpoint = endpoint_of(*service, setup_.environment);
    if (!endpoint) {
      return fail(std::move(done),
                  {.error = "States.TaskFailed", .cause = no_endpoint_message(*service)});
    }
    switch (service->protocol) {
      case Protocol::AwsJson: return call_aws_json(call, *service, *endpoint, done);
      case Protocol::Lambda: return invoke(call, *service, *endpoint, done);
      case Protocol::S3: return call_s3(call, *service, *endpoint, done);
    }
  }

  void call_aws_json(const core::TaskCall& call, const Service& service,
                     const std::string& endpoint, const Done& done) {
    const bool is_sdk = call.resource.is_sdk();
    const bool is_message = service.name == "sqs" && call.resource.action == "sendMessage";
    auto request =
        aws_json_request(service, endpoint, call.resource.action,
                         is_message && !is_sdk ? with_text_body(call.parameters) : call.parameters);
    send(call, service, std::move(request), [&service, is_sdk, done](const OutboundResult& result) {
      done(aws_json_result(service, is_sdk, result));
    });
  }

  void call_s3(const core::TaskCall& call, const Service& service, const std::string& endpoint,
               const Done& done) {
    const S3Operation* operation = find_s3_operation(call.resource.action);
    if (operation == nullptr) return refuse(call, done);
    const S3Form form = call.resource.is_sdk() ? S3Form::Sdk : S3Form::Optimised;
    if (form == S3Form::Optimised && operation->action == "listObjectsV2") {
      return list_s3(call, service, std::make_shared<S3Listing>(endpoint, call.parameters), done);
    }
    auto request = s3_request(*operation, form, endpoint, call.parameters);
    if (const auto* failure = std::get_if<run::Failure>(&request)) return fail(done, *failure);
    send(call, service, std::get<OutboundRequest>(std::move(request)),
         [operation, form, done](OutboundResult result) {
           done(s3_result(*operation, form, std::move(result)));
         });
  }

  // Page after page.
  void list_s3(const core::TaskCall& call, const Service& service,
               const std::shared_ptr<S3Listing>& listing, const Done& done) {
    auto request = listing->next();
    if (const auto* failure = std::get_if<run::Failure>(&request)) return fail(done, *failure);
    send(call, service, std::get<OutboundRequest>(std::move(request)),
         [self = shared_from_this(), call, &service, listing, done](OutboundResult result) {
           if (auto outcome = listing->take(std::move(result))) return done(*std::move(outcome));
           self->list_s3(call, service, listing, done);
         });
  }

  void invoke(const core::TaskCall& call, const Service& service, const std::string& endpoint,
              const Done& done) {
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
    auto request = lambda_request(endpoint, std::move(std::get<LambdaInvocation>(invocation)));
    send(call, service, std::move(request),
         [form, done](const OutboundResult& result) { done(lambda_result(form, result)); });
  }

  void send(const core::TaskCall& call, const Service& service, OutboundRequest request,
            std::function<void(OutboundResult)> done) {
    if (!parse_url(request.url)) {
      return done(NoResponse{"not an http: or https: URL: " + request.url});
    }
    sign_for(request, service, call.caller);
    attach(call.task, client_.send(std::move(request), std::move(done)));
  }

  // Signatures carry real time, whatever the virtual clock says: the other side checks it.
  void sign_for(OutboundRequest& request, const Service& service, const core::Caller& caller) {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    sign(request, credentials_of(setup_.environment, caller),
         {.region = caller.region, .service = std::string{service.signing_name}}, now);
  }

  void refuse(const core::TaskCall& call, Done done) {
    fail(std::move(done),
         {.error = "States.TaskFailed",
          .cause = "presso does not call " + call.resource.service + ":" + call.resource.action +
                   " yet: docs/compatibility.md lists the "
                   "integrations that it has."});
  }

  void fail(Done done, run::Failure failure) {
    net_post([done = std::move(done), failure = std::move(failure)] { done(failure); });
  }

  // AWS: a log stream that is not there yet is made, and the event sent again.
  void send_delivery(DeliveryRequest delivery, const core::Caller& caller, const Delivered& done) {
    OutboundRequest request = delivery.request;
    if (!parse_url(request.url)) {
      return done(core::DeliveryFailure{"INVALID_PARAMETER", "no URL: " + request.url, false});
    }
    if (delivery.service != nullptr) sign_for(request, *delivery.service, caller);
    client_.send(std::move(request), [self = shared_from_this(), delivery = std::move(delivery),
                                      caller, done](const OutboundResult& result) {
      auto first = first_of(delivery, result);
      if (!first) return done(delivery_failure(result));
      self->sign_for(*first, *delivery.service, caller);
      self->client_.send(*std::move(first), [self, delivery, caller, done](const OutboundResult&) {
        OutboundRequest again = delivery.request;
        self->sign_for(again, *delivery.service, caller);
        self->client_.send(std::move(again), [done](const OutboundResult& second) {
          done(delivery_failure(second));
        });
      });
    });
  }

  Setup setup_;
  HttpClient client_;
  std::shared_ptr<ApiDestinations> api_destinations_ = std::make_shared<ApiDestinations>(client_);
  std::atomic<std::size_t> in_flight_ = 0;
  std::mutex mutex_;
  std::map<TaskId, std::shared_ptr<HttpClient::Exchange>> exchanges_;
};

Integrations::Integrations(Setup setup) : calls_(std::make_shared<Calls>(std::move(setup))) {}
Integrations::~Integrations() = default;

void Integrations::start(core::TaskCall call, Done done) { calls_->start(call, std::move(done)); }
void Integrations::cancel(TaskId task) { calls_->cancel(task); }
void Integrations::deliver(core::DeliveryCall call, Delivered done) {
  calls_->deliver(call, std::move(done));
}
std::size_t Integrations::in_flight() const { return calls_->in_flight(); }

}  // namespace presso::server
