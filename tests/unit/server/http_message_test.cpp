#include "server/http_message.h"

#include <doctest/doctest.h>

#include <string>

namespace presso::server {
namespace {

using State = RequestParser::State;

constexpr RequestParser::Limits kLimits{.head_bytes = 1'024, .body_bytes = 64};

const std::string kRequest =
    "POST /a%20b?x=1&y=%7B%22a%22%3A+1%7D&z HTTP/1.1\r\nHost: sync-localhost\r\n"
    "X-Amz-Target: AWSEvents.PutEvents\r\nContent-Length: 4\r\n\r\n{ }\n";

// What is left over when all of `bytes` was put, in pieces of `size`.
std::string feed(RequestParser& parser, const std::string& bytes, std::size_t size) {
  std::string unread;
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    unread += bytes.substr(at, size);
    unread.erase(0, parser.put(unread));
  }
  return unread;
}

int refusal(const std::string& bytes) {
  RequestParser parser{kLimits};
  feed(parser, bytes, bytes.size());
  return parser.state() == State::Refused ? parser.refusal_status() : 0;
}

TEST_CASE("a request is the same in whatever pieces it comes") {
  for (const std::size_t size : {1UL, 2UL, 7UL, 64UL, kRequest.size()}) {
    CAPTURE(size);
    RequestParser parser{kLimits};
    CHECK(feed(parser, kRequest, size).empty());
    REQUIRE(parser.state() == State::Complete);
    const HttpRequest request = parser.take();
    CHECK(request.method == "POST");
    CHECK(request.path() == "/a%20b");
    CHECK(request.query("x") == "1");
    CHECK(request.query("y") == "{\"a\": 1}");
    CHECK(request.query("z") == "");
    CHECK_FALSE(request.query("w"));
    CHECK(request.header("x-amz-target") == "AWSEvents.PutEvents");
    CHECK(request.header("nothing").empty());
    CHECK(request.body == "{ }\n");
    CHECK(request.keep_alive);
    CHECK(parser.state() == State::NeedMore);
    CHECK_FALSE(parser.has_begun());
  }
}

TEST_CASE("pipelined requests come out one by one") {
  RequestParser parser{kLimits};
  std::string bytes = kRequest + kRequest + "GET / HTTP/1.0\r\n\r\n";
  for (int i = 0; i < 2; ++i) {
    bytes.erase(0, parser.put(bytes));
    REQUIRE(parser.state() == State::Complete);
    CHECK(parser.put(bytes) == 0);
    CHECK(parser.take().body == "{ }\n");
  }
  bytes.erase(0, parser.put(bytes));
  REQUIRE(parser.state() == State::Complete);
  const HttpRequest last = parser.take();
  CHECK_FALSE(last.keep_alive);
  CHECK_FALSE(last.can_chunk);
}

TEST_CASE("chunked bodies are put together, within the limit") {
  const std::string head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  RequestParser parser{kLimits};
  feed(parser, head + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n", 5);
  REQUIRE(parser.state() == State::Complete);
  CHECK(parser.take().body == "abcde");
  CHECK(refusal(head + "41\r\n" + std::string(65, 'x')) == 413);
  CHECK(refusal(head + "ffffffffffffffff\r\nx") == 413);
  CHECK(refusal(head + "g\r\n\r\n") == 400);
}

TEST_CASE("the end of a chunked body may come byte by byte, and its parts are bounded") {
  const std::string head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  RequestParser parser{kLimits};
  CHECK(feed(parser, head + "2\r\nab\r\n0\r\n\r\n", 1).empty());
  REQUIRE(parser.state() == State::Complete);
  CHECK(parser.take().body == "ab");
  std::string unread = head + "0\r\n";
  unread.erase(0, parser.put(unread));
  CHECK(parser.put(unread) == 0);
  CHECK(feed(parser, unread + "\r\nnext", 1) == "next");
  CHECK(parser.state() == State::Complete);
  CHECK(refusal(head + "1;" + std::string(2'000, 'x')) == 431);
  CHECK(refusal(head + "0\r\nTrailer: " + std::string(2'000, 'x')) == 431);
}

TEST_CASE("a client that waits to be told to go on is told once") {
  RequestParser parser{kLimits};
  feed(parser, "POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n", 1'000);
  CHECK(parser.state() == State::NeedContinue);
  feed(parser, "{", 1);
  CHECK(parser.state() == State::NeedMore);
  feed(parser, "}", 1);
  CHECK(parser.state() == State::Complete);
  CHECK(refusal("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 65\r\n\r\n") == 413);
}

TEST_CASE("what is no request is refused") {
  CHECK(refusal("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS\r\n\r\n") == 400);
  CHECK(refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/9.9\r\n\r\n") == 400);
  CHECK(refusal("GET\r\n\r\n") == 400);
  CHECK(refusal("\r\n\r\n\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nno colon\r\n\r\n") == 400);
  CHECK(refusal("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") == 400);
  CHECK(refusal("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n") == 400);
  CHECK(refusal("POST / HTTP/1.1\r\nContent-Length: 65\r\n\r\n") == 413);
  CHECK(refusal("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nX: " + std::string(2'000, 'x')) == 431);
  CHECK(refusal("GET /" + std::string(2'000, 'x')) == 431);
}

TEST_CASE("a body that is streamed has no limit, and comes in pieces") {
  for (const std::string head :
       {"PUT /b/k HTTP/1.1\r\nContent-Length: 1000\r\n\r\n",
        "PUT /b/k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n"}) {
    for (const std::size_t size : {1UL, 100UL, 2'000UL}) {
      CAPTURE(size);
      RequestParser parser{kLimits, [](const HttpRequest& request) {
                             CHECK(request.path() == "/b/k");
                             return BodyPlan{.bytes = 0, .is_streamed = true};
                           }};
      std::string bytes = head + std::string(1'000, 'x');
      if (head.ends_with("3e8\r\n")) bytes += "\r\n0\r\n\r\n";
      std::string unread;
      std::string body;
      bool has_head = false;
      for (std::size_t at = 0; at < bytes.size(); at += size) {
        unread += bytes.substr(at, size);
        unread.erase(0, parser.put(unread));
        if (parser.state() == State::NeedMore) continue;
        if (!has_head) CHECK(parser.take_head().method == "PUT");
        has_head = true;
        body += parser.take_piece();
      }
      CHECK(parser.state() == State::Complete);
      CHECK(body == std::string(1'000, 'x'));
      parser.reset();
      CHECK(parser.state() == State::NeedMore);
    }
  }
}

TEST_CASE("what is announced asks for no memory") {
  RequestParser parser{
      kLimits, [](const HttpRequest&) { return BodyPlan{.bytes = 0, .is_streamed = true}; }};
  feed(parser, "PUT / HTTP/1.1\r\nContent-Length: 9000000000000000000\r\n\r\nabc", 1'000);
  CHECK(parser.state() == State::Streaming);
  CHECK(parser.take_piece() == "abc");
}

struct Answer {
  ResponseParser::State state = ResponseParser::State::NeedMore;
  int status = 0;
  std::string body;
  bool keep_alive = false;
};

Answer answer(const std::string& bytes, std::size_t size, bool is_head = false) {
  ResponseParser parser{1'024, is_head};
  Answer made;
  std::string unread;
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    unread += bytes.substr(at, size);
    unread.erase(0, parser.put(unread));
    made.body += parser.take_piece();
  }
  parser.put_end();
  made.state = parser.state();
  made.status = parser.status();
  made.keep_alive = parser.keep_alive();
  return made;
}

TEST_CASE("a peer's answer ends where it says") {
  using Answered = ResponseParser::State;
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  for (const std::size_t size : {1UL, 7UL, 1'000UL}) {
    CAPTURE(size);
    const Answer known = answer(ok + "Content-Length: 3\r\n\r\nabc", size);
    CHECK(known.state == Answered::Complete);
    CHECK(known.status == 200);
    CHECK(known.body == "abc");
    CHECK(known.keep_alive);
    CHECK(answer(ok + "Content-Length: 4\r\n\r\nabc", size).state == Answered::Broken);
    const Answer chunks =
        answer(ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", size);
    CHECK(chunks.state == Answered::Complete);
    CHECK(chunks.body == "abc");
    const std::string cut = ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
    CHECK(answer(cut, size).state == Answered::Broken);
    const Answer until_end = answer(ok + "\r\nabc", size);
    CHECK(until_end.state == Answered::Complete);
    CHECK(until_end.body == "abc");
    CHECK_FALSE(until_end.keep_alive);
    CHECK(answer(ok + "Content-Length: 9\r\n\r\n", size, true).state == Answered::Complete);
    CHECK(answer("HTTP/1.1 304 \r\nContent-Length: 9\r\n\r\n", size).state == Answered::Complete);
    CHECK(answer("HTTP/1.1 100 Continue\r\n\r\n", size).status == 100);
    CHECK(answer("SSH-2.0-OpenSSH\r\n\r\n", size).state == Answered::Broken);
    CHECK(answer("HTTP/1.1 200", size).state == Answered::Broken);
  }
}

TEST_CASE("what speaks of one connection alone is not passed on") {
  std::vector<std::pair<std::string, std::string>> headers = {
      {"Host", "b.s3.localhost"},
      {"Connection", "close, X-Hop"},
      {"x-hop", "1"},
      {"Keep-Alive", "timeout=5"},
      {"TE", "trailers"},
      {"Transfer-Encoding", "chunked"},
      {"Content-Encoding", "aws-chunked"},
      {"x-amz-trailer", "x-amz-checksum-crc32"}};
  remove_hop_by_hop(headers);
  CHECK(headers == std::vector<std::pair<std::string, std::string>>{
                       {"Host", "b.s3.localhost"},
                       {"Content-Encoding", "aws-chunked"},
                       {"x-amz-trailer", "x-amz-checksum-crc32"}});
}

TEST_CASE("a reply is one piece, and says how it ends") {
  HttpReply reply;
  reply.content_type = "application/x-amz-json-1.0";
  reply.headers.emplace_back("x-amzn-RequestId", "1");
  reply.body = "{}";
  CHECK(to_bytes(reply, true, true, false) ==
        "HTTP/1.1 200 OK\r\nx-amzn-RequestId: 1\r\nContent-Type: application/x-amz-json-1.0\r\n"
        "Content-Length: 2\r\n\r\n{}");
  CHECK(to_bytes(reply, false, true, true) ==
        "HTTP/1.1 200 OK\r\nx-amzn-RequestId: 1\r\nContent-Type: application/x-amz-json-1.0\r\n"
        "Content-Length: 2\r\nConnection: close\r\n\r\n");
  HttpReply none;
  none.status = 204;
  CHECK(to_bytes(none, true, true, false) == "HTTP/1.1 204 No Content\r\n\r\n");
  CHECK(chunk("0123456789abcdef!") == "11\r\n0123456789abcdef!\r\n");
  CHECK(chunk("") == "0\r\n\r\n");
}

}  // namespace
}  // namespace presso::server
