#include "server/functions/sandbox.h"

#include <sys/wait.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "base/json.h"
#include "base/text.h"
#include "server/clock.h"

namespace presso::server {
namespace {

constexpr std::string_view kAccepted = R"({"status":"OK"})";

std::string runtime_refusal(std::string_view type, std::string_view message) {
  Json refusal = Json::object();
  refusal["errorMessage"] = std::string{message};
  refusal["errorType"] = std::string{type};
  return dump_json(refusal);
}

std::string milliseconds_text(std::chrono::steady_clock::duration time) {
  std::array<char, 32> text{};
  const double count = std::chrono::duration<double, std::milli>(time).count();
  std::snprintf(text.data(), text.size(), "%.2f", count);
  return text.data();
}

// The largest memory that the process had, in MB; 0 when nobody knows.
long peak_memory_mb(pid_t id) {
  std::ifstream status("/proc/" + std::to_string(id) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + 6) / 1024;
  }
  return 0;
}

}  // namespace

std::string fault_payload(std::string_view type, std::string_view request_id,
                          std::string_view text) {
  Json fault = Json::object();
  fault["errorType"] = std::string{type};
  fault["errorMessage"] = "RequestId: " + std::string{request_id} + " Error: " + std::string{text};
  return dump_json(fault);
}

std::string exit_text(int wait_status) {
  const std::string begin = "Runtime exited with error: ";
  if (WIFSIGNALED(wait_status)) {
    return begin + "signal: " + to_lower_ascii(strsignal(WTERMSIG(wait_status)));
  }
  const int status = WEXITSTATUS(wait_status);
  if (status == 0) return "Runtime exited without providing a reason";
  return begin + "exit status " + std::to_string(status);
}

std::string timeout_text(Duration timeout) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", static_cast<double>(timeout.count()) / 1000);
  return "Task timed out after " + std::string{text.data()} + " seconds";
}

std::string InitFailure::payload_for(const Invocation& invocation) const {
  return payload.empty() ? fault_payload(type, invocation.request_id, text) : payload;
}

Sandbox::Sandbox(Setup setup) : setup_(std::move(setup)), timer_(setup_.io) {}

void Sandbox::start() {
  const auto self = weak_from_this();
  const auto fail_later = [&](std::string type, std::string text) {
    boost::asio::post(setup_.io, [self, type = std::move(type), text = std::move(text)] {
      if (const auto here = self.lock()) here->fail_init({.type = type, .text = text});
    });
  };
  began_ = Clock::now();
  auto listener =
      RuntimeListener::open(setup_.io, [self](RuntimeRequest request, const RuntimeReply& reply) {
        if (const auto here = self.lock()) here->handle(std::move(request), reply);
      });
  if (!listener) return fail_later("Runtime.Unknown", listener.error().message);
  listener_ = std::move(*listener);
  const Result<Launch> launch = setup_.launch(listener_->port());
  if (!launch) return fail_later("Runtime.InvalidEntrypoint", launch.error().message);
  auto child = ChildProcess::start(setup_.io, *launch,
                                   {.output =
                                        [self](std::string_view bytes) {
                                          if (const auto here = self.lock()) here->on_output(bytes);
                                        },
                                    .exited =
                                        [self](int wait_status) {
                                          if (const auto here = self.lock())
                                            here->on_exit(wait_status);
                                        }});
  if (!child) {
    return fail_later("Runtime.InvalidEntrypoint",
                      "fork/exec " + launch->command.front() + ": " + child.error().message);
  }
  child_ = std::move(*child);
  expect(setup_.is_second_init ? setup_.settings.timeout : setup_.limits.init);
}

