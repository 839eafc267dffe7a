#include "server/integrations/api_destination.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_members.h"
#include "base/text.h"

namespace presso::server {

namespace {

// AWS: an endpoint that does not answer within five seconds has failed.
constexpr Duration kEndpointTimeout = seconds(5);
constexpr std::chrono::seconds kDefaultTokenLife{300};

using Pairs = std::vector<std::pair<std::string, std::string>>;

const Json& object_at(const Json& json, std::string_view name) {
  static const Json kNone = Json::object();
  const Json* found = find_member(json, name);
  return found != nullptr && found->is_object() ? *found : kNone;
}

// {"Key", "Value", "IsValueSecret"}, …
Pairs pairs_of_list(const Json& parameters, std::string_view name) {
  Pairs pairs;
  const Json* list = find_member(parameters, name);
  if (list == nullptr || !list->is_array()) return pairs;
  for (const Json& one : *list) pairs.emplace_back(text_at(one, "Key"), text_at(one, "Value"));
  return pairs;
}
Pairs pairs_of_map(const Json& parameters, std::string_view name) {
  Pairs pairs;
  for (const auto& [key, value] : object_at(parameters, name).items()) {
    if (value.is_string()) pairs.emplace_back(key, value.get<std::string>());
  }
  return pairs;
}

std::string form_of(const Pairs& pairs) {
  std::string form;
  for (const auto& [key, value] : pairs) {
    if (!form.empty()) form += '&';
    form += percent_encode(key, false) + "=" + percent_encode(value, false);
  }
  return form;
}

void append_query(std::string& url, const Pairs& pairs) {
  if (pairs.empty()) return;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += form_of(pairs);
}

// Replaces a header of that name, whatever its case.
void set_header(Headers& headers, const std::string& name, std::string value) {
  const std::string wanted = to_lower_ascii(name);
  std::erase_if(headers,
                [&](const auto& header) { return to_lower_ascii(header.first) == wanted; });
  headers.emplace_back(name, std::move(value));
}

std::string header_of(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (to_lower_ascii(key) == name) return value;
  }
  return {};
}

// AWS: a connection's body parameters are members of the event's JSON object.
std::string with_body_parameters(const std::string& payload, const Pairs& parameters) {
  if (parameters.empty()) return payload;
  auto body = parse_json(payload);
  if (!body || !body->is_object()) return payload;
  for (const auto& [key, value] : parameters) (*body)[key] = value;
  return dump_json(*body);
}

bool has_body(std::string_view method) { return method != "GET" && method != "HEAD"; }

// AWS: "EventBridge retries 401, 407, 409, 429 and 5xx".
bool is_retried(int status) {
  constexpr std::array kRetried = {401, 407, 409, 429};
  return status >= 500 || std::find(kRetried.begin(), kRetried.end(), status) != kRetried.end();
}

core::DeliveryFailure unreachable(const NoResponse& none) {
  const bool is_late = none.reason.starts_with("timed out");
  return {is_late ? "TIMEOUT" : "CONNECTION_FAILURE", none.reason, true};
}

}  // namespace

std::string with_path_parameters(const std::string& url, const Json& parameters) {
  const Json* values = find_member(parameters, "PathParameterValues");
  std::string filled;
  std::size_t next = 0;
  for (const char c : url) {
    const bool is_filled =
        c == '*' && values != nullptr && values->is_array() && next < values->size();
    if (!is_filled) {
      filled += c;
      continue;
    }
    const Json& value = (*values)[next++];
    filled +=
        percent_encode(value.is_string() ? value.get<std::string>() : dump_json(value), false);
  }
  return filled;
}

std::vector<std::pair<std::string, std::string>> connection_body(const Json& connection) {
  const Json& auth = object_at(connection, "AuthParameters");
  return pairs_of_list(object_at(auth, "InvocationHttpParameters"), "BodyParameters");
}

