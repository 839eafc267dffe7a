// The models of AWS's services: what their actions are called, what they take and give, and where
// in HTTP it stands. For the calls of tasks, for the check of a Task's Resource and for that of
// mocked results.
//
//   if (has_action("dynamodb", "getItem") == Known::Yes) …      // without unpacking anything
//   const auto model = load_model("dynamodb");                  // unpacks: keep it
//   const auto action = model->action("getItem");
//   const Shape input = model->shape(*action->input);
//
// The tables are derived from the public service models by generate.py. A service is named as in
// `aws-sdk:NAME:action`. Models are immutable; their views are into the model's own text.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace presso::models {

enum class ShapeKind {
  Text,
  Boolean,
  Integer,
  Number,
  Time,
  Blob,
  Stream,  // a blob that is the whole body
  Document,
  Structure,
  List,
  Map
};

enum class Location { Body, Header, Headers, Uri, Query, Status };

// Of a time on the wire. Default: what is usual at its place in its protocol.
enum class TimeForm { Default, Iso, Epoch, Http };

struct Member {
  std::string_view name;   // in the model: "TableName"
  std::size_t shape = 0;   // its number
  std::string_view wire;   // its name on the wire, header's, query's, …; empty: `name`
  std::string_view query;  // EC2's own name for it; empty: none
  Location location = Location::Body;
  TimeForm time = TimeForm::Default;
  bool is_required = false;
  bool is_payload = false;    // it is the body
  bool is_attribute = false;  // of XML
  bool is_token = false;      // the SDK fills it in when it is not given
  bool is_flattened = false;

  [[nodiscard]] std::string_view wire_name() const { return wire.empty() ? name : wire; }
};

struct Shape {
  ShapeKind kind = ShapeKind::Structure;
  TimeForm time = TimeForm::Default;
  // Of a number its bounds, of a text or blob those of its length.
  std::optional<double> min = std::nullopt;
  std::optional<double> max = std::nullopt;
  std::vector<std::string_view> values = {};  // of an enum
  std::vector<Member> members = {};           // of a structure
  Member key = {};                            // of a map; `wire` may be empty
  Member item = {};                           // of a list or map
  bool is_flattened = false;                  // a list or map
};

struct Action {
  std::string_view name;  // on the wire: "GetItem"
  std::string_view method;
  std::string_view uri;  // "/2015-03-31/functions/{FunctionName}/invocations"
  std::optional<std::size_t> input;
  std::optional<std::size_t> output;
  std::string_view result_wrapper;  // of the answer's XML; may be empty
  std::string_view input_name;      // of the request's XML; may be empty
  std::string_view input_space;     // its namespace
};

// How Step Functions calls an error: "NoSuchKey" → "NoSuchKeyException". The optimised integrations
// have the names of the first SDK for Java, aws-sdk those of the second.
struct ErrorNames {
  std::string_view sdk;        // "KmsDisabledException"
  std::string_view optimised;  // "KMSDisabledException"
};

enum class Protocol { Json, RestJson, Query, Ec2, RestXml };

class ServiceModel {
 public:
  explicit ServiceModel(std::string text);  // well-formed: it is ours
  ServiceModel(const ServiceModel&) = delete;
  ServiceModel& operator=(const ServiceModel&) = delete;

  std::string_view id;      // "DynamoDB", "Config Service"
  std::string_view prefix;  // of error names: "DynamoDb", "Config"
  Protocol protocol = Protocol::Json;
  std::string_view json_version;   // "1.0"
  std::string_view target_prefix;  // of X-Amz-Target
  std::string_view signing_name;
  std::string_view api_version;
  std::string_view xml_namespace;

  // By its name in a Resource: "getItem".
  [[nodiscard]] std::optional<Action> action(std::string_view name) const;
  // Of an error that the model has.
  [[nodiscard]] std::optional<ErrorNames> error_names(std::string_view code) const;
  [[nodiscard]] Shape shape(std::size_t number) const;

 private:
  std::string text_;
  std::vector<std::string_view> actions_;  // lines, sorted
  std::vector<std::string_view> errors_;
  std::vector<std::string_view> shapes_;
};

enum class Known {
  Yes,
  No,       // there is no such service, or it has no such action
  Perhaps,  // the service is known, its actions are not
};
[[nodiscard]] Known has_action(std::string_view service, std::string_view action);

// Null for a service without a model.
[[nodiscard]] std::shared_ptr<const ServiceModel> load_model(std::string_view service);

// A member as Step Functions shows it, which is as the SDK for Java spells it: "SSEKMSKeyId" →
// "SsekmsKeyId", "functionName" → "FunctionName".
[[nodiscard]] std::string shown_name(std::string_view member);
// Only with a large first letter, as the optimised integrations show it: "MD5OfMessageBody".
[[nodiscard]] std::string capital_name(std::string_view member);

}  // namespace presso::models
