#include "agent/system/orphans.h"

#include <cerrno>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

namespace gossip::agent {
namespace {

struct Wanted {
  pid_t pid = 0;
  bool is_of_loop = false;
};

bool loop_waits_for(uv_loop_t* loop, pid_t pid) {
  Wanted wanted{pid};
  uv_walk(
      loop,
      [](uv_handle_t* handle, void* data) {
        auto& looked_for = *static_cast<Wanted*>(data);
        if (handle->type != UV_PROCESS) return;
        const auto* process = reinterpret_cast<const uv_process_t*>(handle);
        if (uv_process_get_pid(process) == looked_for.pid) looked_for.is_of_loop = true;
      },
      &wanted);
  return wanted.is_of_loop;
}

}  // namespace

Expected<void> Orphans::open(uv_loop_t* loop, runtime::HandleCount& handles) {
  if (::getpid() != 1) return {};
  int code =
      soon_.open(handles, this, [&](uv_timer_t* timer) { return uv_timer_init(loop, timer); });
  if (code == 0) {
    code = child_ended_.open(handles, this,
                             [&](uv_signal_t* signal) { return uv_signal_init(loop, signal); });
  }
  // The loop takes its own children at the same signal; what is left a moment later is an orphan.
  const auto ended = [](uv_signal_t* signal, int /*number*/) {
    auto& self = runtime::owner_of<Orphans>(signal);
    uv_timer_start(
        self.soon_.get(), [](uv_timer_t* timer) { runtime::owner_of<Orphans>(timer).reap(); }, 1,
        0);
  };
  if (code == 0) code = uv_signal_start(child_ended_.get(), ended, SIGCHLD);
  if (code == 0) return {};
  close();
  return fail(ErrorCode::System, std::string("cannot watch for orphans: ") + uv_strerror(code));
}

void Orphans::close() {
  child_ended_.close();
  soon_.close();
}

void Orphans::reap() {
  for (;;) {
    siginfo_t child{};
    // Looks without taking: the loop's own must find theirs.
    if (::waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) != 0 || child.si_pid == 0) return;
    // Its signal is on the way, and rings again.
    if (loop_waits_for(soon_.get()->loop, child.si_pid)) return;
    ::waitpid(child.si_pid, nullptr, WNOHANG);
  }
}

}  // namespace gossip::agent