OutboundRequest api_destination_request(const core::DeliveryCall& call, const Json& endpoint) {
  const auto target = parse_json(call.target);
  const Json& of_target = target ? object_at(*target, "HttpParameters") : object_at({}, "");
  const Json& connection = object_at(endpoint, "connection");
  OutboundRequest request;
  request.method = text_at(endpoint, "method");
  request.url = with_path_parameters(text_at(endpoint, "url"), of_target);
  append_query(request.url, pairs_of_map(of_target, "QueryStringParameters"));
  request.headers = {{"content-type", "application/json; charset=utf-8"},
                     {"user-agent", "Amazon/EventBridge/ApiDestinations"}};
  for (auto& [name, value] : pairs_of_map(of_target, "HeaderParameters")) {
    set_header(request.headers, name, value);
  }
  if (has_body(request.method)) {
    request.body = with_body_parameters(call.payload, connection_body(connection));
  }
  apply_connection(request, connection);
  request.timeout = kEndpointTimeout;
  return request;
}

void apply_connection(OutboundRequest& request, const Json& connection) {
  const Json& auth = object_at(connection, "AuthParameters");
  const Json& parameters = object_at(auth, "InvocationHttpParameters");
  append_query(request.url, pairs_of_list(parameters, "QueryStringParameters"));
  for (auto& [name, value] : pairs_of_list(parameters, "HeaderParameters")) {
    set_header(request.headers, name, value);
  }
  const std::string type = text_at(connection, "AuthorizationType");
  if (type == "BASIC") {
    const Json& basic = object_at(auth, "BasicAuthParameters");
    set_header(
        request.headers, "authorization",
        "Basic " + base64_encode(text_at(basic, "Username") + ":" + text_at(basic, "Password")));
  } else if (type == "API_KEY") {
    const Json& key = object_at(auth, "ApiKeyAuthParameters");
    set_header(request.headers, text_at(key, "ApiKeyName"), text_at(key, "ApiKeyValue"));
  }
}

OutboundRequest token_request(const Json& connection) {
  const Json& oauth = object_at(object_at(connection, "AuthParameters"), "OAuthParameters");
  const Json& client = object_at(oauth, "ClientParameters");
  const Json& more = object_at(oauth, "OAuthHttpParameters");
  Pairs form = pairs_of_list(more, "BodyParameters");
  const auto add = [&](const char* name, std::string value) {
    const bool is_given =
        std::any_of(form.begin(), form.end(), [&](const auto& pair) { return pair.first == name; });
    if (!is_given) form.emplace_back(name, std::move(value));
  };
  add("grant_type", "client_credentials");
  add("client_id", text_at(client, "ClientID"));
  add("client_secret", text_at(client, "ClientSecret"));
  OutboundRequest request;
  request.method = text_at(oauth, "HttpMethod");
  request.url = text_at(oauth, "AuthorizationEndpoint");
  append_query(request.url, pairs_of_list(more, "QueryStringParameters"));
  request.headers = {{"content-type", "application/x-www-form-urlencoded"},
                     {"accept", "application/json"}};
  for (auto& [name, value] : pairs_of_list(more, "HeaderParameters")) {
    set_header(request.headers, name, value);
  }
  if (!has_body(request.method)) {
    append_query(request.url, form);
  } else if (header_of(request.headers, "content-type").starts_with("application/json")) {
    Json body = Json::object();
    for (const auto& [name, value] : form) body[name] = value;
    request.body = dump_json(body);
  } else {
    request.body = form_of(form);
  }
  request.timeout = kEndpointTimeout;
  return request;
}

void ApiDestinations::deliver(const core::DeliveryCall& call, const Delivered& done) {
  const auto endpoint = parse_json(call.endpoint);
  if (!endpoint) return done(core::DeliveryFailure{"INTERNAL_ERROR", "no endpoint", false});
  const Json& connection = object_at(*endpoint, "connection");
  const std::string arn = text_at(connection, "ConnectionArn");
  OutboundRequest request = api_destination_request(call, *endpoint);
  if (!parse_url(request.url)) {
    return done(core::DeliveryFailure{"INVALID_PARAMETER", "no URL: " + request.url, false});
  }
  if (text_at(connection, "AuthorizationType") != "OAUTH_CLIENT_CREDENTIALS") {
    return send(std::move(request), arn, done);
  }
  authorize(
      connection,
      [self = shared_from_this(), request = std::move(request), arn,
       done](const std::string& token) mutable {
        set_header(request.headers, "authorization", "Bearer " + token);
        self->send(std::move(request), arn, done);
      },
      done);
}

