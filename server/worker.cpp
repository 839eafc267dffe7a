#include "server/worker.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "server/store/sqlite_reader.h"

namespace presso::server {

namespace net = boost::asio;

class Worker::Waiting {
 public:
  virtual ~Waiting() = default;
  virtual void resume(core::Answer) = 0;
};

template <class Handler>
class Worker::WaitingFor final : public Waiting {
 public:
  explicit WaitingFor(Handler handler) : handler_(std::move(handler)) {}
  void resume(core::Answer answer) override { std::move(handler_)(std::move(answer)); }

 private:
  Handler handler_;
};

Worker::Worker(Setup setup)
    : setup_(std::move(setup)),
      work_(io_.get_executor()),
      entropy_(setup_.seed),
      feed_(io_.get_executor()),
      logs_(io_.get_executor()) {}

Worker::~Worker() {
  stop();
  join();
}

void Worker::start() {
  thread_ = std::thread{[this] { run(); }};
}
void Worker::run() { io_.run(); }
void Worker::stop() { io_.stop(); }
void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

Result<core::Reader*> Worker::reader() {
  if (!reader_) {
    Result<std::unique_ptr<SqliteReader>> opened = SqliteReader::open(setup_.database);
    if (!opened) return opened.error();
    reader_ = std::move(*opened);
  }
  return reader_.get();
}

RequestId Worker::next_request() { return {++last_request_ * setup_.count + setup_.index}; }

net::awaitable<core::Answer> Worker::reply_to(RequestId id) {
  const auto wait = [this, id](auto handler) {
    using Handler = decltype(handler);
    waiting_.emplace(id, std::make_unique<WaitingFor<Handler>>(std::move(handler)));
  };
  core::Answer answer =
      co_await net::async_initiate<const net::use_awaitable_t<>, void(core::Answer)>(
          wait, net::use_awaitable);
  co_return answer;
}

void Worker::deliver(core::Reply reply) {
  const auto found = waiting_.find(reply.request);
  if (found == waiting_.end()) return;
  const std::unique_ptr<Waiting> waiting = std::move(found->second);
  waiting_.erase(found);
  waiting->resume(std::move(reply.answer));
}

}  // namespace presso::server
