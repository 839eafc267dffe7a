#include "server/routes/route_table.h"

#include <doctest/doctest.h>

#include "server/routes/route_report.h"
#include "server/routes/service_names.h"

namespace presso::server {
namespace {

const core::Caller kCaller{.account = "000000000000", .region = "eu-west-1"};

RouteLine line(const std::string& match, const std::string& to) {
  auto made = parse_route_line(match, to);
  REQUIRE(made);
  return *std::move(made);
}

std::string goes_to(const RouteTable& routes, const std::string& service, const std::string& action,
                    const std::string& parameters) {
  const auto route = routes.find(called_by(service, action, parameters, kCaller), kCaller);
  return route ? route->endpoint + route->function : "nowhere";
}

std::string refusal(const std::string& match, const std::string& to) {
  const auto made = parse_route_line(match, to);
  return made ? "" : made.error().message;
}

constexpr const char* kJob = R"({"QueueUrl":"http://any/000000000000/jobs-1","MessageBody":"m"})";

}  // namespace

TEST_CASE("the narrowest line decides: ARN, name, action, service, everything") {
  std::vector<RouteLine> lines;
  lines.push_back(line("*", "http://all"));
  CHECK(goes_to(RouteTable({.environment = {}, .lines = lines}), "sqs", "sendMessage", kJob) ==
        "http://all");
  lines.push_back(line("sqs", "http://service/"));
  CHECK(goes_to(RouteTable({.environment = {}, .lines = lines}), "sqs", "sendMessage", kJob) ==
        "http://service");
  lines.push_back(line("sqs:send*", "http://action"));
  CHECK(goes_to(RouteTable({.environment = {}, .lines = lines}), "sqs", "sendMessage", kJob) ==
        "http://action");
  CHECK(goes_to(RouteTable({.environment = {}, .lines = lines}), "sqs", "receiveMessage", kJob) ==
        "http://service");
  lines.push_back(line("queue jobs-*", "http://name"));
  CHECK(goes_to(RouteTable({.environment = {}, .lines = lines}), "sqs", "sendMessage", kJob) ==
        "http://name");
  lines.push_back(line("queue jobs-1", "http://exact"));
  CHECK(goes_to(RouteTable({.environment = {}, .lines = lines}), "sqs", "sendMessage", kJob) ==
        "http://exact");
  lines.push_back(line("arn:aws:sqs:eu-*:*:jobs-*", "http://arn"));
  CHECK(goes_to(RouteTable({.environment = {}, .lines = lines}), "sqs", "sendMessage", kJob) ==
        "http://arn");
  CHECK(goes_to(RouteTable({.environment = {}, .lines = lines}), "sns", "publish", "{}") ==
        "http://all");
}

TEST_CASE("of two lines that are equally narrow the weightier source decides") {
  RouteTable::Setup setup{
      .environment = {{"SQS_ENDPOINT", "http://local"}, {"AWS_ENDPOINT_URL", "http://all"}}};
  CHECK(goes_to(RouteTable(setup), "sqs", "sendMessage", kJob) == "http://local");
  CHECK(goes_to(RouteTable(setup), "sns", "publish", "{}") == "http://all");
  setup.environment["AWS_ENDPOINT_URL_SQS"] = "http://sdk/";
  CHECK(goes_to(RouteTable(setup), "sqs", "sendMessage", kJob) == "http://sdk");
  setup.lines.push_back(line("sqs", "http://file"));
  RouteTable routes(setup);
  CHECK(goes_to(routes, "sqs", "sendMessage", kJob) == "http://file");
  routes.put({line("sqs", "http://first")});
  routes.put({line("sqs", "http://second")});
  CHECK(goes_to(routes, "sqs", "sendMessage", kJob) == "http://second");
  CHECK(routes.remove("sqs"));
  CHECK_FALSE(routes.remove("sqs"));
  CHECK(goes_to(routes, "sqs", "sendMessage", kJob) == "http://file");
}

TEST_CASE("forward leaves a call to the line that would decide without it") {
  const RouteTable routes({.environment = {{"AWS_ENDPOINT_URL_SQS", "http://sdk"}},
                           .lines = {line("queue *", "mock"), line("queue jobs-1", "forward")}});
  CHECK(goes_to(routes, "sqs", "sendMessage", R"({"QueueUrl":"x/other"})") == "");
  // The wider line of the same kind, not the service's.
  CHECK(goes_to(routes, "sqs", "sendMessage", kJob) == "");
  const RouteTable wider({.environment = {{"AWS_ENDPOINT_URL_SQS", "http://sdk"}},
                          .lines = {line("sqs:sendMessage", "forward")}});
  CHECK(goes_to(wider, "sqs", "sendMessage", kJob) == "http://sdk");
}

TEST_CASE("functions of the file are routes, and a function is found by any of its names") {
  const RouteTable routes(
      {.environment = {{"AWS_ENDPOINT_URL_LAMBDA", "http://lambda"}}, .functions = {"orders"}});
  for (const char* name :
       {"orders", "orders:live", "arn:aws:lambda:us-east-1:123456789012:function:orders:2"}) {
    const auto route = routes.find(called_function(name, kCaller), kCaller);
    REQUIRE(route);
    CHECK(route->function == "orders");
  }
  CHECK(goes_to(routes, "lambda", "invoke", R"({"FunctionName":"orders"})") == "orders");
  CHECK(goes_to(routes, "lambda", "invoke", R"({"FunctionName":"others"})") == "http://lambda");
}

TEST_CASE("services have several names, and one key") {
  CHECK(service_key("logs") == "cloudwatchlogs");
  CHECK(service_key("CLOUDWATCH_LOGS") == "cloudwatchlogs");
  CHECK(service_key("CloudWatch Logs") == "cloudwatchlogs");
  CHECK(service_key("Config Service") == "config");
  CHECK(is_service("secretsmanager"));
  CHECK_FALSE(is_service("secretmanager"));
}

TEST_CASE("real AWS is asked where a line says so, in the caller's region") {
  const RouteTable routes({.environment = {}, .lines = {line("*", "aws")}});
  CHECK(goes_to(routes, "dynamodb", "getItem", "{}") == "https://dynamodb.eu-west-1.amazonaws.com");
  CHECK(goes_to(routes, "cloudwatchlogs", "putLogEvents", "{}") ==
        "https://logs.eu-west-1.amazonaws.com");
  CHECK(goes_to(routes, "iam", "getRole", "{}") == "https://iam.amazonaws.com");
  CHECK(signing_region("https://iam.amazonaws.com/", "eu-west-1") == "us-east-1");
  CHECK(goes_to(RouteTable({.environment = {}}), "dynamodb", "getItem", "{}") == "nowhere");
}

TEST_CASE("a line that makes no sense is refused with what is wrong") {
  CHECK(refusal("qeue jobs", "mock").find("is none of function, queue") != std::string::npos);
  CHECK(refusal("sqss", "mock") == "there is no service 'sqss'");
  CHECK(refusal("states", "aws") == "presso itself answers for states");
  CHECK(refusal("sqs", "localhost:9324") ==
        "'localhost:9324' is no URL, function NAME, mock, aws or forward");
  CHECK(refusal("sqs", "function orders") == "only a call of Lambda goes to a function");
  CHECK(refusal("sqs:", "mock") == "'sqs:' names no action");
}

TEST_CASE("a route is explained: what decides, and what would without it") {
  const RouteTable routes({.environment = {{"AWS_ENDPOINT_URL", "http://all"}},
                           .lines = {line("queue jobs", "http://jobs")}});
  const auto route = explain_route(routes, "arn:aws:sqs:us-east-1:000000000000:jobs", kCaller);
  REQUIRE(route);
  CHECK(route->at("to") == "http://jobs");
  CHECK(route->at("otherwise").at(0).at("where") == "AWS_ENDPOINT_URL");
  CHECK(explain_route(routes, "queue jobs", kCaller)->at("to") == "http://jobs");
  CHECK(explain_route(routes, "sqs:sendMessage", kCaller)->at("to") == "http://all");
  CHECK_FALSE(explain_route(routes, "nothing:here", kCaller));
  const RouteTable bedrock({.environment = {{"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://b"}}});
  CHECK(explain_route(bedrock, "arn:aws:states:::bedrock:invokeModel", kCaller)->at("to") ==
        "http://b");
  CHECK(explain_route(routes, "arn:aws:states:us-east-1:000000000000:stateMachine:m", kCaller)
            ->at("to") == "presso itself");
}

TEST_CASE("a line may bound what is in flight, and the time for an answer") {
  RouteTable routes({.environment = {{"AWS_ENDPOINT_URL_SQS", "http://q"}}});
  const std::string wrong[] = {R"({"s3": {"max_in_flight": 3}})",
                               R"({"s3": {"to": "http://s", "max": 1}})",
                               R"({"s3": {"to": "http://s", "max_in_flight": 0}})",
                               R"({"s3": {"to": "http://s", "max_in_flight": 1.5}})",
                               R"({"s3": {"to": "http://s", "timeout": "1"}})"};
  for (const std::string& body : wrong) CHECK_FALSE(put_routes(routes, body));
  REQUIRE(put_routes(routes, R"({"s3": {"to": "http://s", "max_in_flight": 3, "timeout": 0.5}})"));
  const auto route = routes.find({.service = "s3"}, kCaller);
  REQUIRE(route);
  CHECK(route->line.limits.timeout == Duration{500});
  RouteGate::Hold held;
  static_cast<void>(route->gate->wait([&](RouteGate::Hold hold) { held = std::move(hold); }));
  const Json json = to_json(routes);
  CHECK(json[0]["match"] == "s3");
  CHECK(json[0]["max_in_flight"] == 3);
  CHECK(json[0]["in_flight"] == 1);
  CHECK(json[1]["max_in_flight"] == kMaxInFlight);
  CHECK(json[1]["in_flight"] == 0);
}

TEST_CASE("no line leads to presso itself") {
  const OwnAddress own{.host = "127.0.0.1", .port = 4566};
  for (const char* url : {"http://localhost:4566", "http://127.0.0.1:4566/", "http://[::1]:4566",
                          "http://0.0.0.0:4566", "http://api.localhost:4566"}) {
    CAPTURE(url);
    CHECK(leads_to(line("s3", url), own));
  }
  CHECK_FALSE(leads_to(line("s3", "http://localhost:4567"), own));
  CHECK_FALSE(leads_to(line("s3", "http://minio:4566"), own));
  CHECK_FALSE(leads_to(line("s3", "mock"), own));
  RouteTable routes({.environment = {{"AWS_ENDPOINT_URL", "http://localhost:4566"}},
                     .lines = {line("s3", "http://minio:9000")}});
  const auto taken = routes.set_own(own);
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].where == "AWS_ENDPOINT_URL");
  CHECK_FALSE(routes.has_names());
  CHECK(RouteTable({.environment = {}, .lines = {line("s3", "mock"), line("table a", "mock")}})
            .has_names());
  CHECK(routes.lines().size() == 1);
  const auto told = put_routes(routes, R"({"sqs": "http://127.0.0.1:4566"})");
  REQUIRE_FALSE(told);
  CHECK(told.error().message == "route sqs: it leads to presso itself");
}

}  // namespace presso::server
