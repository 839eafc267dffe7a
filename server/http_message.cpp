#include "server/http_message.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <charconv>

#include "base/text.h"
#include "server/http_stream.h"

namespace presso::server {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kShortestChunksEnd = 5;  // "0\r\n\r\n"

bool is_same_word(std::string_view left, std::string_view right) {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) {
           const auto lower = [](char c) {
             return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
           };
           return lower(a) == lower(b);
         });
}

int refusal_of(const boost::system::error_code& error) {
  if (error == http::error::body_limit) return 413;
  if (error == http::error::header_limit) return 431;
  return 400;
}

std::string_view reason_of(int status) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(status));
  return {reason.data(), reason.size()};
}

std::string plus_to_space(std::string_view text) {
  std::string result{text};
  std::ranges::replace(result, '+', ' ');
  return result;
}

std::string to_text(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return std::string{text.substr(begin, text.find_last_not_of(" \t") + 1 - begin)};
}

// Takes what comes without asking for memory by what was announced.
struct PieceBody {
  using value_type = std::string;
  class reader {
   public:
    template <bool is_request, class Fields>
    reader(http::header<is_request, Fields>&, value_type& piece) : piece_(piece) {}
    void init(const boost::optional<std::uint64_t>&, boost::system::error_code& error) {
      error = {};
    }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::system::error_code& error) {
      error = {};
      std::size_t size = 0;
      for (const auto buffer : boost::beast::buffers_range_ref(buffers)) {
        piece_.append(static_cast<const char*>(buffer.data()), buffer.size());
        size += buffer.size();
      }
      return size;
    }
    void finish(boost::system::error_code& error) { error = {}; }

   private:
    value_type& piece_;
  };
};

template <class Parser>
std::vector<std::pair<std::string, std::string>> headers_of(const Parser& parser) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& field : parser.get()) {
    headers.emplace_back(to_text(field.name_string()), to_text(field.value()));
  }
  return headers;
}

// Beast 1.81 asserts that it never sees less of a chunked body's end than this (fixed in 1.86):
// https://github.com/boostorg/beast/pull/2861
template <class Parser>
bool is_chunks_end_too_short(const Parser& parser, std::size_t size) {
  return parser.is_header_done() && parser.chunked() && size < kShortestChunksEnd;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [each, value] : headers) {
    if (is_same_word(each, name)) return value;
  }
  return {};
}

std::string_view HttpRequest::path() const {
  return std::string_view{target}.substr(0, target.find('?'));
}

std::optional<std::string> HttpRequest::query(std::string_view name) const {
  const auto mark = target.find('?');
  if (mark == std::string::npos) return std::nullopt;
  for (const std::string_view part : split(std::string_view{target}.substr(mark + 1), '&')) {
    const auto equals = part.find('=');
    if (percent_decode(plus_to_space(part.substr(0, equals))) != name) continue;
    if (equals == std::string_view::npos) return "";
    return percent_decode(plus_to_space(part.substr(equals + 1)));
  }
  return std::nullopt;
}

std::optional<std::string> HttpRequest::decoded_path() const { return percent_decode(path()); }

HttpReply::HttpReply() = default;
HttpReply::~HttpReply() = default;
HttpReply::HttpReply(HttpReply&&) noexcept = default;
HttpReply& HttpReply::operator=(HttpReply&&) noexcept = default;

class RequestParser::Message {
 public:
  explicit Message(std::size_t head_bytes) {
    parser.header_limit(static_cast<std::uint32_t>(head_bytes));
    parser.body_limit(boost::none);  // which one holds is known when the head is there
  }
  http::request_parser<PieceBody> parser;
  HttpRequest head;
  std::optional<BodyPlan> plan;  // when the head is there
  std::uint64_t size = 0;        // of the body so far
};

RequestParser::RequestParser(Limits limits, PlanOf plan_of)
    : limits_(limits), plan_of_(std::move(plan_of)) {}
