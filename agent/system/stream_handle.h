// A Unix or a TCP stream of libuv's, of which a listener and each of its clients have one.
#pragma once

#include <cstdint>

#include <uv.h>

#include "runtime/handle.h"

namespace gossip::agent {

enum class Transport : std::uint8_t { Unix, Tcp };

class StreamHandle {
 public:
  // As runtime::Handle's: libuv's code, 0 is success; `owner` is what callbacks find by owner_of, `count` outlives the
  // handle's memory.
  [[nodiscard]] int open(uv_loop_t* loop, runtime::HandleCount& count, void* owner,
                         Transport transport);
  // Takes over a socket, which is libuv's from then on if the code is 0.
  [[nodiscard]] int adopt(int descriptor);
  // No byte of ours follows; what was written before still leaves. libuv's code.
  [[nodiscard]] int end();
  void close();

  // Of an open one.
  [[nodiscard]] uv_stream_t* get() const;
  [[nodiscard]] Transport transport() const { return transport_; }

 private:
  Transport transport_ = Transport::Unix;
  runtime::Handle<uv_pipe_t> pipe_;
  runtime::Handle<uv_tcp_t> tcp_;
};

}  // namespace gossip::agent
