#include "server/functions/invoke_api.h"

#include <doctest/doctest.h>

#include <string>

#include "base/json.h"
#include "base/text.h"

using namespace presso;
using namespace presso::server;

namespace {

const core::Caller kCaller{.account = "123456789012", .region = "eu-west-1"};

HttpRequest invoke_request(const std::string& function, std::string body = "{}") {
  HttpRequest request;
  request.method = "POST";
  request.target = "/2015-03-31/functions/" + function + "/invocations";
  request.body = std::move(body);
  return request;
}

InvokeCall invoked(HttpRequest request) {
  const auto call = lambda_call(std::move(request), kCaller);
  REQUIRE(std::holds_alternative<LambdaCall>(call));
  const auto* invoke = std::get_if<InvokeCall>(&std::get<LambdaCall>(call));
  REQUIRE(invoke != nullptr);
  return *invoke;
}

LambdaReply refused(HttpRequest request) {
  const auto call = lambda_call(std::move(request), kCaller);
  REQUIRE(std::holds_alternative<LambdaReply>(call));
  return std::get<LambdaReply>(call);
}

std::string header(const LambdaReply& reply, std::string_view name) {
  for (const auto& [each, value] : reply.headers) {
    if (each == name) return value;
  }
  return "";
}

std::string message(const LambdaReply& reply) {
  const auto body = parse_json(reply.body);
  REQUIRE(body);
  const auto* text = as_string(find_member(*body, "Message"));
  return text == nullptr ? "" : *text;
}

}  // namespace

TEST_CASE("a function is named by its name, an ARN or a part of one") {
  struct Case {
    std::string text;
    std::string name;
    std::string arn;
  };
  const std::string own = "arn:aws:lambda:eu-west-1:123456789012:function:orders";
  for (const Case& each :
       {Case{"orders", "orders", own}, Case{"orders:7", "orders", own + ":7"},
        Case{"orders:$LATEST", "orders", own + ":$LATEST"},
        Case{"000000000000:orders", "orders",
             "arn:aws:lambda:eu-west-1:000000000000:function:orders"},
        Case{"000000000000:function:orders:live", "orders",
             "arn:aws:lambda:eu-west-1:000000000000:function:orders:live"},
        Case{"arn:aws:lambda:us-east-1:000000000000:function:orders:3", "orders",
             "arn:aws:lambda:us-east-1:000000000000:function:orders:3"},
        Case{"function", "function", "arn:aws:lambda:eu-west-1:123456789012:function:function"}}) {
    CAPTURE(each.text);
    const auto name = parse_function_name(each.text);
    REQUIRE(name);
    CHECK(name->name == each.name);
    CHECK(name->arn(kCaller) == each.arn);
  }
  for (const std::string text : {"", "a b", "orders:1:2", "http://host", "orders:", "orders:$NEXT",
                                 "arn:aws:sqs:us-east-1:000000000000:function:a", "arn:aws:lambda",
                                 "arn:aws:lambda:us-east-1:000000000000:function", ":", "a/b"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_function_name(text));
  }
}

TEST_CASE("an invocation carries what the request says") {
  HttpRequest request = invoke_request("orders", R"({"a":1})");
  request.target += "?Qualifier=live";
  request.headers = {{"x-amz-invocation-type", "Event"},
                     {"x-amz-log-type", "Tail"},
                     {"x-amz-client-context", base64_encode(R"({"custom":{}})")},
                     {"x-amzn-trace-id", "Root=1"}};
  const InvokeCall call = invoked(std::move(request));
  CHECK(call.type == InvocationType::Event);
  CHECK(call.function.qualifier == "live");
  CHECK(call.invocation.payload == R"({"a":1})");
  CHECK(call.invocation.arn == "arn:aws:lambda:eu-west-1:123456789012:function:orders:live");
  CHECK(call.invocation.client_context == R"({"custom":{}})");
  CHECK(call.invocation.trace_id == "Root=1");
  CHECK(call.invocation.wants_log_tail);
}

TEST_CASE("an invocation without a payload has an empty object") {
  CHECK(invoked(invoke_request("orders", "")).invocation.payload == "{}");
  CHECK(invoked(invoke_request("orders", "null")).invocation.payload == "null");
}

TEST_CASE("an encoded ARN is a function's name") {
  const auto call =
      invoked(invoke_request("arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aorders"));
  CHECK(call.function.name == "orders");
}

TEST_CASE("a request that Lambda would not take is refused in its words") {
  const LambdaReply no_json = refused(invoke_request("orders", "{"));
  CHECK(no_json.status == 400);
  CHECK(header(no_json, "x-amzn-ErrorType") == "InvalidRequestContentException");
  CHECK(message(no_json).starts_with("Could not parse request body into json: "));

  const std::string large = "\"" + std::string(kFunctionPayloadBytes, 'x') + "\"";
  const LambdaReply too_large = refused(invoke_request("orders", large));
  CHECK(too_large.status == 413);
  CHECK(message(too_large) ==
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation");

  HttpRequest event = invoke_request("orders", "\"" + std::string(kFunctionEventBytes, 'x') + "\"");
  event.headers = {{"X-Amz-Invocation-Type", "Event"}};
  CHECK(refused(std::move(event)).status == 413);

  HttpRequest odd = invoke_request("orders");
  odd.headers = {{"X-Amz-Invocation-Type", "Sometimes"}};
  CHECK(message(refused(std::move(odd))) ==
        "1 validation error detected: Value 'Sometimes' at 'invocationType' failed to satisfy "
        "constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]");

  HttpRequest two = invoke_request("orders:1");
  two.target += "?Qualifier=2";
  CHECK(header(refused(std::move(two)), "x-amzn-ErrorType") == "InvalidParameterValueException");

  HttpRequest context = invoke_request("orders");
  context.headers = {{"X-Amz-Client-Context", "%%%"}};
  CHECK(refused(std::move(context)).status == 400);
  CHECK(refused(invoke_request("a%20b")).status == 400);
  CHECK(refused(invoke_request("orders/other")).status == 404);
}

TEST_CASE("the reply shows version, error and log") {
  InvokeCall call = invoked(invoke_request("orders:7"));
  call.invocation.request_id = "id";
  call.invocation.wants_log_tail = true;
  const InvocationResult result{.is_error = true, .payload = "{}", .log_tail = "log\n"};
  const LambdaReply reply = invoke_reply(call, result);
  CHECK(reply.status == 200);
  CHECK(header(reply, "X-Amz-Executed-Version") == "7");
  CHECK(header(reply, "X-Amz-Function-Error") == "Unhandled");
  CHECK(header(reply, "X-Amz-Log-Result") == base64_encode("log\n"));
  CHECK(header(reply, "x-amzn-RequestId") == "id");
  const LambdaReply plain = invoke_reply(invoked(invoke_request("orders:live")), {});
  CHECK(header(plain, "X-Amz-Executed-Version") == "$LATEST");
  CHECK(header(plain, "X-Amz-Function-Error").empty());
  CHECK(header(plain, "X-Amz-Log-Result").empty());
}

TEST_CASE("an unknown function is told in Lambda's words") {
  const auto name = parse_function_name("nobody:live");
  REQUIRE(name);
  const LambdaReply reply = not_found_reply(*name, kCaller);
  CHECK(reply.status == 404);
  CHECK(message(reply) ==
        "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:nobody:live");
}
