// ChildProcess: a program of somebody else's, in a process group of its own. What it writes is
// handed on; when it ends, or is ended, everything of its group ends with it, and it is reaped. It
// does not outlive presso, however that ends.
//
// Touched on the io_context's one thread only.
#pragma once

#include <sys/types.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace boost::asio {
class io_context;
}

namespace presso::server {

struct Launch {
  std::vector<std::string> command;      // command[0]: a path
  std::string folder;                    // it runs in
  std::vector<std::string> environment;  // "NAME=value"
  std::string_view input;                // all of its standard input, at most 64 KiB
};

class ChildProcess : public std::enable_shared_from_this<ChildProcess> {
 public:
  struct Events {
    std::function<void(std::string_view)> output;  // of both its outputs, as it comes
    std::function<void(int wait_status)> exited;   // once, after the last output
  };

  // Error: the system's word for why the program did not start ("no such file or directory").
  [[nodiscard]] static Result<std::shared_ptr<ChildProcess>> start(boost::asio::io_context&,
                                                                   const Launch&, Events);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] pid_t id() const { return id_; }
  // Hands on what it has written so far.
  void drain();
  // Ends the whole group; `exited` follows.
  void kill();
  // Ends the whole group and waits for it; `exited` does not follow.
  void end();

 private:
  class Spawn;
  using Descriptor = boost::asio::posix::stream_descriptor;

  ChildProcess(boost::asio::io_context&, Events);
  void watch_exit();
  void read(Descriptor&);
  std::size_t take(Descriptor&);
  int reap();

  Events events_;
  pid_t id_ = -1;  // -1: reaped
  Descriptor exit_;
  Descriptor out_;
  Descriptor err_;
};

}  // namespace presso::server
