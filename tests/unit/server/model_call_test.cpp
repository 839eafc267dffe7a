#include "server/integrations/model_call.h"

#include <doctest/doctest.h>

#include "base/json.h"

namespace presso::server {

namespace {

ModelCall sdk_call(std::string_view service, std::string_view action) {
  ModelCall call;
  call.model = models::load_model(service);
  REQUIRE(call.model != nullptr);
  const auto found = call.model->action(action);
  REQUIRE(found.has_value());
  call.action = *found;
  return call;
}

ModelCall topic_call() {
  ModelCall call = sdk_call("sns", "publish");
  call.style = ModelStyle::Optimised;
  call.optimised_prefix = "SNS";
  call.optimised_service = "AmazonSNS";
  return call;
}

OutboundRequest request_of(const ModelCall& call, const std::string& parameters) {
  auto made = model_request(call, "http://there", parameters, "the-token");
  REQUIRE(std::holds_alternative<OutboundRequest>(made));
  return std::get<OutboundRequest>(made);
}

std::string refusal_of(const ModelCall& call, const std::string& parameters) {
  const auto made = model_request(call, "http://there", parameters, "t");
  const auto* failure = std::get_if<run::Failure>(&made);
  return failure == nullptr ? "none" : *failure->error + ": " + *failure->cause;
}

std::string header_of(const OutboundRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

OutboundResponse answer(int status, std::string body, Headers headers = {}) {
  OutboundResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  return response;
}

std::string result_of(const ModelCall& call, const OutboundResult& result) {
  const auto shown = model_result(call, result);
  if (const auto* text = std::get_if<std::string>(&shown)) return *text;
  const auto& failure = std::get<run::Failure>(shown);
  return *failure.error + ": " + *failure.cause;
}

}  // namespace

TEST_CASE("AWS JSON: the target names the action, blobs and times have their forms") {
  const auto put = request_of(sdk_call("dynamodb", "putItem"),
                              R"({"TableName":"t","Item":{"a":{"Bool":true},"b":{"B":"hi"}},)"
                              R"("ConditionExpression":null})");
  CHECK(put.method == "POST");
  CHECK(put.url == "http://there/");
  CHECK(header_of(put, "x-amz-target") == "DynamoDB_20120810.PutItem");
  CHECK(header_of(put, "content-type") == "application/x-amz-json-1.0");
  CHECK(put.body == R"({"TableName":"t","Item":{"a":{"BOOL":true},"b":{"B":"aGk="}}})");

  const auto call = sdk_call("secretsmanager", "describeSecret");
  CHECK(result_of(call, answer(200, R"({"ARN":"a","CreatedDate":1700000000.5,"New":1})")) ==
        R"({"Arn":"a","CreatedDate":"2023-11-14T22:13:20.500Z"})");
}

TEST_CASE("AWS JSON: an error of the model keeps its name, any other is the service's own") {
  const auto call = sdk_call("dynamodb", "putItem");
  const Headers id{{"x-amzn-RequestId", "r"}};
  CHECK(result_of(call, answer(400,
                               R"({"__type":"com.amazonaws#ResourceNotFoundException",)"
                               R"("message":"none"})",
                               id)) ==
        "DynamoDb.ResourceNotFoundException: none (Service: DynamoDb, Status Code: 400, "
        "Request ID: r) (SDK Attempt Count: 1)");
  CHECK(result_of(call, answer(400, R"({"__type":"a#ValidationException","Message":"no"})", id))
            .starts_with("DynamoDb.DynamoDbException: no (Service"));
  CHECK(result_of(call, NoResponse{"Connection refused"}) ==
        "DynamoDb.SdkClientException: Connection refused (SDK Attempt Count: 1)");
}

TEST_CASE("query: members are numbered, a map has entries, the result is unwrapped") {
  const auto request = request_of(
      topic_call(), R"({"TopicArn":"arn:t","Message":true,)"
                    R"("MessageAttributes":{"k":{"DataType":"String","StringValue":"a b&"}}})");
  CHECK(header_of(request, "content-type") == "application/x-www-form-urlencoded; charset=utf-8");
  CHECK(request.body ==
        "Action=Publish&Version=2010-03-31&TopicArn=arn%3At&Message=true&"
        "MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=String&"
        "MessageAttributes.entry.1.Value.StringValue=a%20b%26");
  const std::string body =
      "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult>"
      "<ResponseMetadata><RequestId>q</RequestId></ResponseMetadata></PublishResponse>";
  CHECK(result_of(topic_call(), answer(200, body, {{"x-amzn-RequestId", "q"}})) ==
        R"({"MessageId":"m","SdkHttpMetadata":{"AllHttpHeaders":{"x-amzn-RequestId":["q"]},)"
        R"("HttpHeaders":{"x-amzn-RequestId":"q"},"HttpStatusCode":200},)"
        R"("SdkResponseMetadata":{"RequestId":"q"}})");
  const std::string error =
      "<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not "
      "exist</Message></Error><RequestId>q</RequestId></ErrorResponse>";
  CHECK(result_of(topic_call(), answer(404, error)) ==
        "SNS.NotFoundException: Topic does not exist (Service: AmazonSNS; Status Code: 404; Error "
        "Code: NotFound; Request ID: q; Proxy: null)");
}

TEST_CASE("query: lists are wrapped as their shapes say") {
  const auto metric = request_of(sdk_call("cloudwatch", "getMetricStatistics"),
                                 R"({"Statistics":["Sum","Average"],"Period":60,)"
                                 R"("StartTime":"2023-11-14T22:13:20Z"})");
  const std::string& body = metric.body.empty() ? metric.url : metric.body;
  CHECK(body.find("Sum") != std::string::npos);

  const auto stack = request_of(sdk_call("cloudformation", "createStack"),
                                R"({"StackName":"s","Capabilities":["A","B"],)"
                                R"("Parameters":[{"ParameterKey":"k","ParameterValue":"v"}]})");
  CHECK(stack.body ==
        "Action=CreateStack&Version=2010-05-15&StackName=s&Parameters.member.1.ParameterKey=k&"
        "Parameters.member.1.ParameterValue=v&Capabilities.member.1=A&Capabilities.member.2=B");

  const auto group = sdk_call("autoscaling", "describeAutoScalingGroups");
  CHECK(
      result_of(group, answer(200,
                              "<R><DescribeAutoScalingGroupsResult><AutoScalingGroups><member>"
                              "<MinSize>2</MinSize><CreatedTime>2023-11-14T22:13:20Z</CreatedTime>"
                              "<NewInstancesProtectedFromScaleIn>false</"
                              "NewInstancesProtectedFromScaleIn></member></AutoScalingGroups>"
                              "</DescribeAutoScalingGroupsResult></R>")) ==
      R"({"AutoScalingGroups":[{"MinSize":2,"CreatedTime":"2023-11-14T22:13:20Z",)"
      R"("NewInstancesProtectedFromScaleIn":false}]})");
}

TEST_CASE("ec2: its own names, flat lists, nested errors") {
  const auto call = sdk_call("ec2", "describeInstances");
  const auto request =
      request_of(call, R"({"Filters":[{"Name":"n","Values":["v","w"]}],"InstanceIds":["i-1"]})");
  CHECK(request.body.starts_with("Action=DescribeInstances&Version=2016-11-15&"));
  for (const std::string_view part :
       {"InstanceId.1=i-1", "Filter.1.Name=n", "Filter.1.Value.1=v", "Filter.1.Value.2=w"}) {
    CAPTURE(part);
    CHECK(request.body.find(part) != std::string::npos);
  }
  CHECK(result_of(call, answer(200,
                               "<DescribeInstancesResponse><requestId>r</requestId>"
                               "<reservationSet><item><ownerId>o</ownerId><instancesSet><item>"
                               "<ebsOptimized>true</ebsOptimized></item></instancesSet></item>"
                               "</reservationSet></DescribeInstancesResponse>")) ==
        R"({"Reservations":[{"OwnerId":"o","Instances":[{"EbsOptimized":true}]}]})");
  CHECK(result_of(call, answer(400,
                               "<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code>"
                               "<Message>none</Message></Error></Errors><RequestID>r</RequestID>"
                               "</Response>")) ==
        "Ec2.Ec2Exception: none (Service: Ec2, Status Code: 400, Request ID: r) "
        "(SDK Attempt Count: 1)");
}

TEST_CASE("REST JSON: members stand in path, query, headers and body") {
  const auto schedule = request_of(
      sdk_call("scheduler", "createSchedule"),
      R"({"Name":"a b/c","ScheduleExpression":"rate","StartDate":"2023-11-14T22:13:20Z"})");
  CHECK(schedule.method == "POST");
  CHECK(schedule.url == "http://there/schedules/a%20b%2Fc");
  CHECK(header_of(schedule, "content-type") == "application/json");
  const auto body = parse_json(schedule.body);
  REQUIRE(body);
  CHECK((*body)["ClientToken"] == "the-token");
  CHECK((*body)["StartDate"] == 1700000000);
  CHECK_FALSE(body->contains("Name"));

  const auto list = request_of(sdk_call("lambda", "listFunctions"), R"({"MaxItems":5})");
  CHECK(list.method == "GET");
  CHECK(list.url == "http://there/2015-03-31/functions?MaxItems=5");
  CHECK(list.body.empty());
  CHECK(refusal_of(sdk_call("lambda", "getFunction"), "{}") ==
        "Lambda.SdkClientException: Parameter 'FunctionName' must not be null");
}

TEST_CASE("REST JSON: a payload is the body, headers and status are members") {
  const auto call = sdk_call("lambda", "invoke");
  const auto request =
      request_of(call, R"({"FunctionName":"f","InvocationType":"Event","Payload":{"a":1}})");
  CHECK(request.url == "http://there/2015-03-31/functions/f/invocations");
  CHECK(header_of(request, "x-amz-invocation-type") == "Event");
  CHECK(request.body == R"({"a":1})");
  CHECK(result_of(call, answer(200, "[7]", {{"X-Amz-Executed-Version", "$LATEST"}})) ==
        R"({"Payload":"[7]","StatusCode":200,"ExecutedVersion":"$LATEST"})");
  CHECK(result_of(call, answer(404, R"({"Message":"no f"})",
                               {{"x-amzn-ErrorType", "ResourceNotFoundException"}}))
            .starts_with("Lambda.ResourceNotFoundException: no f (Service: Lambda, Status"));
}

TEST_CASE("REST XML: path, query and a document with attributes") {
  const auto call = sdk_call("s3", "putBucketVersioning");
  const auto request = request_of(
      call, R"({"Bucket":"b","VersioningConfiguration":{"Status":"Enabled","MfaDelete":"<&"}})");
  CHECK(request.method == "PUT");
  CHECK(request.url == "http://there/b?versioning");
  CHECK(request.body ==
        "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        "<MfaDelete>&lt;&amp;</MfaDelete><Status>Enabled</Status></VersioningConfiguration>");
  const auto rules = sdk_call("s3", "getBucketCors");
  CHECK(result_of(rules, answer(200,
                                "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod>"
                                "<AllowedMethod>PUT</AllowedMethod><MaxAgeSeconds>5</MaxAgeSeconds>"
                                "</CORSRule></CORSConfiguration>")) ==
        R"({"CorsRules":[{"AllowedMethods":["GET","PUT"],"MaxAgeSeconds":5}]})");
  const auto zone =
      request_of(sdk_call("route53", "createHostedZone"), R"({"Name":"a.","CallerReference":"c"})");
  CHECK(zone.url == "http://there/2013-04-01/hostedzone");
  CHECK(zone.body.starts_with("<CreateHostedZoneRequest xmlns=\"https://route53.amazonaws.com"));
}

TEST_CASE("a field that there is not, or of a wrong type, is refused as AWS does") {
  const auto call = sdk_call("sqs", "sendMessage");
  CHECK(refusal_of(call, R"({"queueUrl":"u"})") ==
        R"(States.Runtime: The Parameters '{"queueUrl":"u"}' could not be used to start the Task: )"
        R"([The field "queueUrl" is not supported by Step Functions])");
  CHECK(refusal_of(call, R"({"MessageBody":{}})").find("'MessageBody' must be a STRING") !=
        std::string::npos);
  CHECK(refusal_of(call, "7").starts_with("States.Runtime: "));
  CHECK(refusal_of(sdk_call("lambda", "invoke"),
                   "{\"FunctionName\":\"f\",\"LogType\":\"a\\r\\nevil: 1\"}")
            .find("is sent as a header") != std::string::npos);
}

TEST_CASE("an answer that cannot be read is the client's failure") {
  CHECK(result_of(sdk_call("sqs", "sendMessage"), answer(200, "<html>")) ==
        "Sqs.SdkClientException: Unable to parse the service's answer.");
  CHECK(result_of(topic_call(), answer(200, "{")) ==
        "SNS.SdkClientException: Unable to parse the service's answer.");
}

}  // namespace presso::server
