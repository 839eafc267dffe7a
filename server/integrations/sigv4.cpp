#include "server/integrations/sigv4.h"

#include <algorithm>
#include <vector>

#include "base/assert.h"
#include "base/digest.h"
#include "base/text.h"

namespace presso::server {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

// "20261122T094310Z"
std::string amz_date(Time now) {
  std::string date = to_iso_seconds(now);
  std::erase(date, '-');
  std::erase(date, ':');
  return date;
}

std::string sha256_hex(std::string_view bytes) {
  return hex_encode(digest(DigestAlgorithm::Sha256, bytes));
}

// With the host, in lower case and in order.
Headers signed_headers(const Headers& headers, const std::string& host) {
  Headers sorted{{"host", host}};
  for (const auto& [name, value] : headers) sorted.emplace_back(to_lower_ascii(name), value);
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::string names_of(const Headers& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names += (names.empty() ? "" : ";") + name;
  return names;
}

std::string signing_key(const std::string& secret_access_key, const SigningScope& scope,
                        std::string_view day) {
  std::string key = hmac_sha256("AWS4" + secret_access_key, day);
  key = hmac_sha256(key, scope.region);
  key = hmac_sha256(key, scope.service);
  return hmac_sha256(key, "aws4_request");
}

std::string credential_scope(const SigningScope& scope, std::string_view day) {
  return std::string{day} + "/" + scope.region + "/" + scope.service + "/aws4_request";
}

}  // namespace

// Name and value pairs in order, each part encoded anew: what is signed is what is sent.
std::string canonical_query(std::string_view query) {
  if (query.empty()) return {};
  std::vector<std::string> parts;
  for (const std::string_view part : split(query, '&')) {
    const auto equals = part.find('=');
    const auto name = percent_decode(part.substr(0, equals));
    const auto value =
        equals == std::string_view::npos ? std::string{} : percent_decode(part.substr(equals + 1));
    parts.push_back(percent_encode(name.value_or(std::string{part}), false) + "=" +
                    percent_encode(value.value_or(""), false));
  }
  std::sort(parts.begin(), parts.end());
  std::string joined;
  for (const std::string& part : parts) joined += (joined.empty() ? "" : "&") + part;
  return joined;
}

std::string signature_of(const SignedText& text, const std::string& secret_access_key,
                         const SigningScope& scope, const std::string& date) {
  std::string headers;
  for (const auto& [name, value] : text.headers) headers += name + ":" + value + "\n";
  const std::string canonical = text.method + "\n" + text.path + "\n" + text.query + "\n" +
                                headers + "\n" + names_of(text.headers) + "\n" + text.body_hash;
  const std::string day = date.substr(0, 8);
  const std::string to_sign = std::string{kAlgorithm} + "\n" + date + "\n" +
                              credential_scope(scope, day) + "\n" + sha256_hex(canonical);
  return hex_encode(hmac_sha256(signing_key(secret_access_key, scope, day), to_sign));
}

void sign(OutboundRequest& request, const Credentials& credentials, const SigningScope& scope,
          Time now) {
  const auto url = parse_url(request.url);
  PRESSO_ASSERT(url.has_value());
  const std::string date = amz_date(now);
  const std::string day = date.substr(0, 8);
  request.headers.emplace_back("x-amz-date", date);
  if (!credentials.session_token.empty()) {
    request.headers.emplace_back("x-amz-security-token", credentials.session_token);
  }
  const std::string body_hash =
      scope.payload_hash.empty() ? sha256_hex(request.body) : scope.payload_hash;
  const bool is_s3 = scope.service == "s3";
  if (is_s3) request.headers.emplace_back("x-amz-content-sha256", body_hash);
  const auto question = url->target.find('?');
  const std::string sent_path = url->target.substr(0, question);
  const std::string path = is_s3 ? sent_path : percent_encode(sent_path, true);
  const std::string query =
      question == std::string::npos ? "" : canonical_query(url->target.substr(question + 1));
  const Headers headers = signed_headers(request.headers, url->authority());
  const std::string signature = signature_of({.method = request.method,
                                              .path = path,
                                              .query = query,
                                              .headers = headers,
                                              .body_hash = body_hash},
                                             credentials.secret_access_key, scope, date);
  request.headers.emplace_back(
      "authorization", std::string{kAlgorithm} + " Credential=" + credentials.access_key_id + "/" +
                           credential_scope(scope, day) + ", SignedHeaders=" + names_of(headers) +
                           ", Signature=" + signature);
}

std::string presigned_url(const OutboundRequest& request, const Credentials& credentials,
                          const SigningScope& scope, Duration lifetime, Time now) {
  const auto url = parse_url(request.url);
  PRESSO_ASSERT(url.has_value());
  const std::string date = amz_date(now);
  const Headers headers = signed_headers(request.headers, url->authority());
  const auto question = url->target.find('?');
  std::string sent = question == std::string::npos ? "" : url->target.substr(question + 1);
  const auto adding = [&sent](std::string_view name, const std::string& value) {
    sent += (sent.empty() ? "" : "&") + std::string{name} + "=" + percent_encode(value, false);
  };
  adding("X-Amz-Algorithm", std::string{kAlgorithm});
  adding("X-Amz-Credential",
         credentials.access_key_id + "/" + credential_scope(scope, date.substr(0, 8)));
  adding("X-Amz-Date", date);
  adding("X-Amz-Expires",
         std::to_string(std::chrono::duration_cast<std::chrono::seconds>(lifetime).count()));
  if (!credentials.session_token.empty()) {
    adding("X-Amz-Security-Token", credentials.session_token);
  }
  adding("X-Amz-SignedHeaders", names_of(headers));
  const std::string query = canonical_query(sent);
  const std::string path = url->target.substr(0, question);
  const std::string signature = signature_of({.method = request.method,
                                              .path = percent_encode(path, true),
                                              .query = query,
                                              .headers = headers,
                                              .body_hash = sha256_hex(request.body)},
                                             credentials.secret_access_key, scope, date);
  return (url->is_secure ? "https://" : "http://") + url->authority() + path + "?" + query +
         "&X-Amz-Signature=" + signature;
}

}  // namespace presso::server