bool Sandbox::give(const Invocation& invocation, InvocationDone done) {
  if (!next_->is_there()) {
    // It has closed the connection, and asks again or ends.
    next_.reset();
    state_ = State::Answered;
    expect(setup_.settings.timeout);
    return false;
  }
  invocation_ = invocation;
  done_ = std::move(done);
  state_ = State::Busy;
  Duration patience = setup_.settings.timeout;
  if (init_time_) {
    if (setup_.is_second_init) patience -= std::chrono::duration_cast<Duration>(*init_time_);
  } else {
    tail_.clear();
  }
  const Time deadline = system_now() + patience;
  tail_.add("START RequestId: " + invocation.request_id + " Version: $LATEST");
  RuntimeReply::Headers headers = {
      {"Lambda-Runtime-Aws-Request-Id", invocation.request_id},
      {"Lambda-Runtime-Deadline-Ms", std::to_string(epoch_ms(deadline))},
      {"Lambda-Runtime-Invoked-Function-Arn", invocation.arn},
      {"Lambda-Runtime-Trace-Id", invocation.trace_id}};
  if (!invocation.client_context.empty()) {
    headers.emplace_back("Lambda-Runtime-Client-Context", invocation.client_context);
  }
  began_ = Clock::now();
  expect(patience);
  next_->send(200, invocation.payload, headers);
  next_.reset();
  invocation_.payload.clear();
  return true;
}

void Sandbox::end() {
  state_ = State::Gone;
  timer_.cancel();
  listener_.reset();
  if (child_) child_->kill();
}

// ---- what the process says ----

void Sandbox::handle(RuntimeRequest request, const RuntimeReply& reply) {
  if (state_ == State::Gone) return;
  std::visit([&](auto& what) { on(std::move(what), reply); }, request);
}

void Sandbox::on(const NextInvocation&, const RuntimeReply& reply) {
  if (state_ == State::Busy) {
    const std::string text = "Transition from Running to Ready is not allowed";
    return reply.send(403, runtime_refusal("InvalidStateTransition", text));
  }
  next_ = reply;
  if (state_ == State::Starting) init_time_ = Clock::now() - began_;
  const bool was_ready = state_ == State::Ready;
  state_ = State::Ready;
  expect(setup_.limits.idle);
  if (!was_ready) setup_.ready(*this);
}

bool Sandbox::accept_answer(const std::string& request_id, const RuntimeReply& reply) {
  if (request_id != invocation_.request_id || invocation_.request_id.empty()) {
    reply.send(400, runtime_refusal("InvalidRequestID", "Invalid request ID"));
    return false;
  }
  if (state_ != State::Busy) {
    const std::string text = "The invocation has been answered already";
    reply.send(403, runtime_refusal("InvalidStateTransition", text));
    return false;
  }
  return true;
}

void Sandbox::on(InvocationAnswer answer, const RuntimeReply& reply) {
  if (!accept_answer(answer.request_id, reply)) return;
  if (answer.body.size() > kFunctionResponseBytes) return refuse_oversize(reply);
  reply.send(202, std::string{kAccepted});
  finish({.is_error = false, .payload = std::move(answer.body)}, "");
}

void Sandbox::on(InvocationFault fault, const RuntimeReply& reply) {
  if (!accept_answer(fault.request_id, reply)) return;
  if (fault.body.size() > kFunctionResponseBytes) return refuse_oversize(reply);
  reply.send(202, std::string{kAccepted});
  if (fault.body.empty()) {
    Json made = Json::object();
    made["errorType"] = fault.error_type;
    fault.body = dump_json(made);
  }
  finish({.is_error = true, .payload = std::move(fault.body)}, "");
}

void Sandbox::on(InitFault fault, const RuntimeReply& reply) {
  if (state_ != State::Starting) {
    const std::string text = "Transition from Running to InitError is not allowed";
    return reply.send(403, runtime_refusal("InvalidStateTransition", text));
  }
  reply.send(202, std::string{kAccepted});
  fail_init({.type = fault.error_type, .text = "", .payload = std::move(fault.body)});
}

void Sandbox::on(const OversizeBody&, const RuntimeReply& reply) {
  if (state_ == State::Busy) return refuse_oversize(reply);
  reply.send(413, runtime_refusal("RequestEntityTooLarge", "The request is too large"));
}

void Sandbox::refuse_oversize(const RuntimeReply& reply) {
  const std::string limit = std::to_string(kFunctionResponseBytes) + " bytes).";
  reply.send(413, runtime_refusal("RequestEntityTooLarge",
                                  "Exceeded maximum allowed payload size (" + limit));
  const std::string text = "Response payload size exceeded maximum allowed payload size (" + limit;
  Json fault = Json::object();
  fault["errorType"] = "Function.ResponseSizeTooLarge";
  fault["errorMessage"] = text;
  finish({.is_error = true, .payload = dump_json(fault)}, "Function.ResponseSizeTooLarge");
}

