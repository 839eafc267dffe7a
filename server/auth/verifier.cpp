#include "server/auth/verifier.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "server/integrations/profile_file.h"
#include "server/integrations/sigv4.h"

namespace presso::server {
namespace {

using Refusal = Verifier::Refusal;

constexpr std::string_view kSignedWith = "AWS4-HMAC-SHA256";
constexpr std::string_view kUnsignedBody = "UNSIGNED-PAYLOAD";

Refusal incomplete(std::string message) {
  return {"IncompleteSignatureException", std::move(message)};
}
Refusal expired(std::string message) { return {"InvalidSignatureException", std::move(message)}; }
Refusal unknown_key() {
  return {"UnrecognizedClientException", "The security token included in the request is invalid."};
}
Refusal mismatch() {
  return {"InvalidSignatureException",
          "The request signature we calculated does not match the signature you provided. Check "
          "your AWS Secret Access Key and signing method. Consult the service documentation for "
          "details."};
}

// "20261122T094310Z"
std::optional<Time> parse_date(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T') return std::nullopt;
  const std::string date{text};
  return parse_rfc3339(date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6, 5) + ":" +
                       date.substr(11, 2) + ":" + date.substr(13));
}

std::string amz_time(Time time) {
  std::string text = to_iso_seconds(time);
  std::erase(text, '-');
  std::erase(text, ':');
  return text;
}

// Outer white space goes, and inner is one blank.
std::string trimmed(std::string_view value) {
  std::string text;
  for (const char c : value) {
    const bool is_space = c == ' ' || c == '\t';
    if (is_space && (text.empty() || text.back() == ' ')) continue;
    text += is_space ? ' ' : c;
  }
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

// All values of that name, in order; nothing when there is none.
std::optional<std::string> header_value(const HttpRequest& request, std::string_view name) {
  std::optional<std::string> joined;
  for (const auto& [each, value] : request.headers) {
    if (to_lower_ascii(each) != name) continue;
    joined = joined ? *joined + "," + trimmed(value) : trimmed(value);
  }
  return joined;
}

std::string query_of(const HttpRequest& request) {
  const auto question = request.target.find('?');
  return question == std::string::npos ? "" : request.target.substr(question + 1);
}

// Without the signature itself.
std::string signed_query(const std::string& query) {
  std::string rest;
  for (const std::string_view part : split(query, '&')) {
    if (part.starts_with("X-Amz-Signature=")) continue;
    rest += (rest.empty() ? "" : "&") + std::string{part};
  }
  return canonical_query(rest);
}

}  // namespace

// What a request says of its signature.
struct Verifier::Claim {
  std::string key_id;
  SigningScope scope;
  std::string day;
  std::string date;
  std::vector<std::string> headers;  // names
  std::string signature;
  std::string session_token;
  std::optional<Duration> lifetime;  // of one in the query

  using Read = std::variant<Claim, Refusal>;

  // KEY/20261122/REGION/SERVICE/aws4_request
  [[nodiscard]] bool set_credential(std::string_view text) {
    const auto parts = split(text, '/');
    if (parts.size() != 5 || parts[4] != "aws4_request") return false;
    key_id = parts[0];
    day = parts[1];
    scope = {.region = std::string{parts[2]}, .service = std::string{parts[3]}};
    return true;
  }
  void set_headers(std::string_view text) {
    for (const std::string_view name : split(text, ';')) headers.emplace_back(name);
  }

  // AWS4-HMAC-SHA256 Credential=…, SignedHeaders=a;b, Signature=…
  static Read of_header(const HttpRequest& request, std::string_view authorization) {
    if (!authorization.starts_with(kSignedWith)) {
      return incomplete("Authorization header requires 'AWS4-HMAC-SHA256'. Authorization=" +
                        std::string{authorization.substr(0, authorization.find(' '))});
    }
    Claim claim;
    bool has_credential = false;
    for (const std::string_view part : split(authorization.substr(kSignedWith.size()), ',')) {
      const std::string field = trimmed(part);
      const auto equals = std::min(field.find('='), field.size());
      const std::string_view name = std::string_view{field}.substr(0, equals);
      const std::string value = field.substr(std::min(equals + 1, field.size()));
      if (name == "Credential") {
        if (!claim.set_credential(value)) {
          return incomplete(
              "Credential must have exactly 5 slash-delimited elements, e.g. "
              "keyid/date/region/service/term, got '" +
              value + "'");
        }
        has_credential = true;
      }
      if (name == "SignedHeaders") claim.set_headers(value);
      if (name == "Signature") claim.signature = value;
    }
    if (!has_credential) return missing_part("Credential");
    if (claim.signature.empty()) return missing_part("Signature");
    if (claim.headers.empty()) return missing_part("SignedHeaders");
    claim.date = header_value(request, "x-amz-date").value_or("");
    if (claim.date.empty()) {
      return incomplete(
          "Authorization header requires existence of either a 'X-Amz-Date' or a "
          "'Date' header.");
    }
    claim.session_token = header_value(request, "x-amz-security-token").value_or("");
    return claim;
  }
  static Refusal missing_part(const std::string& name) {
    return incomplete("Authorization header requires '" + name + "' parameter.");
  }

