#include "api/page.h"

#include "base/digest.h"
#include "base/text.h"

namespace presso::api {
namespace {

// Enough of a digest to tell a user's lists apart.
constexpr std::size_t kDigestBytes = 12;

}  // namespace

PageToken::PageToken(const core::Caller& caller, std::string_view operation,
                     const Json& arguments) {
  const Json list = Json::array({caller.account, caller.region, std::string{operation}, arguments});
  digest_ = base64_encode(digest(DigestAlgorithm::Sha256, dump_json(list)).substr(0, kDigestBytes));
}

std::string PageToken::make(const Json& place) const {
  Json token = Json::object();
  token["of"] = digest_;
  token["at"] = place;
  return base64_encode(dump_json(token));
}

Result<Json> PageToken::read(const std::optional<std::string>& token, const Error& refusal) const {
  if (!token) return Json();
  const auto text = base64_decode(*token);
  if (!text) return refusal;
  const auto json = parse_json(*text);
  if (!json) return refusal;
  const std::string* of = as_string(find_member(*json, "of"));
  const Json* place = find_member(*json, "at");
  if (of == nullptr || *of != digest_ || place == nullptr) return refusal;
  return *place;
}

Error invalid_token() { return {"InvalidToken", "Invalid Token: 'Invalid token'"}; }

std::size_t page_size(const std::optional<std::int64_t>& max_results, std::size_t default_size) {
  if (!max_results || *max_results <= 0) return default_size;
  return static_cast<std::size_t>(*max_results);
}

}  // namespace presso::api
