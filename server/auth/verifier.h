// Verifier: with --credentials, whether a request was signed with one of the keys that presso was
// given (AWS Signature Version 4, in headers or in the query), now, for this body.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
//
//   if (auto refused = verifier.check(request, now)) return reply(*refused);
//
// From any thread. The words are AWS's. As AWS does, it takes the same request again while its time
// is right; what a signature does not cover is not looked at.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "server/http_message.h"

namespace presso::server {

// A clock may be so far away from that of who signs.
inline constexpr Duration kClockSkew = seconds(5 * 60);
inline constexpr Duration kLongestPresigned = seconds(7 * 24 * 3600);

struct AccessKey {
  std::string secret;
  std::string session_token;  // empty: none is wanted

  friend bool operator==(const AccessKey&, const AccessKey&) = default;
};
using AccessKeys = std::map<std::string, AccessKey, std::less<>>;

// Of a file in the form of ~/.aws/credentials: the keys of every profile. Error: one sentence with
// file and line.
[[nodiscard]] Result<AccessKeys> parse_access_keys(std::string_view text, const std::string& file);

class Verifier {
 public:
  struct Refusal {
    std::string code;  // "InvalidSignatureException"
    std::string message;

    friend bool operator==(const Refusal&, const Refusal&) = default;
  };

  explicit Verifier(AccessKeys keys) : keys_(std::move(keys)) {}

  // Of a body that is still on its way only the hash that is told of it is covered.
  [[nodiscard]] std::optional<Refusal> check(const HttpRequest&, bool is_body_there,
                                             Time now) const;

 private:
  struct Claim;

  [[nodiscard]] static std::optional<Refusal> check_time(const Claim&, Time now);

  AccessKeys keys_;
};

}  // namespace presso::server
