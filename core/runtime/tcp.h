// The TCP side: the listener, and every connection by the stream id that the engine knows it by. Carries out
// what the engine asks for; how long a stream may idle, and how many there are, is the engine's to say.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include <uv.h>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/effects.h"
#include "gossip/time.h"

#include "runtime/connection.h"
#include "runtime/descriptor.h"
#include "runtime/handle.h"
#include "runtime/socket_receiver.h"

namespace gossip::runtime {

class Tcp {
 public:
  // `listener` listens and does not block. `receiver` outlives this.
  Tcp(Descriptor listener, SocketReceiver& receiver);
  Tcp(const Tcp&) = delete;
  Tcp& operator=(const Tcp&) = delete;
  Tcp(Tcp&&) = delete;
  Tcp& operator=(Tcp&&) = delete;
  ~Tcp() = default;

  // Begins accepting. libuv's code; 0 is success. `count` outlives every handle's memory.
  [[nodiscard]] int open(uv_loop_t* loop, HandleCount& count);

  // Drops every connection, accepts no more, and frees the port.
  void close();

  // From the address that the listener has, like our datagrams, unless that is any. A failure, also an immediate one,
  // is told from a later callback.
  void open_stream(TimePoint now, const OpenStream& wish);
  void write_stream(StreamId id, ByteView bytes);
  // The id is free at once. What was written still leaves, for at most kLinger.
  void close_stream(TimePoint now, StreamId id);

  // Opening that took too long, immediate failures, streams that linger, a pause in accepting.
  void advance(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

 private:
  // Ended streams whose last bytes the peer has not taken yet.
  static constexpr Duration kLinger = std::chrono::seconds(10);
  static constexpr std::size_t kMaxLingering = 64;
  using Buffer = std::array<std::uint8_t, 16384>;
  // Out of descriptors: accepting again at once would spin.
  static constexpr Duration kAcceptPause = std::chrono::milliseconds(100);
  static constexpr int kMaxAcceptsInARow = 32;

  struct Opening {
    StreamId id = 0;
    TimePoint give_up_at;
  };
  struct Failure {
    StreamId id = 0;
    StreamEnd why = StreamEnd::Reset;
  };
  struct Lingering {
    std::unique_ptr<Connection> connection;
    TimePoint until;
  };

  [[nodiscard]] std::unique_ptr<Connection> make_connection(StreamId id);
  void connection_ready(Connection& connection);
  void finish_lingering(Connection& connection);
  void end_stream(StreamId id, StreamEnd why);
  void linger(std::unique_ptr<Connection> connection, TimePoint now);
  void begin_accepting();
  void accept_waiting();
  [[nodiscard]] bool accept_one();

  uv_loop_t* loop_ = nullptr;
  HandleCount* count_ = nullptr;
  Descriptor listener_;              // outlives poll_, which refers to it
  std::optional<IpAddress> own_ip_;  // a specific one
  Handle<uv_poll_t> poll_;
  SocketReceiver& receiver_;
  std::optional<TimePoint> accept_again_at_;
  bool accepting_fails_ = false;  // for lack of descriptors or memory, and has been warned of
  std::unordered_map<StreamId, std::unique_ptr<Connection>> streams_;
  std::vector<Opening> opening_;
  std::vector<Failure> failures_;  // to be told at the next `advance`
  std::vector<Lingering> lingering_;
  std::unique_ptr<Buffer> buffer_;  // of whichever stream is read
};

}  // namespace gossip::runtime
