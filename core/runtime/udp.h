// The UDP socket: reads and sends in batches, and hears of refusals (ICMP port unreachable) with the address
// that refused. On a descriptor of our own, because libuv 1.44 cannot report refusals.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <uv.h>

#include "gossip/address.h"
#include "gossip/bytes.h"

#include "runtime/descriptor.h"
#include "runtime/handle.h"
#include "runtime/socket_receiver.h"

namespace gossip::runtime {

// A datagram on its way out; the bytes are somebody else's until `send` returns.
struct OutgoingPacket {
  Address to;
  ByteView datagram;
};

struct UdpCounters {
  std::uint64_t sent = 0;
  std::uint64_t dropped =
      0;  // the system would not take them: buffer full, no route, no permission
};

class Udp {
 public:
  // `socket` is bound and does not block. `receiver` outlives this.
  Udp(Descriptor socket, SocketReceiver& receiver);
  Udp(const Udp&) = delete;
  Udp& operator=(const Udp&) = delete;
  Udp(Udp&&) = delete;
  Udp& operator=(Udp&&) = delete;
  ~Udp() = default;

  // Begins reading. libuv's code; 0 is success.
  [[nodiscard]] int open(uv_loop_t* loop, HandleCount& count);
  // Reads and sends no more, and frees the port.
  void close();
  // Never blocks and never fails: gossip repeats itself, so what the system does not take is dropped and counted.
  void send(std::span<const OutgoingPacket> packets);

  [[nodiscard]] const UdpCounters& counters() const { return counters_; }

 private:
  // A datagram may be this large; the kernel fills the first slot first, and pages that no packet needs are
  // never touched, so at rest this costs one page.
  static constexpr std::size_t kSlotBytes = 65536;
  static constexpr std::size_t kReadBatch = 8;
  using Buffer = std::array<std::array<std::uint8_t, kSlotBytes>, kReadBatch>;

  void ready(int status);
  [[nodiscard]] int listen();
  void read_packets();
  void read_refusals();
  std::size_t send_batch(std::span<const OutgoingPacket> packets);

  Descriptor socket_;  // outlives poll_, which refers to it
  int family_;
  Handle<uv_poll_t> poll_;
  SocketReceiver& receiver_;
  std::unique_ptr<Buffer> buffer_;
  UdpCounters counters_;
};

}  // namespace gossip::runtime