RequestParser::~RequestParser() = default;

void RequestParser::refuse(int status) {
  state_ = State::Refused;
  refusal_status_ = status;
}

// The head alone, and then what follows: in between it is decided what may follow.
std::size_t RequestParser::put(std::string_view bytes) {
  if (state_ == State::Complete || state_ == State::Refused || bytes.empty()) return 0;
  if (!message_) message_ = std::make_unique<Message>(limits_.head_bytes);
  has_begun_ = true;
  const bool had_head = message_->parser.is_header_done();
  std::size_t used = put_some(bytes);
  if (!had_head && state_ != State::Refused && message_->parser.is_header_done()) {
    plan_body();
    const bool has_more = state_ != State::Refused && state_ != State::Complete;
    if (has_more && used < bytes.size()) used += put_some(bytes.substr(used));
  }
  if (state_ == State::NeedMore || state_ == State::Streaming) {
    // Beast bounds a head, but not the extensions and trailers of chunks, which it takes whole.
    if (bytes.size() - used > limits_.head_bytes) refuse(431);
  }
  const bool waits = state_ == State::NeedMore && message_->parser.is_header_done();
  if (waits && !has_continued_ && is_same_word(message_->head.header("Expect"), "100-continue")) {
    has_continued_ = true;
    state_ = State::NeedContinue;
  }
  return used;
}

std::size_t RequestParser::put_some(std::string_view bytes) {
  auto& parser = message_->parser;
  if (is_chunks_end_too_short(parser, bytes.size())) return 0;
  boost::system::error_code error;
  const std::size_t before = parser.get().body().size();
  const std::size_t used = parser.put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
  message_->size += parser.get().body().size() - before;
  if (state_ == State::NeedContinue) state_ = State::NeedMore;
  if (error && error != http::error::need_more) {
    refuse(refusal_of(error));
  } else if (is_too_long()) {
    refuse(413);
  } else if (parser.is_done()) {
    state_ = State::Complete;
  }
  return used;
}

void RequestParser::plan_body() {
  auto& parser = message_->parser;
  HttpRequest& head = message_->head;
  head.method = to_text(parser.get().method_string());
  head.target = to_text(parser.get().target());
  head.keep_alive = parser.get().keep_alive();
  head.can_chunk = parser.get().version() >= 11;
  head.headers = headers_of(parser);
  message_->plan = plan_of_ ? plan_of_(head) : BodyPlan{.bytes = limits_.body_bytes};
  parser.eager(true);
  if (state_ == State::Complete) return;
  if (message_->plan->is_streamed) {
    state_ = State::Streaming;
    return;
  }
  parser.body_limit(message_->plan->bytes);
  if (is_too_long()) refuse(413);
}

bool RequestParser::is_too_long() const {
  if (!message_->plan || message_->plan->is_streamed) return false;
  const auto said = message_->parser.content_length();
  return std::max<std::uint64_t>(said ? *said : 0, message_->size) > message_->plan->bytes;
}

HttpRequest RequestParser::take() {
  HttpRequest request = std::move(message_->head);
  request.body = std::move(message_->parser.get().body());
  reset();
  return request;
}

HttpRequest RequestParser::take_head() { return std::move(message_->head); }

std::string RequestParser::take_piece() { return std::exchange(message_->parser.get().body(), {}); }

void RequestParser::reset() {
  message_.reset();
  state_ = State::NeedMore;
  has_begun_ = false;
  has_continued_ = false;
}

class ResponseParser::Message {
 public:
  explicit Message(std::size_t head_bytes) {
    parser.header_limit(static_cast<std::uint32_t>(head_bytes));
    parser.body_limit(boost::none);
  }
  http::response_parser<PieceBody> parser;
};

ResponseParser::ResponseParser(std::size_t head_bytes, bool is_head)
    : message_(std::make_unique<Message>(head_bytes)) {
  message_->parser.skip(is_head);
}
ResponseParser::~ResponseParser() = default;

