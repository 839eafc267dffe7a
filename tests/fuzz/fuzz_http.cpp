// Any bytes as a connection's input: taken whole, and in pieces as the first byte says.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "server/caller_of.h"
#include "server/forward/addressee.h"
#include "server/http_message.h"
#include "server/integrations/profile_file.h"
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
  static_cast<void>(called_by_request(addressee_of(request), request, {}));
  static_cast<void>(parse_profiles(ProfileFile::Config, request.body, "config"));
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

// The answer that `bytes` hold, as an exchange would find it.
struct Answer {
  bool is_complete = false;
  int status = 0;
  std::string body;
};
Answer answer_of(std::string_view bytes, std::size_t piece, bool is_head) {
  ResponseParser parser{1'024, is_head};
  Answer answer;
  std::string unread;
  while (!bytes.empty()) {
    const std::string_view arrived = bytes.substr(0, piece);
    bytes.remove_prefix(arrived.size());
    unread.append(arrived);
    const std::size_t used = parser.put(unread);
    PRESSO_ASSERT(used <= unread.size());
    unread.erase(0, used);
    answer.body += parser.take_piece();
  }
  parser.put_end();
  answer.is_complete = parser.state() == ResponseParser::State::Complete;
  answer.status = parser.status();
  auto headers = parser.headers();
  remove_hop_by_hop(headers);
  return answer;
}

// A request whose body is streamed: all of it, or nothing when it does not come to an end.
std::optional<std::string> streamed_body(std::string_view bytes, std::size_t piece) {
  RequestParser parser{
      kLimits, [](const HttpRequest&) { return BodyPlan{.bytes = 0, .is_streamed = true}; }};
  std::string body;
  std::string unread;
  while (!bytes.empty()) {
    const std::string_view arrived = bytes.substr(0, piece);
    bytes.remove_prefix(arrived.size());
    unread.append(arrived);
    unread.erase(0, parser.put(unread));
    if (parser.state() == RequestParser::State::Refused) return std::nullopt;
    if (parser.state() == RequestParser::State::Streaming) body += parser.take_piece();
    if (parser.state() == RequestParser::State::Complete) return body += parser.take_piece();
  }
  return std::nullopt;
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
  const std::size_t piece = std::size_t{data[0]} + 1;
  const bool is_head = data[0] % 2 == 1;
  const Answer at_once = answer_of(bytes, bytes.size() + 1, is_head);
  const Answer in_pieces = answer_of(bytes, piece, is_head);
  if (at_once.is_complete && in_pieces.is_complete) {
    PRESSO_ASSERT(at_once.status == in_pieces.status);
    PRESSO_ASSERT(at_once.body == in_pieces.body);
  }
  const auto one_body = streamed_body(bytes, bytes.size() + 1);
  const auto same_body = streamed_body(bytes, piece);
  if (one_body && same_body) PRESSO_ASSERT(*one_body == *same_body);
  return 0;
}
