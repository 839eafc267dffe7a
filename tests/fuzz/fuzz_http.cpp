// Any bytes as a connection's input: taken whole, and in pieces as the first byte says.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "server/caller_of.h"
#include "server/http_message.h"
#include "server/origin.h"

namespace {

using namespace presso::server;

constexpr RequestParser::Limits kLimits{.head_bytes = 1'024, .body_bytes = 1'024};

void use(const HttpRequest& request) {
  static_cast<void>(request.query("pattern"));
  static_cast<void>(caller_of(request.header("Authorization"), {}));
  const std::vector<std::string> allowed = {"https://app.example"};
  static_cast<void>(is_origin_allowed(request.header("Origin"), allowed));
  static_cast<void>(is_host_allowed(request.header("Host"), allowed));
}

// The requests that `bytes` hold, as a session would find them.
std::vector<HttpRequest> requests_of(std::string_view bytes, std::size_t piece) {
  std::vector<HttpRequest> requests;
  RequestParser parser{kLimits};
  std::string unread;
  while (!bytes.empty() || !unread.empty()) {
    const std::string_view arrived = bytes.substr(0, piece);
    bytes.remove_prefix(arrived.size());
    unread.append(arrived);
    const std::size_t used = parser.put(unread);
    PRESSO_ASSERT(used <= unread.size());
    unread.erase(0, used);
    if (parser.state() == RequestParser::State::Refused) {
      PRESSO_ASSERT(parser.refusal_status() >= 400);
      break;
    }
    if (parser.state() == RequestParser::State::Complete) {
      requests.push_back(parser.take());
    } else if (bytes.empty()) {
      break;
    }
  }
  return requests;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  const std::vector<HttpRequest> whole = requests_of(bytes, bytes.size() + 1);
  const std::vector<HttpRequest> pieces = requests_of(bytes, std::size_t{data[0]} + 1);
  for (std::size_t i = 0; i < whole.size() && i < pieces.size(); ++i) {
    use(whole[i]);
    PRESSO_ASSERT(whole[i].target == pieces[i].target);
    PRESSO_ASSERT(whole[i].headers == pieces[i].headers);
    PRESSO_ASSERT(whole[i].body == pieces[i].body);
  }
  return 0;
}
