#include "agent/system/stream_handle.h"

#include <memory>

namespace gossip::agent {

int StreamHandle::open(uv_loop_t* loop, runtime::HandleCount& count, void* owner,
                       Transport transport) {
  transport_ = transport;
  if (transport == Transport::Unix) {
    return pipe_.open(count, owner,
                      [loop](uv_pipe_t* pipe) { return uv_pipe_init(loop, pipe, 0); });
  }
  return tcp_.open(count, owner, [loop](uv_tcp_t* tcp) { return uv_tcp_init(loop, tcp); });
}

int StreamHandle::adopt(int descriptor) {
  return transport_ == Transport::Unix ? uv_pipe_open(pipe_.get(), descriptor)
                                       : uv_tcp_open(tcp_.get(), descriptor);
}

// NOLINTNEXTLINE(readability-make-member-function-const): the stream changes
int StreamHandle::end() {
  auto request = std::make_unique<uv_shutdown_t>();
  const int code = uv_shutdown(request.get(), get(), [](uv_shutdown_t* done, int /*status*/) {
    const std::unique_ptr<uv_shutdown_t> gone(done);
  });
  if (code == 0) (void)request.release();
  return code;
}

void StreamHandle::close() {
  pipe_.close();
  tcp_.close();
}

uv_stream_t* StreamHandle::get() const {
  return transport_ == Transport::Unix ? reinterpret_cast<uv_stream_t*>(pipe_.get())
                                       : reinterpret_cast<uv_stream_t*>(tcp_.get());
}

}  // namespace gossip::agent
