#include "server/http_message.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
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
  explicit Message(const Limits& limits) {
    parser.header_limit(static_cast<std::uint32_t>(limits.head_bytes));
    // Which limit holds is known when the head is there.
    parser.body_limit(std::max(limits.body_bytes, limits.long_body_bytes));
    parser.eager(true);
  }
  http::request_parser<http::string_body> parser;
};

RequestParser::RequestParser(Limits limits) : limits_(limits) {}
RequestParser::~RequestParser() = default;

std::size_t RequestParser::put(std::string_view bytes) {
  if (state_ == State::Complete || state_ == State::Refused || bytes.empty()) return 0;
  if (!message_) message_ = std::make_unique<Message>(limits_);
  auto& parser = message_->parser;
  has_begun_ = true;
  // Beast 1.81 asserts that it never sees less of a chunked body's end than this (fixed in 1.86):
  // https://github.com/boostorg/beast/pull/2861
  const bool is_in_chunks = parser.is_header_done() && parser.chunked();
  if (is_in_chunks && bytes.size() < kShortestChunksEnd) return 0;
  boost::system::error_code error;
  const std::size_t used = parser.put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
  state_ = State::NeedMore;
  if (error && error != http::error::need_more) {
    state_ = State::Refused;
    refusal_status_ = refusal_of(error);
  } else if (parser.is_header_done() && is_too_long()) {
    state_ = State::Refused;
    refusal_status_ = 413;
  } else if (parser.is_done()) {
    state_ = State::Complete;
  } else if (bytes.size() - used > limits_.head_bytes) {
    // Beast bounds a head, but not the extensions and trailers of chunks, which it takes whole.
    state_ = State::Refused;
    refusal_status_ = 431;
  } else if (parser.is_header_done() && !has_continued_ &&
             is_same_word(to_text(parser.get()[http::field::expect]), "100-continue")) {
    has_continued_ = true;
    state_ = State::NeedContinue;
  }
  return used;
}

bool RequestParser::is_too_long() const {
  const auto& parser = message_->parser;
  const std::uint64_t said = parser.content_length() ? *parser.content_length() : 0;
  if (std::max<std::uint64_t>(said, parser.get().body().size()) <= limits_.body_bytes) return false;
  const std::string target = to_text(parser.get().target());
  return limits_.has_long_body == nullptr || !limits_.has_long_body(target);
}

HttpRequest RequestParser::take() {
  auto& message = message_->parser.get();
  HttpRequest request;
  request.method = to_text(message.method_string());
  request.target = to_text(message.target());
  request.keep_alive = message.keep_alive();
  request.can_chunk = message.version() >= 11;
  for (const auto& field : message) {
    request.headers.emplace_back(to_text(field.name_string()), to_text(field.value()));
  }
  request.body = std::move(message.body());
  message_.reset();
  state_ = State::NeedMore;
  has_begun_ = false;
  has_continued_ = false;
  return request;
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
  if (reply.stream) {
    if (can_chunk) bytes.append("Transfer-Encoding: chunked\r\n");
  } else if (reply.status != 204) {
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