// ---- what happens to it ----

void Sandbox::on_output(std::string_view bytes) {
  lines_.put(bytes, [this](std::string_view line) { say(line); });
}

void Sandbox::say(std::string_view line) {
  tail_.add(line);
  std::string text = setup_.settings.name;
  if (!invocation_.request_id.empty()) text.append(" ").append(invocation_.request_id);
  setup_.log.print(text.append(" ").append(line));
}

void Sandbox::on_exit(int wait_status) {
  if (state_ == State::Gone) return;
  const std::string text = exit_text(wait_status);
  if (state_ == State::Starting) {
    return fail_init({.type = "Runtime.ExitError", .text = text});
  }
  if (state_ == State::Busy) {
    say("RequestId: " + invocation_.request_id + " Error: " + text);
    say("Runtime.ExitError");
    finish({.is_error = true,
            .payload = fault_payload("Runtime.ExitError", invocation_.request_id, text)},
           "error\tError Type: Runtime.ExitError");
  }
  leave(std::nullopt);
}

void Sandbox::on_deadline() {
  const std::string text = timeout_text(setup_.settings.timeout);
  switch (state_) {
    case State::Starting:
      return fail_init({.is_timeout = true, .type = "Sandbox.Timedout", .text = text});
    case State::Busy:
      child_->drain();
      say(to_iso_milliseconds(system_now()) + " " + invocation_.request_id + " " + text);
      finish({.is_error = true,
              .payload = fault_payload("Sandbox.Timedout", invocation_.request_id, text)},
             "timeout");
      return leave(std::nullopt);
    case State::Answered:
    case State::Ready: return leave(std::nullopt);
    case State::Gone: return;
  }
}

void Sandbox::expect(Duration patience) {
  timer_.expires_after(patience);
  timer_.async_wait([self = weak_from_this()](boost::system::error_code error) {
    const auto here = error ? nullptr : self.lock();
    if (!here) return;
    // One that was moved while this was on its way.
    if (here->timer_.expiry() > Clock::now()) return;
    here->on_deadline();
  });
}

std::string Sandbox::report(std::string_view status) const {
  const auto time = Clock::now() - began_;
  const auto billed = std::chrono::ceil<std::chrono::milliseconds>(time).count();
  std::string text = "REPORT RequestId: " + invocation_.request_id;
  text += "\tDuration: " + milliseconds_text(time) + " ms";
  text += "\tBilled Duration: " + std::to_string(billed) + " ms";
  text += "\tMemory Size: " + std::to_string(setup_.settings.memory_mb) + " MB";
  text += "\tMax Memory Used: " + std::to_string(peak_memory_mb(child_->id())) + " MB\t";
  if (init_time_) text += "Init Duration: " + milliseconds_text(*init_time_) + " ms\t";
  if (!status.empty()) text.append("Status: ").append(status);
  return text;
}

void Sandbox::finish(InvocationResult result, std::string_view status) {
  child_->drain();
  lines_.flush([this](std::string_view line) { say(line); });
  if (invocation_.wants_log_tail) {
    tail_.add("END RequestId: " + invocation_.request_id);
    tail_.add(report(status));
    result.log_tail = tail_.take();
  }
  init_time_.reset();
  state_ = State::Answered;
  const InvocationDone done = std::exchange(done_, nullptr);
  done(std::move(result));
}

void Sandbox::fail_init(InitFailure failure) {
  if (state_ == State::Gone) return;
  if (child_) child_->drain();
  lines_.flush([this](std::string_view line) { say(line); });
  failure.log_tail = tail_.take();
  leave(std::move(failure));
}

void Sandbox::leave(std::optional<InitFailure> failure) {
  state_ = State::Gone;
  const auto self = shared_from_this();
  timer_.cancel();
  listener_.reset();
  if (child_) child_->kill();
  setup_.gone(*this, std::move(failure));
}

}  // namespace presso::server
