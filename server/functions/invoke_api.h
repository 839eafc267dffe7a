// Lambda's API as presso answers it for the functions that it runs: requests in, replies out,
// without sockets and processes. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
//
// A function is called by its name, whatever account and region the request names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/caller.h"
#include "server/functions/function.h"
#include "server/http_message.h"

namespace presso::server {

struct LambdaReply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
};

// NAME, ACCOUNT:NAME, ACCOUNT:function:NAME or arn:aws:lambda:REGION:ACCOUNT:function:NAME, each
// with :QUALIFIER or without.
struct FunctionName {
  std::string name;
  std::string qualifier = {};  // may be empty
  std::string account = {};    // empty: the caller's
  std::string region = {};     // empty: the caller's

  [[nodiscard]] std::string arn(const core::Caller&) const;
};
[[nodiscard]] std::optional<FunctionName> parse_function_name(std::string_view);

enum class InvocationType { RequestResponse, Event, DryRun };

struct InvokeCall {
  FunctionName function;
  InvocationType type = InvocationType::RequestResponse;
  Invocation invocation;  // without its request id
};
struct ListFunctionsCall {};
struct GetFunctionCall {
  FunctionName function;
  bool is_configuration = false;  // that part alone
};
using LambdaCall = std::variant<InvokeCall, ListFunctionsCall, GetFunctionCall>;

inline constexpr const char* kRequestIdHeader = "x-amzn-RequestId";

[[nodiscard]] bool is_lambda_path(std::string_view path);
// The reply of a request that is refused.
[[nodiscard]] std::variant<LambdaCall, LambdaReply> lambda_call(HttpRequest, const core::Caller&);

[[nodiscard]] LambdaReply lambda_fault(int status, std::string_view type, std::string_view message);
[[nodiscard]] LambdaReply not_found_reply(const FunctionName&, const core::Caller&);
[[nodiscard]] LambdaReply throttled_reply();
[[nodiscard]] LambdaReply invoke_reply(const InvokeCall&, const InvocationResult&);
[[nodiscard]] LambdaReply accepted_reply(const InvokeCall&);
[[nodiscard]] LambdaReply dry_run_reply();
[[nodiscard]] LambdaReply function_reply(const FunctionSettings&, const GetFunctionCall&,
                                         const core::Caller&);
[[nodiscard]] LambdaReply function_list_reply(const std::vector<FunctionSettings>&,
                                              const core::Caller&);

}  // namespace presso::server