void ApiDestinations::call(OutboundRequest request, const Json& connection,
                           std::function<void(const OutboundRequest&)> sending,
                           std::function<void(OutboundResult)> done) {
  apply_connection(request, connection);
  if (!parse_url(request.url)) return done(NoResponse{"no URL: " + request.url});
  if (text_at(connection, "AuthorizationType") != "OAUTH_CLIENT_CREDENTIALS") {
    sending(request);
    client_.send(std::move(request), std::move(done));
    return;
  }
  const std::string arn = text_at(connection, "ConnectionArn");
  authorize(
      connection,
      [self = shared_from_this(), request = std::move(request), arn, sending = std::move(sending),
       done](const std::string& token) mutable {
        set_header(request.headers, "authorization", "Bearer " + token);
        sending(request);
        self->client_.send(std::move(request), [self, arn, done](OutboundResult result) {
          const auto* response = std::get_if<OutboundResponse>(&result);
          if (response != nullptr && response->status == 401) self->tokens_.erase(arn);
          done(std::move(result));
        });
      },
      [done](const std::optional<core::DeliveryFailure>& failure) {
        done(NoResponse{failure ? failure->error_message : ""});
      });
}

void ApiDestinations::authorize(const Json& connection, std::function<void(std::string token)> then,
                                const Delivered& failed) {
  const std::string arn = text_at(connection, "ConnectionArn");
  const auto known = tokens_.find(arn);
  if (known != tokens_.end() && known->second.expires > std::chrono::steady_clock::now()) {
    return then(known->second.text);
  }
  OutboundRequest request = token_request(connection);
  if (!parse_url(request.url)) {
    return failed(core::DeliveryFailure{"INVALID_PARAMETER", "no URL: " + request.url, false});
  }
  client_.send(std::move(request), [self = shared_from_this(), arn, then = std::move(then),
                                    failed](const OutboundResult& result) {
    if (const auto* none = std::get_if<NoResponse>(&result)) return failed(unreachable(*none));
    const auto& response = std::get<OutboundResponse>(result);
    const auto body = parse_json(response.body);
    const std::string token = body ? text_at(*body, "access_token") : "";
    if (response.status < 200 || response.status > 299 || token.empty()) {
      return failed(core::DeliveryFailure{"NO_PERMISSIONS",
                                          "The authorization endpoint gave no token: HTTP status " +
                                              std::to_string(response.status) + " " +
                                              response.body.substr(0, kShownBytes),
                                          is_retried(response.status)});
    }
    const Json* life = find_member(*body, "expires_in");
    const auto seconds_left = life != nullptr && life->is_number()
                                  ? std::chrono::seconds{static_cast<std::int64_t>(
                                        std::clamp(life->get<double>(), 0.0, 86'400.0))}
                                  : kDefaultTokenLife;
    self->tokens_[arn] = {token, std::chrono::steady_clock::now() + seconds_left};
    then(token);
  });
}

void ApiDestinations::send(OutboundRequest request, const std::string& connection_arn,
                           const Delivered& done) {
  client_.send(std::move(request), [self = shared_from_this(), connection_arn,
                                    done](const OutboundResult& result) {
    if (const auto* none = std::get_if<NoResponse>(&result)) return done(unreachable(*none));
    const auto& response = std::get<OutboundResponse>(result);
    if (response.status >= 200 && response.status < 300) return done(std::nullopt);
    if (response.status == 401) self->tokens_.erase(connection_arn);
    done(core::DeliveryFailure{"SDK_CLIENT_ERROR",
                               "Unable to invoke ApiDestination endpoint: HTTP status " +
                                   std::to_string(response.status) + " " +
                                   response.body.substr(0, kShownBytes),
                               is_retried(response.status)});
  });
}

}  // namespace presso::server