std::size_t ResponseParser::put(std::string_view bytes) {
  const bool had_head = state_ == State::Head;
  std::size_t used = put_some(bytes);
  if (!had_head && state_ == State::Head) used += put_some(bytes.substr(used));
  return used;
}

std::size_t ResponseParser::put_some(std::string_view bytes) {
  if (state_ == State::Complete || state_ == State::Broken || bytes.empty()) return 0;
  auto& parser = message_->parser;
  has_begun_ = true;
  if (is_chunks_end_too_short(parser, bytes.size())) return 0;
  boost::system::error_code error;
  parser.eager(parser.is_header_done());
  const std::size_t used = parser.put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
  if (error && error != http::error::need_more) {
    state_ = State::Broken;
  } else if (parser.is_done()) {
    state_ = State::Complete;
  } else if (parser.is_header_done()) {
    state_ = State::Head;
  }
  return used;
}

void ResponseParser::put_end() {
  if (state_ == State::Complete) return;
  const bool is_its_end = state_ == State::Head && message_->parser.need_eof();
  state_ = is_its_end ? State::Complete : State::Broken;
}

int ResponseParser::status() const { return message_->parser.get().result_int(); }
std::vector<std::pair<std::string, std::string>> ResponseParser::headers() const {
  return headers_of(message_->parser);
}
std::optional<std::uint64_t> ResponseParser::length() const {
  const auto said = message_->parser.content_length();
  return said ? std::optional<std::uint64_t>{*said} : std::nullopt;
}
bool ResponseParser::keep_alive() const {
  return message_->parser.is_header_done() && message_->parser.keep_alive();
}
std::string ResponseParser::take_piece() {
  return std::exchange(message_->parser.get().body(), {});
}

void remove_hop_by_hop(std::vector<std::pair<std::string, std::string>>& headers) {
  std::vector<std::string> names = {"connection",
                                    "keep-alive",
                                    "proxy-connection",
                                    "proxy-authorization",
                                    "proxy-authenticate",
                                    "te",
                                    "trailer",
                                    "transfer-encoding",
                                    "upgrade"};
  for (const auto& [name, value] : headers) {
    if (!is_same_word(name, "connection")) continue;
    for (const std::string_view named : split(value, ',')) names.push_back(trimmed(named));
  }
  std::erase_if(headers, [&](const auto& header) {
    return std::ranges::any_of(
        names, [&](const std::string& name) { return is_same_word(name, header.first); });
  });
}

std::string to_bytes(const HttpReply& reply, bool keep_alive, bool can_chunk,
                     bool is_head_request) {
  std::string bytes;
  bytes.reserve(256 + reply.body.size());
  bytes.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
  bytes.append(reason_of(reply.status)).append("\r\n");
  for (const auto& [name, value] : reply.headers) {
    bytes.append(name).append(": ").append(value).append("\r\n");
  }
  if (!reply.content_type.empty()) {
    bytes.append("Content-Type: ").append(reply.content_type).append("\r\n");
  }
  if (reply.length) {
    bytes.append("Content-Length: ").append(std::to_string(*reply.length)).append("\r\n");
  } else if (reply.stream) {
    if (can_chunk) bytes.append("Transfer-Encoding: chunked\r\n");
  } else if (reply.status != 204 && !reply.is_passed_on) {
    bytes.append("Content-Length: ").append(std::to_string(reply.body.size())).append("\r\n");
  }
  if (!keep_alive) bytes.append("Connection: close\r\n");
  bytes.append("\r\n");
  if (!is_head_request && !reply.stream) bytes.append(reply.body);
  return bytes;
}

std::string chunk(std::string_view bytes) {
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  std::string text{size.data(), end};
  text.append("\r\n").append(bytes).append("\r\n");
  return text;
}

}  // namespace presso::server