  static Read of_query(const HttpRequest& request) {
    Claim claim;
    const auto value = [&](std::string_view name) { return request.query(name).value_or(""); };
    if (!claim.set_credential(value("X-Amz-Credential"))) {
      return incomplete("X-Amz-Credential must have exactly 5 slash-delimited elements.");
    }
    claim.date = value("X-Amz-Date");
    claim.set_headers(value("X-Amz-SignedHeaders"));
    claim.signature = value("X-Amz-Signature");
    claim.session_token = value("X-Amz-Security-Token");
    const std::string lifetime = value("X-Amz-Expires");
    std::int64_t count = 0;
    const auto parsed = std::from_chars(lifetime.data(), lifetime.data() + lifetime.size(), count);
    const bool is_number =
        parsed.ec == std::errc{} && parsed.ptr == lifetime.data() + lifetime.size();
    if (!is_number || count < 0 || count > kLongestPresigned / seconds(1)) {
      return incomplete("X-Amz-Expires must be a number of seconds, at most 604800.");
    }
    claim.lifetime = seconds(count);
    return claim;
  }
};

std::optional<Refusal> Verifier::check_time(const Claim& claim, Time now) {
  const auto signed_at = parse_date(claim.date);
  if (!signed_at) {
    return incomplete("Date must be in ISO-8601 'basic format'. Got '" + claim.date +
                      "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
  if (!claim.date.starts_with(claim.day)) {
    return expired(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date "
        "from HTTP: '" +
        claim.day + "' != '" + claim.date.substr(0, 8) + "', from '" + claim.date + "'.");
  }
  if (*signed_at > now + kClockSkew) {
    return expired("Signature not yet current: " + claim.date + " is still later than " +
                   amz_time(now + kClockSkew) + " (" + amz_time(now) + " + 5 min.)");
  }
  const Duration lifetime = claim.lifetime.value_or(kClockSkew);
  if (*signed_at + lifetime < now) {
    return expired("Signature expired: " + claim.date + " is now earlier than " +
                   amz_time(now - lifetime) + " (" + amz_time(now) + " - " +
                   std::to_string(lifetime / seconds(60)) + " min.)");
  }
  return std::nullopt;
}

std::optional<Refusal> Verifier::check(const HttpRequest& request, bool is_body_there,
                                       Time now) const {
  const auto authorization = header_value(request, "authorization");
  const bool is_presigned = !authorization && request.query("X-Amz-Signature").has_value();
  if (!authorization && !is_presigned) {
    return Refusal{"MissingAuthenticationTokenException", "Missing Authentication Token"};
  }
  auto read = is_presigned ? Claim::of_query(request) : Claim::of_header(request, *authorization);
  if (auto* refusal = std::get_if<Refusal>(&read)) return std::move(*refusal);
  const auto& claim = std::get<Claim>(read);
  const auto key = keys_.find(claim.key_id);
  if (key == keys_.end() || key->second.session_token != claim.session_token) return unknown_key();
  if (auto refusal = check_time(claim, now)) return refusal;

  SignedText text;
  text.method = request.method;
  bool is_host_signed = false;
  for (const std::string& name : claim.headers) {
    const auto value = header_value(request, name);
    if (!value) return mismatch();
    is_host_signed = is_host_signed || name == "host";
    text.headers.emplace_back(name, *value);
  }
  if (!is_host_signed) {
    return Refusal{"InvalidSignatureException",
                   "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."};
  }
  const std::string query = query_of(request);
  text.query = is_presigned ? signed_query(query) : canonical_query(query);
  const bool is_s3 = claim.scope.service == "s3";
  text.path = is_s3 ? std::string{request.path()} : percent_encode(request.path(), true);
  const auto told = header_value(request, "x-amz-content-sha256");
  const std::string body_hash =
      is_body_there ? hex_encode(digest(DigestAlgorithm::Sha256, request.body)) : "";
  if (told) {
    text.body_hash = *told;
  } else {
    text.body_hash = is_s3 && is_presigned ? std::string{kUnsignedBody} : body_hash;
  }
  const std::string signature = signature_of(text, key->second.secret, claim.scope, claim.date);
  const bool is_same =
      signature.size() == claim.signature.size() &&
      CRYPTO_memcmp(signature.data(), claim.signature.data(), signature.size()) == 0;
  // A hash of 64 digits is one of the body; what else S3 takes says how it is sent.
  const bool is_other_body =
      told && is_body_there && told->size() == body_hash.size() && *told != body_hash;
  if (!is_same || is_other_body) return mismatch();
  return std::nullopt;
}

Result<AccessKeys> parse_access_keys(std::string_view text, const std::string& file) {
  const auto profiles = parse_profiles(ProfileFile::Credentials, text, file);
  if (!profiles) return profiles.error();
  AccessKeys keys;
  for (const auto& [name, profile] : *profiles) {
    const std::string id = profile.setting("aws_access_key_id");
    AccessKey key{.secret = profile.setting("aws_secret_access_key"),
                  .session_token = profile.setting("aws_session_token")};
    if (id.empty() || key.secret.empty()) {
      return Error{"BadCredentials", profile.where + ": the profile " + name +
                                         " has no aws_access_key_id and aws_secret_access_key"};
    }
    const auto [known, is_new] = keys.emplace(id, key);
    if (!is_new && known->second != key) {
      return Error{"BadCredentials", profile.where + ": the key " + id + " has two secrets"};
    }
  }
  if (keys.empty()) return Error{"BadCredentials", file + ": there are no keys in it"};
  return keys;
}

}  // namespace presso::server
