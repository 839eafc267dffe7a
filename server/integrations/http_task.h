// `arn:aws:states:::http:invoke`: any HTTP API, with the authorization of an EventBridge
// connection. https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
//
//   auto request = http_task_request(parameters, connection, region);
//   …
//   done(http_task_result(answer));   // {"Headers", "ResponseBody", "StatusCode", "StatusText"}
//
// An answer that is no success fails the task with States.Http.StatusCode.NNN, no answer with
// States.Http.Socket.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/json_fwd.h"
#include "server/http_client.h"
#include "server/integrations/integration.h"

namespace presso::server {

// `connection` is its document: its parameters go into the body here, everything else of it is
// added by ApiDestinations::call. The failure is the task's.
[[nodiscard]] std::variant<OutboundRequest, run::Failure> http_task_request(
    const Json& parameters, const Json& connection, std::string_view region);

[[nodiscard]] CallResult http_task_result(const OutboundResult&);

// ---- what apigateway:invoke shares ----
// Adds what `headers` names; lists are joined. The fault: what is no header, or may not be set: of
// `forbidden`, whose names are small, those that end in * are meant by how they begin.
[[nodiscard]] std::optional<std::string> add_headers(OutboundRequest&, const Json* headers,
                                                     std::span<const std::string_view> forbidden);
void add_query(std::string& url, const Json* parameters);
// "Not Found" of 404; empty for a status that HTTP does not name.
[[nodiscard]] std::string_view status_text(int status);
// {"Headers", "ResponseBody", "StatusCode", "StatusText"}
[[nodiscard]] Json shown_response(const OutboundResponse&);

// How a body is sent with Transform: {"a": {"b": 1}, "c": [2]} → "a[b]=1&c[0]=2" and, by
// `array_format` INDICES, REPEAT, COMMAS or BRACKETS, "c[0]=2", "c=2", "c=2", "c[]=2".
[[nodiscard]] std::string url_encoded(const Json& body, std::string_view array_format);

}  // namespace presso::server
