#include <array>
#include <ctime>
#include <utility>

#include "server/functions/functions.h"

namespace presso::server {
namespace {

// "Sun, 22 Nov 2026 10:00:00 GMT"
std::string http_date(std::time_t time) {
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

HttpRequest to_http(OutboundRequest request) {
  HttpRequest http;
  http.method = std::move(request.method);
  http.target = std::move(request.url);
  http.headers = std::move(request.headers);
  http.body = std::move(request.body);
  return http;
}

// With what a connection would have added: lambda:invoke shows every header.
OutboundResponse to_response(LambdaReply reply) {
  reply.headers.emplace_back("Connection", "keep-alive");
  reply.headers.emplace_back("Content-Length", std::to_string(reply.body.size()));
  reply.headers.emplace_back("Date", http_date(std::time(nullptr)));
  return {
      .status = reply.status, .headers = std::move(reply.headers), .body = std::move(reply.body)};
}

}  // namespace

LocalFunctions local_functions(Functions& functions) {
  return {.call = [&functions](OutboundRequest request, core::Caller caller,
                               std::function<void(OutboundResult)> done) {
    functions.call(to_http(std::move(request)), std::move(caller),
                   [done = std::move(done)](std::optional<LambdaReply> reply) {
                     if (reply) done(to_response(*std::move(reply)));
                   });
  }};
}

}  // namespace presso::server
