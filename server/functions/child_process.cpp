// The program is started by vfork: fork would copy the page tables of a process that may hold
// gigabytes, posix_spawn cannot ask for a signal when presso dies. Until it runs the program, the
// child may only make system calls; everything they need is made before.
#include "server/functions/child_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/text.h"

namespace presso::server {
namespace {

using boost::system::error_code;

constexpr std::size_t kPipeBytes = 64 * 1024;
// A process that writes without end gets no more of the thread than this in one go.
constexpr int kDrainPieces = 4;
constexpr rlim_t kOpenFiles = 1024;  // AWS's limit

struct PipeEnds {
  int read = -1;
  int write = -1;
};

bool open_pipe(PipeEnds& pipe) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  pipe = {.read = ends[0], .write = ends[1]};
  return true;
}

void close_if_open(int descriptor) {
  if (descriptor >= 0) close(descriptor);
}

// What the child needs, as system calls take it.
struct Prepared {
  const char* folder;
  char* const* command;
  char* const* environment;
  int input;
  int output;
  int error;
  rlimit files;
};

[[noreturn]] void become_program(const Prepared& prepared, volatile int& failure) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setrlimit(RLIMIT_NOFILE, &prepared.files);
  dup2(prepared.input, STDIN_FILENO);
  dup2(prepared.output, STDOUT_FILENO);
  dup2(prepared.error, STDERR_FILENO);
  closefrom(STDERR_FILENO + 1);
  if (chdir(prepared.folder) == 0) {
    execve(prepared.command[0], prepared.command, prepared.environment);
  }
  failure = errno;
  _exit(127);
}

// A child of vfork has its parent's memory until it runs the program, so that a failure arrives.
__attribute__((noinline)) pid_t start_program(const Prepared& prepared, int& failure) {
  volatile int reason = 0;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t id = vfork();
  if (id == 0) become_program(prepared, reason);
  const int vfork_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  failure = id < 0 ? vfork_error : reason;
  return id;
}

std::vector<char*> pointers_of(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

Error system_error(int number) { return {"System", to_lower_ascii(std::strerror(number))}; }

}  // namespace

// The descriptors of one start; what is still here at its end is closed.
class ChildProcess::Spawn {
 public:
  Spawn() = default;
  ~Spawn() {
    for (const PipeEnds& pipe : {in_, out_, err_}) {
      close_if_open(pipe.read);
      close_if_open(pipe.write);
    }
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  Result<void> run(ChildProcess& child, const Launch& launch) {
    if (!open_pipe(in_) || !open_pipe(out_) || !open_pipe(err_)) return system_error(errno);
    // A pipe takes this much before anyone reads.
    const ssize_t written = write(in_.write, launch.input.data(), launch.input.size());
    if (written != static_cast<ssize_t>(launch.input.size())) return system_error(E2BIG);
    std::vector<std::string> command = launch.command;
    std::vector<std::string> environment = launch.environment;
    const std::vector<char*> command_pointers = pointers_of(command);
    const std::vector<char*> environment_pointers = pointers_of(environment);
    Prepared prepared{.folder = launch.folder.c_str(),
                      .command = command_pointers.data(),
                      .environment = environment_pointers.data(),
                      .input = in_.read,
                      .output = out_.write,
                      .error = err_.write,
                      .files = {}};
    getrlimit(RLIMIT_NOFILE, &prepared.files);
    prepared.files.rlim_cur = std::min(prepared.files.rlim_cur, kOpenFiles);
    int failure = 0;
    const pid_t id = start_program(prepared, failure);
    if (id < 0) return system_error(failure);
    child.id_ = id;
    if (failure != 0) return system_error(failure);
    return adopt(child);
  }

 private:
  Result<void> adopt(ChildProcess& child) {
    const auto watched = static_cast<int>(syscall(SYS_pidfd_open, child.id_, 0));
    if (watched < 0) return system_error(errno);
    error_code error;
    child.exit_.assign(watched, error);
    if (!error) child.out_.assign(std::exchange(out_.read, -1), error);
    if (!error) child.err_.assign(std::exchange(err_.read, -1), error);
    if (!error) child.out_.non_blocking(true, error);
    if (!error) child.err_.non_blocking(true, error);
    if (error) return Error{"System", error.message()};
    return {};
  }

  PipeEnds in_;
  PipeEnds out_;
  PipeEnds err_;
};

ChildProcess::ChildProcess(boost::asio::io_context& io, Events events)
    : events_(std::move(events)), exit_(io), out_(io), err_(io) {}

ChildProcess::~ChildProcess() { end(); }

Result<std::shared_ptr<ChildProcess>> ChildProcess::start(boost::asio::io_context& io,
                                                          const Launch& launch, Events events) {
  struct Made : ChildProcess {
    Made(boost::asio::io_context& own, Events its) : ChildProcess(own, std::move(its)) {}
  };
  std::shared_ptr<ChildProcess> child = std::make_shared<Made>(io, std::move(events));
  const Result<void> started = Spawn{}.run(*child, launch);
  if (!started) return started.error();
  child->watch_exit();
  child->read(child->out_);
  child->read(child->err_);
  return child;
}

void ChildProcess::watch_exit() {
  exit_.async_wait(Descriptor::wait_read, [self = shared_from_this()](error_code error) {
    if (error || self->id_ < 0) return;
    const int status = self->reap();
    self->drain();
    // A process that left the group may hold the pipes open for as long as it likes.
    self->out_.close(error);
    self->err_.close(error);
    self->exit_.close(error);
    self->events_.exited(status);
    self->events_ = {};
  });
}

void ChildProcess::read(Descriptor& from) {
  from.async_wait(Descriptor::wait_read, [self = shared_from_this(), &from](error_code error) {
    if (error || !from.is_open()) return;
    self->take(from);
    if (from.is_open()) self->read(from);
  });
}

// What is there, up to a pipe's capacity; closes it when there will be no more.
std::size_t ChildProcess::take(Descriptor& from) {
  std::array<char, kPipeBytes> buffer;
  error_code error;
  const std::size_t size = from.read_some(boost::asio::buffer(buffer), error);
  if (error && error != boost::asio::error::would_block) from.close(error);
  if (size > 0 && events_.output) events_.output(std::string_view{buffer.data(), size});
  return size;
}

void ChildProcess::drain() {
  for (Descriptor* each : {&out_, &err_}) {
    for (int i = 0; i < kDrainPieces && each->is_open(); ++i) {
      if (take(*each) == 0) break;
    }
  }
}

void ChildProcess::kill() {
  if (id_ > 0) ::kill(-id_, SIGKILL);
}

void ChildProcess::end() {
  if (id_ <= 0) return;
  kill();
  reap();
  error_code ignored;
  exit_.close(ignored);
  out_.close(ignored);
  err_.close(ignored);
  events_ = {};
}

// Its id is its group's, and nobody else's for as long as it is not reaped.
int ChildProcess::reap() {
  siginfo_t seen{};
  while (waitid(P_PID, static_cast<id_t>(id_), &seen, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  ::kill(-id_, SIGKILL);
  int status = 0;
  while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  id_ = -1;
  return status;
}

}  // namespace presso::server
