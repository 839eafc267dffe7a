#include "server/integrations/http_task.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/json_members.h"
#include "base/text.h"
#include "server/integrations/api_destination.h"

namespace presso::server {

namespace {

constexpr std::array<std::string_view, 7> kMethods = {"GET",   "POST",    "PUT", "DELETE",
                                                      "PATCH", "OPTIONS", "HEAD"};

// AWS: headers that a task may not set; those that end in * by how they begin.
constexpr std::array<std::string_view, 36> kForbidden = {"a-im",
                                                         "accept-charset",
                                                         "accept-datetime",
                                                         "accept-encoding",
                                                         "cache-control",
                                                         "connection",
                                                         "content-encoding",
                                                         "content-md5",
                                                         "date",
                                                         "expect",
                                                         "forwarded",
                                                         "from",
                                                         "host",
                                                         "http2-settings",
                                                         "if-match",
                                                         "if-modified-since",
                                                         "if-none-match",
                                                         "if-range",
                                                         "if-unmodified-since",
                                                         "max-forwards",
                                                         "origin",
                                                         "pragma",
                                                         "proxy-authorization",
                                                         "referer",
                                                         "server",
                                                         "te",
                                                         "trailer",
                                                         "transfer-encoding",
                                                         "upgrade",
                                                         "via",
                                                         "warning",
                                                         "x-forwarded*",
                                                         "x-amz*",
                                                         "x-amzn*",
                                                         "content-length",
                                                         "user-agent"};

struct StatusText {
  int status;
  std::string_view text;
};
constexpr std::array kStatusTexts{StatusText{200, "OK"},
                                  StatusText{201, "Created"},
                                  StatusText{202, "Accepted"},
                                  StatusText{203, "Non-Authoritative Information"},
                                  StatusText{204, "No Content"},
                                  StatusText{205, "Reset Content"},
                                  StatusText{206, "Partial Content"},
                                  StatusText{207, "Multi-Status"}};

run::Failure http_failure(std::string cause) {
  return {.error = "States.Runtime", .cause = std::move(cause)};
}

std::string text_of_value(const Json& value) {
  const auto* text = as_string(&value);
  return text == nullptr ? dump_json(value) : *text;
}

bool is_among(std::span<const std::string_view> forbidden, std::string_view name) {
  return std::any_of(forbidden.begin(), forbidden.end(), [&](std::string_view known) {
    if (known.ends_with('*')) return name.starts_with(known.substr(0, known.size() - 1));
    return name == known;
  });
}

bool is_clean(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; });
}

class FormWriter {
 public:
  explicit FormWriter(std::string_view array_format) : format_{array_format} {}

  void value(const std::string& name, const Json& value) {
    if (value.is_object()) {
      for (const auto& [key, item] : value.items()) {
        this->value(name.empty() ? key : name + "[" + key + "]", item);
      }
    } else if (value.is_array()) {
      list(name, value);
    } else if (!value.is_null()) {
      add(name, text_of_value(value));
    }
  }

  std::string text;

 private:
  void list(const std::string& name, const Json& items) {
    if (format_ == "COMMAS") {
      std::string joined;
      for (const Json& item : items) joined += (joined.empty() ? "" : ",") + text_of_value(item);
      return add(name, joined);
    }
    std::size_t index = 0;
    for (const Json& item : items) {
      if (format_ == "REPEAT" || format_ == "NONE") {
        value(name, item);
      } else if (format_ == "BRACKETS") {
        value(name + "[]", item);
      } else {
        value(name + "[" + std::to_string(index++) + "]", item);
      }
    }
  }
  void add(const std::string& name, const std::string& value) {
    if (!text.empty()) text += '&';
    text += percent_encode(name, false) + "=" + percent_encode(value, false);
  }

  std::string_view format_;
};

bool has_header(const OutboundRequest& request, std::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const auto& header) { return header.first == name; });
}

// A text goes as it is, unless it is said to be JSON.
void set_body(OutboundRequest& request, const Json& parameters, const Json& connection) {
  const Json* given = find_member(parameters, "RequestBody");
  const auto added = connection_body(connection);
  if (given == nullptr && added.empty()) return;
  Json body = given == nullptr ? Json::object() : *given;
  if (body.is_object()) {
    for (const auto& [name, value] : added) body[name] = value;
  }
  const Json* transform = find_member(parameters, "Transform");
  const bool is_form =
      transform != nullptr && text_at(*transform, "RequestBodyEncoding") == "URL_ENCODED";
  if (!has_header(request, "content-type")) {
    request.headers.emplace_back(
        "content-type", is_form ? "application/x-www-form-urlencoded" : "application/json");
  }
  if (is_form) {
    const Json* options = find_member(*transform, "RequestEncodingOptions");
    request.body = url_encoded(body, options == nullptr ? "" : text_at(*options, "ArrayFormat"));
    return;
  }
  const bool is_json =
      std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
        return header.first == "content-type" && header.second.find("json") != std::string::npos;
      });
  request.body = is_json ? dump_json(body) : text_of_value(body);
}

}  // namespace

