// One TCP connection on a descriptor of our own: connects, reads what comes, writes what is left over as soon
// as the peer takes it. Own descriptor, because uv_write raises SIGPIPE, which a library must not (uv_stream
// of 1.44 calls write(2); send(2) has MSG_NOSIGNAL).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <uv.h>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/effects.h"

#include "runtime/descriptor.h"
#include "runtime/handle.h"

namespace gossip::runtime {

class Connection {
 public:
  // What became of a connection at its last turn.
  enum class Turn : std::uint8_t {
    Nothing,  // go on waiting
    Opened,
    Received,  // `received` bytes are in the buffer
    Ended,     // as `end` says
  };
  struct Progress {
    Turn turn = Turn::Nothing;
    std::size_t received = 0;
    StreamEnd end = StreamEnd::Closed;
  };

  // `ready(owner, connection)`: something can be done on the connection; call `advance`. The last thing in a
  // callback, so the connection may be destroyed there.
  using Ready = void (*)(void* owner, Connection& connection);
  Connection(StreamId id, Ready ready, void* owner) : id_(id), ready_(ready), owner_(owner) {}

  // The two ways to begin. What went wrong, if anything did at once. `from`: the address of this host that the peer is
  // to see, if it is of the same family and still ours; else, and for nullptr, the system chooses one.
  [[nodiscard]] std::optional<StreamEnd> connect(uv_loop_t* loop, HandleCount& count,
                                                 const Address& to, const IpAddress* from);
  [[nodiscard]] std::optional<StreamEnd> adopt(uv_loop_t* loop, HandleCount& count,
                                               Descriptor socket);

  // Does what the socket is ready for, reading at most once, into `buffer`.
  [[nodiscard]] Progress advance(std::span<std::uint8_t> buffer);
  // Sends at once what fits and keeps the rest. A broken connection shows at the next `advance`.
  void write(ByteView bytes);
  // Reads no more; `advance` says Ended when everything has left.
  void finish();

  [[nodiscard]] StreamId id() const { return id_; }
  [[nodiscard]] bool is_connecting() const { return state_ == State::Connecting; }
  [[nodiscard]] bool has_unsent() const { return sent_ < unsent_.size(); }

 private:
  enum class State : std::uint8_t { Connecting, Open, Finishing };

  std::optional<StreamEnd> watch(uv_loop_t* loop, HandleCount& count);
  void poll();
  [[nodiscard]] Progress finish_connect();
  [[nodiscard]] Progress read(std::span<std::uint8_t> buffer);
  void send_unsent();
  std::size_t send_some(ByteView bytes);

  StreamId id_;
  Ready ready_;
  void* owner_;
  Descriptor socket_;  // outlives poll_, which refers to it
  Handle<uv_poll_t> poll_;
  State state_ = State::Connecting;
  bool broken_ = false;  // a write failed
  int polled_ = 0;       // uv_poll_event bits
  Bytes unsent_;
  std::size_t sent_ = 0;  // of `unsent_`
};

}  // namespace gossip::runtime
