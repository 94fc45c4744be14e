// The sockets of multicast DNS on one interface, for IPv4 and IPv6 each: one in the group at port 5353, which
// hears questions and from which answers leave, and one at a port of its own, from which questions leave.
// Bound to the group's address, the first hears nothing that came from beyond the link.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <uv.h>

#include "gossip/bytes.h"
#include "gossip/error.h"

#include "agent/discovery/dns_message.h"
#include "agent/discovery/mdns.h"
#include "runtime/descriptor.h"
#include "runtime/handle.h"
#include "runtime/sockaddr.h"

namespace gossip::agent::discovery {

class MdnsSockets {
 public:
  // Whom a packet came from, good for one answer.
  struct Sender {
    runtime::SocketAddress address;
    int socket = -1;
  };
  class Receiver {
   public:
    Receiver() = default;
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;
    Receiver(Receiver&&) = delete;
    Receiver& operator=(Receiver&&) = delete;
    virtual ~Receiver() = default;
    // `packet` is valid during the call. May call `answer` and `ask`.
    virtual void packet_received(Arrival arrival, const Sender& from, ByteView packet) = 0;
  };
  struct Settings {
    // "" is the system's choice for IPv4, and for IPv6 none.
    std::string interface;
    bool ipv4 = true;
    bool ipv6 = true;
  };

  // A family that cannot be had is a line in `notes`; it is an error only if there is no other: NotFound,
  // AddressInUse, PermissionDenied, System. `receiver` and `count` outlive the sockets' handles.
  [[nodiscard]] static Expected<std::unique_ptr<MdnsSockets>> open(uv_loop_t* loop,
                                                                   runtime::HandleCount& count,
                                                                   const Settings& settings,
                                                                   Receiver& receiver,
                                                                   std::vector<std::string>& notes);
  MdnsSockets(const MdnsSockets&) = delete;
  MdnsSockets& operator=(const MdnsSockets&) = delete;
  MdnsSockets(MdnsSockets&&) = delete;
  MdnsSockets& operator=(MdnsSockets&&) = delete;
  ~MdnsSockets() = default;

  // To the group, over each family. An error if no family took it: System.
  Expected<void> ask(ByteView packet);
  // A packet that cannot be sent is lost, as on the way.
  static void answer(const Sender& to, ByteView packet);

 private:
  struct Socket {
    runtime::Descriptor descriptor;
    runtime::Handle<uv_poll_t> poll;  // after the descriptor: closed before it
    MdnsSockets* owner = nullptr;
    Arrival arrival = Arrival::Group;
    int family = 0;
  };

  explicit MdnsSockets(Receiver& receiver) : receiver_(receiver) {}
  [[nodiscard]] Expected<void> open_family(uv_loop_t* loop, runtime::HandleCount& count, int family,
                                           unsigned interface);
  [[nodiscard]] int watch(uv_loop_t* loop, runtime::HandleCount& count, Socket socket);
  void read(const Socket& socket);

  Receiver& receiver_;
  unsigned interface_ = 0;
  std::vector<std::unique_ptr<Socket>> sockets_;
  std::array<std::uint8_t, kMaxDnsMessageBytes + 1> buffer_{};
};

}  // namespace gossip::agent::discovery
