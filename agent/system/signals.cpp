#include "agent/system/signals.h"

namespace gossip::agent {

Expected<void> Signals::open(uv_loop_t* loop, runtime::HandleCount& count, Caught caught) {
  caught_ = std::move(caught);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a snapshot beyond the size limit fails like one on a full disk
  const auto on_signal = [](uv_signal_t* handle, int signal) {
    runtime::owner_of<Signals>(handle).caught_(signal);
  };
  for (std::size_t i = 0; i < kWatched.size(); ++i) {
    int code = handles_[i].open(count, this,
                                [&](uv_signal_t* handle) { return uv_signal_init(loop, handle); });
    if (code == 0) code = uv_signal_start(handles_[i].get(), on_signal, kWatched[i]);
    if (code != 0) {
      close();
      return fail(ErrorCode::System, std::string("cannot watch signals: ") + uv_strerror(code));
    }
  }
  return {};
}

void Signals::close() {
  for (runtime::Handle<uv_signal_t>& handle : handles_)
    handle.close();
}

std::string_view signal_name(int signal) {
  switch (signal) {
    case SIGINT: return "interrupt";
    case SIGTERM: return "terminated";
    case SIGHUP: return "hangup";
    case SIGUSR1: return "user defined signal 1";
    case SIGUSR2: return "user defined signal 2";
    default: return "unknown";
  }
}

}  // namespace gossip::agent
