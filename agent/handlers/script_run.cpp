#include "agent/handlers/script_run.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <memory>
#include <utility>

#include <sys/wait.h>

#include "base/go_duration.h"

namespace gossip::agent {
namespace {

using runtime::Descriptor;
using runtime::HandleCount;
using runtime::owner_of;

constexpr const char* kOwnProgram =
    "/proc/self/exe";  // also after an upgrade has replaced the file

tl::unexpected<Error> trouble(int code) {
  return fail(ErrorCode::System, uv_strerror(code));
}

// "killed", "terminated".
std::string signal_text(int signal) {
  const char* const known = sigdescr_np(signal);
  std::string text = known == nullptr ? std::to_string(signal) : known;
  std::transform(text.begin(), text.begin() + 1, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

enum class Flow : std::uint8_t { ToChild, FromChild };

// A real pipe, unlike libuv's own for children, which is a socket: scripts open /dev/stderr.
int open_pipe(uv_loop_t* loop, HandleCount& handles, void* owner, Flow flow,
              runtime::Handle<uv_pipe_t>& ours, Descriptor& theirs) {
  std::array<uv_file, 2> ends{};
  const bool reads = flow == Flow::ToChild;
  int code = uv_pipe(ends.data(), reads ? 0 : UV_NONBLOCK_PIPE, reads ? UV_NONBLOCK_PIPE : 0);
  if (code != 0) return code;
  theirs = Descriptor(reads ? ends[0] : ends[1]);
  Descriptor mine(reads ? ends[1] : ends[0]);
  code = ours.open(handles, owner, [loop](uv_pipe_t* pipe) { return uv_pipe_init(loop, pipe, 0); });
  if (code != 0) return code;
  code = uv_pipe_open(ours.get(), mine.get());
  if (code == 0) (void)mine.release();
  return code;
}

}  // namespace

ScriptRun::ScriptRun(Owner& owner, ScriptTask task)
    : owner_(&owner),
      task_(std::move(task)),
      output_(task_.output_limit),
      errors_(task_.output_limit) {}

Expected<void> ScriptRun::start(uv_loop_t* loop, HandleCount& handles) {
  ChildEnds ends;
  Expected<void> opened = open_pipes(loop, handles, ends);
  if (opened) opened = spawn(loop, handles, ends);
  if (!opened) {
    close_all();
    return opened;
  }
  started_ = runtime::loop_now();
  write_input();
  read_from(stdout_.get());
  read_from(stderr_.get());
  read_from(lifeline_.get());
  arm_timer();
  return {};
}

Expected<void> ScriptRun::open_pipes(uv_loop_t* loop, HandleCount& handles, ChildEnds& ends) {
  auto& [input, output, errors] = ends.standard;
  int code = timer_.open(
      loop, handles, [](void* self) { static_cast<ScriptRun*>(self)->time_passed(); }, this);
  if (code == 0) code = open_pipe(loop, handles, this, Flow::ToChild, stdin_, input);
  if (code == 0) code = open_pipe(loop, handles, this, Flow::FromChild, stdout_, output);
  if (code == 0) code = open_pipe(loop, handles, this, Flow::FromChild, stderr_, errors);
  if (code == 0) {
    code = lifeline_.open(handles, this,
                          [loop](uv_pipe_t* pipe) { return uv_pipe_init(loop, pipe, 0); });
  }
  if (code != 0) return trouble(code);
  return {};
}

Expected<void> ScriptRun::spawn(uv_loop_t* loop, HandleCount& handles, const ChildEnds& ends) {
  std::array<uv_stdio_container_t, 4> stdio{};
  for (std::size_t i = 0; i < ends.standard.size(); ++i) {
    stdio[i].flags = UV_INHERIT_FD;
    stdio[i].data.fd = ends.standard[i].get();
  }
  static_assert(kLifelineDescriptor == 3);
  stdio[3].flags =
      static_cast<uv_stdio_flags>(UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE);
  stdio[3].data.stream = reinterpret_cast<uv_stream_t*>(lifeline_.get());
  std::vector<char*> environment;
  for (std::string& variable : task_.environment)
    environment.push_back(variable.data());
  environment.push_back(nullptr);
  std::string name = "gossipd";
  std::string flag = kRunHandlerFlag;
  std::array<char*, 4> arguments{name.data(), flag.data(), task_.command.data(), nullptr};

  uv_process_options_t options{};
  options.file = kOwnProgram;
  options.args = arguments.data();
  options.env = environment.data();
  options.flags = UV_PROCESS_DETACHED;  // a session and so a group of its own
  options.stdio_count = static_cast<int>(stdio.size());
  options.stdio = stdio.data();
  options.exit_cb = [](uv_process_t* process, std::int64_t /*status*/, int signal) {
    owner_of<ScriptRun>(process).process_ended(signal);
  };
  // The loop knows the handle of a process also if there is none in the end.
  int code = 0;
  (void)process_.open(handles, this, [&](uv_process_t* process) {
    code = uv_spawn(loop, process, &options);
    return 0;
  });
  if (code != 0) return trouble(code);
  return {};
}

void ScriptRun::close_all() {
  process_.close();
  lifeline_.close();
  stdin_.close();
  stdout_.close();
  stderr_.close();
  timer_.close();
}

// Whether a command reads its input is its own business, so a failure is none.
void ScriptRun::write_input() {
  if (task_.input.empty()) return stdin_.close();
  struct Write {
    uv_write_t request{};
    Bytes bytes;
  };
  auto write = std::make_unique<Write>();
  write->bytes = std::exchange(task_.input, {});
  write->request.data = write.get();
  const uv_buf_t buffer = uv_buf_init(reinterpret_cast<char*>(write->bytes.data()),
                                      static_cast<unsigned>(write->bytes.size()));
  const int code = uv_write(&write->request, reinterpret_cast<uv_stream_t*>(stdin_.get()), &buffer,
                            1, [](uv_write_t* request, int status) {
                              const std::unique_ptr<Write> done(static_cast<Write*>(request->data));
                              // Cancelled: the handle was closed, and its owner may be gone.
                              if (status == UV_ECANCELED) return;
                              owner_of<ScriptRun>(request->handle).stdin_.close();
                            });
  if (code != 0) return stdin_.close();
  (void)write.release();
}

void ScriptRun::read_from(uv_pipe_t* pipe) {
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(pipe),
      [](uv_handle_t* handle, std::size_t /*suggested*/, uv_buf_t* buffer) {
        auto& self = owner_of<ScriptRun>(handle);
        *buffer = uv_buf_init(self.buffer_.data(), static_cast<unsigned>(self.buffer_.size()));
      },
      [](uv_stream_t* stream, ssize_t count, const uv_buf_t* /*buffer*/) {
        if (count != 0) owner_of<ScriptRun>(stream).received(stream, count);
      });
}

void ScriptRun::received(uv_stream_t* stream, ssize_t count) {
  const auto is = [stream](const runtime::Handle<uv_pipe_t>& pipe) {
    return pipe.is_open() && stream == reinterpret_cast<uv_stream_t*>(pipe.get());
  };
  if (is(lifeline_)) return supervisor_told(count);
  const bool output = is(stdout_);
  if (count < 0) {
    (output ? stdout_ : stderr_).close();
    return end_if_over();
  }
  (output ? output_ : errors_).append({buffer_.data(), static_cast<std::size_t>(count)});
  if (task_.excess == ScriptTask::Excess::End && !output_.is_whole() && !flooded_) {
    flooded_ = true;
    terminate();
  }
}

void ScriptRun::supervisor_told(ssize_t count) {
  if (count < 0) {
    lifeline_.close();
  } else if (count == sizeof(ShellEnd)) {
    std::memcpy(&shell_end_.emplace(), buffer_.data(), sizeof(ShellEnd));
  }
  end_if_over();
}

void ScriptRun::process_ended(int signal) {
  supervisor_signal_ = signal;
  process_.close();
  end_if_over();
}

void ScriptRun::end_if_over() {
  const bool silent = !stdout_.is_open() && !stderr_.is_open();
  // Without its supervisor a run cannot be watched any more.
  if (!over_ && ((shell_end_ && silent) || (!shell_end_ && is_gone()))) return end();
  if (over_ && is_gone()) owner_->run_gone(*this);
}

void ScriptRun::end() {
  over_ = true;
  stdin_.close();
  stdout_.close();
  stderr_.close();
  if (!terminated_) timer_.arm(std::nullopt);
  const bool gone = is_gone();
  owner_->run_over(*this);
  if (gone) owner_->run_gone(*this);
}

void ScriptRun::signal_group(int signal) {
  if (process_.is_open()) ::kill(-process_.get()->pid, signal);
}

void ScriptRun::terminate() {
  if (terminated_) return;
  terminated_ = runtime::loop_now();
  signal_group(SIGTERM);
  arm_timer();
}

void ScriptRun::abandon() {
  signal_group(SIGKILL);
  close_all();
}

void ScriptRun::arm_timer() {
  if (terminated_) return timer_.arm(*terminated_ + kTermToKill);
  const TimePoint limit = started_ + task_.time_limit;
  timer_.arm(said_slow_ ? limit : std::min(limit, started_ + kSlowRun));
}

void ScriptRun::time_passed() {
  const TimePoint now = runtime::loop_now();
  if (terminated_) {
    signal_group(SIGKILL);
    if (!over_) end();
    return;
  }
  if (now >= started_ + task_.time_limit) {
    timed_out_ = true;
    shell_ended_in_time_ = shell_end_.has_value();
    return terminate();
  }
  said_slow_ = true;
  owner_->run_slow(*this);
  arm_timer();
}

std::string ScriptRun::failure() const {
  if (flooded_) {
    return "it wrote more than " + std::to_string(task_.output_limit) + " bytes";
  }
  if (timed_out_) {
    return "timed out after " + base::format_go_duration(task_.time_limit) +
           (shell_ended_in_time_ ? ", something in its background held its output open" : "");
  }
  if (!shell_end_) {
    return supervisor_signal_ != 0
               ? "its supervisor ended: signal: " + signal_text(supervisor_signal_)
               : "it could not be started";
  }
  const int status = shell_end_->wait_status;
  if (WIFSIGNALED(status)) return "signal: " + signal_text(WTERMSIG(status));
  if (WEXITSTATUS(status) == 0) return {};
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace gossip::agent
