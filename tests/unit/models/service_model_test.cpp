#include "engine/models/service_model.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "base/text.h"
#include "engine/models/embedded.h"
#include "engine/models/optimised.h"

namespace presso::models {

TEST_CASE("members are shown as the SDK for Java spells them") {
  CHECK(shown_name("SSEKMSKeyId") == "SsekmsKeyId");
  CHECK(shown_name("SSECustomerKeyMD5") == "SseCustomerKeyMD5");
  CHECK(shown_name("ETag") == "ETag");
  CHECK(shown_name("ACL") == "Acl");
  CHECK(shown_name("DBInstanceIdentifier") == "DbInstanceIdentifier");
  CHECK(shown_name("functionName") == "FunctionName");
  CHECK(shown_name("BOOL") == "Bool");
  CHECK(shown_name("NULL") == "Nul");
  CHECK(shown_name("equals") == "EqualsValue");
  CHECK(capital_name("functionName") == "FunctionName");
  CHECK(capital_name("MD5OfMessageBody") == "MD5OfMessageBody");
}

TEST_CASE("services and actions are known by the names of Step Functions") {
  CHECK(has_action("dynamodb", "getItem") == Known::Yes);
  CHECK(has_action("cloudwatchlogs", "putResourcePolicy") == Known::Yes);
  CHECK(has_action("config", "batchGetAggregateResourceConfig") == Known::Yes);
  CHECK(has_action("cognitoidentityprovider", "adminUpdateUserAttributes") == Known::Yes);
  CHECK(has_action("dynamodb", "getitem") == Known::No);
  CHECK(has_action("dynamodb", "") == Known::No);
  CHECK(has_action("dynamo", "getItem") == Known::No);
  CHECK(has_action("", "") == Known::No);
  CHECK(has_action("ground station", "x") == Known::No);
  CHECK(has_action("groundstation", "listSatellites") == Known::Perhaps);
  CHECK(load_model("groundstation") == nullptr);
  CHECK(load_model("nothing") == nullptr);
}

TEST_CASE("a model tells of actions, shapes and errors") {
  const auto model = load_model("lambda");
  REQUIRE(model != nullptr);
  CHECK(model->id == "Lambda");
  CHECK(model->protocol == Protocol::RestJson);
  const auto action = model->action("getFunction");
  REQUIRE(action.has_value());
  CHECK(action->name == "GetFunction");
  CHECK(action->method == "GET");
  const Shape input = model->shape(*action->input);
  REQUIRE(input.members.size() == 2);
  CHECK(input.members[0].name == "FunctionName");
  CHECK(input.members[0].is_required);
  CHECK(input.members[0].location == Location::Uri);
  CHECK(load_model("s3")->error_names("NoSuchKey")->sdk == "NoSuchKeyException");
  CHECK(load_model("rds")->error_names("DBInstanceNotFound")->sdk == "DbInstanceNotFoundException");
  CHECK(load_model("sns")->error_names("NotFound")->optimised == "NotFoundException");
  CHECK(load_model("sns")->error_names("KMSDisabled")->optimised == "KMSDisabledException");
  CHECK_FALSE(model->error_names("Nothing").has_value());
}

TEST_CASE("optimised integrations have models") {
  CHECK(find_optimised("elasticmapreduce", "addJobFlowSteps")->model == "emr");
  CHECK(find_optimised("bedrock", "invokeModel")->model == "bedrockruntime");
  CHECK(find_optimised("bedrock", "createModelCustomizationJob")->model == "bedrock");
  CHECK(find_optimised("nothing", "at") == nullptr);
}

// Every shape that a member, item or action names is there, and every action of the index too.
TEST_CASE("all models are whole") {
  std::size_t actions = 0;
  for (const std::string_view line : split(embedded_index(), '\n')) {
    const auto words = split(line, ' ');
    if (words.size() <= 3) continue;
    CAPTURE(words[0]);
    const auto model = load_model(words[0]);
    REQUIRE(model != nullptr);
    std::set<std::size_t> seen;
    std::vector<std::size_t> left;
    const auto visit = [&](std::size_t number) {
      if (seen.insert(number).second) left.push_back(number);
    };
    for (std::size_t i = 3; i < words.size(); ++i) {
      const auto action = model->action(words[i]);
      REQUIRE(action.has_value());
      if (action->input) visit(*action->input);
      if (action->output) visit(*action->output);
      ++actions;
    }
    while (!left.empty()) {
      const Shape shape = model->shape(left.back());
      left.pop_back();
      for (const Member& member : shape.members) visit(member.shape);
      if (shape.kind == ShapeKind::List || shape.kind == ShapeKind::Map) visit(shape.item.shape);
      if (shape.kind == ShapeKind::Map) visit(shape.key.shape);
    }
  }
  CHECK(actions > 9'000);
}

}  // namespace presso::models
