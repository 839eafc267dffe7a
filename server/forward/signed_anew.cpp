#include "server/forward/signed_anew.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace presso::server {
namespace {

constexpr std::string_view kHashHeader = "x-amz-content-sha256";

// Of the old signature, and what only its connection was about.
bool is_of_signature(std::string_view name) {
  return std::ranges::any_of(std::array<std::string_view, 5>{"authorization", "x-amz-date",
                                                             "x-amz-security-token", "host", "via"},
                             [&](std::string_view each) { return each == name; });
}

bool is_signed_header(std::string_view name) {
  return name.starts_with("x-amz-") || name == "content-type" || name == "content-md5";
}

// "?a=1&X-Amz-Signature=…&b" → "?a=1&b"
std::string without_signature(std::string_view target) {
  const auto mark = target.find('?');
  std::string kept{target.substr(0, mark)};
  if (mark == std::string_view::npos) return kept;
  char separator = '?';
  for (const std::string_view part : split(target.substr(mark + 1), '&')) {
    const std::string_view name = part.substr(0, part.find('='));
    const bool is_old = name == "X-Amz-Algorithm" || name == "X-Amz-Credential" ||
                        name == "X-Amz-Date" || name == "X-Amz-Expires" ||
                        name == "X-Amz-SignedHeaders" || name == "X-Amz-Signature" ||
                        name == "X-Amz-Security-Token";
    if (is_old) continue;
    kept.append(1, separator).append(part);
    separator = '&';
  }
  return kept;
}

Error unsignable(std::string message) { return Error{"NotImplemented", std::move(message)}; }

}  // namespace

Result<Resigning> resigning_of(const HttpRequest& request, const Addressee& to,
                               std::string_view endpoint, bool is_streamed) {
  const bool is_s3 = to.service == "s3";
  Resigning made;
  made.request.method = request.method;
  made.request.url = std::string{endpoint};
  const std::string_view bucket = is_s3 ? bucket_of_host(request.header("Host")) : "";
  if (!bucket.empty()) made.request.url.append("/").append(bucket);
  made.request.url += without_signature(request.target);
  made.request.body = request.body;
  if (!parse_url(made.request.url)) return unsignable("its path cannot be signed");
  auto headers = request.headers;
  remove_hop_by_hop(headers);
  for (auto& [name, value] : headers) {
    const std::string lower = to_lower_ascii(name);
    if (is_of_signature(lower)) continue;
    if (lower == kHashHeader) {
      if (is_s3) made.payload_hash = std::move(value);
    } else if (is_signed_header(lower)) {
      made.request.headers.emplace_back(lower, std::move(value));
    } else {
      made.unsigned_headers.emplace_back(std::move(name), std::move(value));
    }
  }
  if (made.payload_hash.starts_with("STREAMING-AWS4-")) {
    return unsignable("each chunk of its body is signed, which presso does not do anew");
  }
  if (is_streamed && made.payload_hash.empty()) {
    if (!is_s3) return unsignable("its body is too large to be signed anew");
    made.payload_hash = "UNSIGNED-PAYLOAD";
  }
  return made;
}

std::string signed_head(Resigning resigning, const Credentials& credentials, SigningScope scope,
                        Time now) {
  OutboundRequest& request = resigning.request;
  scope.payload_hash = resigning.payload_hash;
  sign(request, credentials, scope, now);
  const auto url = parse_url(request.url);
  std::string head = request.method + " " + url->target + " HTTP/1.1\r\n";
  head.append("Host: ").append(url->authority()).append("\r\n");
  for (const Headers* headers : {&request.headers, &resigning.unsigned_headers}) {
    for (const auto& [name, value] : *headers) {
      head.append(name).append(": ").append(value).append("\r\n");
    }
  }
  return head;
}

}  // namespace presso::server