std::string_view status_text(int status) {
  for (const StatusText& known : kStatusTexts) {
    if (known.status == status) return known.text;
  }
  return "";
}

std::optional<std::string> add_headers(OutboundRequest& request, const Json* headers,
                                       std::span<const std::string_view> forbidden) {
  if (headers == nullptr || !headers->is_object()) return std::nullopt;
  for (const auto& [name, value] : headers->items()) {
    const std::string lower = to_lower_ascii(name);
    if (is_among(forbidden, lower)) return "The header " + name + " may not be set.";
    std::string text;
    if (value.is_array()) {
      for (const Json& item : value) text += (text.empty() ? "" : ",") + text_of_value(item);
    } else {
      text = text_of_value(value);
    }
    if (lower.empty() || !is_clean(lower) || !is_clean(text) ||
        lower.find_first_of(": ") != std::string::npos) {
      return "What is sent as the header " + name + " is no header.";
    }
    std::erase_if(request.headers, [&](const auto& header) { return header.first == lower; });
    request.headers.emplace_back(lower, std::move(text));
  }
  return std::nullopt;
}

void add_query(std::string& url, const Json* parameters) {
  if (parameters == nullptr || !parameters->is_object()) return;
  const auto add = [&](std::string_view name, const Json& value) {
    url += url.find('?') == std::string::npos ? '?' : '&';
    url += percent_encode(name, false) + "=" + percent_encode(text_of_value(value), false);
  };
  for (const auto& [name, value] : parameters->items()) {
    if (!value.is_array()) {
      add(name, value);
      continue;
    }
    for (const Json& item : value) add(name, item);
  }
}

Json shown_response(const OutboundResponse& response) {
  Json headers = Json::object();
  for (const auto& [name, value] : response.headers) {
    Json& values = headers[to_lower_ascii(name)];
    if (!values.is_array()) values = Json::array();
    values.push_back(value);
  }
  const auto body = parse_json(response.body);
  Json shown = Json::object();
  shown["Headers"] = std::move(headers);
  shown["ResponseBody"] = body ? *body : Json(response.body);
  shown["StatusCode"] = response.status;
  shown["StatusText"] = std::string{status_text(response.status)};
  return shown;
}

std::string url_encoded(const Json& body, std::string_view array_format) {
  FormWriter writer{array_format};
  writer.value("", body);
  return writer.text;
}

std::variant<OutboundRequest, run::Failure> http_task_request(const Json& parameters,
                                                              const Json& connection,
                                                              std::string_view region) {
  OutboundRequest request;
  request.url = text_at(parameters, "ApiEndpoint");
  request.method = text_at(parameters, "Method");
  if (std::find(kMethods.begin(), kMethods.end(), request.method) == kMethods.end()) {
    return http_failure("The HTTP method '" + request.method + "' is not supported.");
  }
  add_query(request.url, find_member(parameters, "QueryParameters"));
  if (!parse_url(request.url)) return http_failure("'" + request.url + "' is no URL.");
  request.headers = {{"user-agent", "Amazon|StepFunctions|HttpInvoke|" + std::string{region}},
                     {"range", "bytes=0-262144"}};
  if (auto fault = add_headers(request, find_member(parameters, "Headers"), kForbidden)) {
    return http_failure(*std::move(fault));
  }
  set_body(request, parameters, connection);
  request.timeout = seconds(60);  // AWS: a request takes at most a minute
  return request;
}

CallResult http_task_result(const OutboundResult& result) {
  if (const auto* none = std::get_if<NoResponse>(&result)) {
    return run::Failure{.error = "States.Http.Socket", .cause = none->reason};
  }
  const auto& response = std::get<OutboundResponse>(result);
  if (response.status < 200 || response.status > 299) {
    return run::Failure{.error = "States.Http.StatusCode." + std::to_string(response.status),
                        .cause = response.body};
  }
  return dump_json(shown_response(response));
}

}  // namespace presso::server
