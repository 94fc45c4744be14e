#include "runtime/udp.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include <linux/errqueue.h>

#include "runtime/sockaddr.h"

namespace gossip::runtime {

namespace {

// After so many batches the loop's other work has its turn.
constexpr int kMaxBatchesInARow = 16;
constexpr std::size_t kSendBatch = 32;
constexpr int kMaxRefusalsInARow = 256;

int family_of_socket(int descriptor) {
  int family = AF_INET;
  socklen_t length = sizeof family;
  getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &length);
  return family;
}

// Errors after which a socket still works.
bool is_passing(int error) {
  return error != EBADF && error != ENOTSOCK && error != EINVAL && error != EFAULT &&
         error != EOPNOTSUPP;
}

// Whether the message from the error queue says that the port is closed.
bool says_refused(const msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part =
           CMSG_NXTHDR(const_cast<msghdr*>(&message), part)) {  // NOLINT(*-const-cast): a C macro
    const bool is_v4 = part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVERR;
    const bool is_v6 = part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_RECVERR;
    if (!is_v4 && !is_v6) continue;
    sock_extended_err error{};
    std::copy_n(CMSG_DATA(part), sizeof error, reinterpret_cast<unsigned char*>(&error));
    return error.ee_errno == ECONNREFUSED &&
           (error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6);
  }
  return false;
}

}  // namespace

Udp::Udp(Descriptor socket, SocketReceiver& receiver)
    : socket_(std::move(socket)),
      family_(family_of_socket(socket_.get())),
      receiver_(receiver),
      // Not initialised on purpose: see kSlotBytes.
      buffer_(std::make_unique_for_overwrite<Buffer>()) {}

int Udp::open(uv_loop_t* loop, HandleCount& count) {
  const int code = poll_.open(count, this, [this, loop](uv_poll_t* poll) {
    return uv_poll_init(loop, poll, socket_.get());
  });
  return code != 0 ? code : listen();
}

void Udp::close() {
  poll_.close();
  socket_.reset();
}

int Udp::listen() {
  return uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* poll, int status, int /*events*/) {
    owner_of<Udp>(poll).ready(status);
  });
}

void Udp::ready(int status) {
  if (status < 0) {
    // There is something in the error queue. libuv has stopped polling for that (uv__poll_io).
    read_refusals();
    if (const int code = listen(); code != 0) {
      receiver_.socket_lost(std::string("the UDP socket was lost: ") + uv_strerror(code));
    }
  }
  read_packets();
  receiver_.flush();
}

void Udp::read_packets() {
  std::array<mmsghdr, kReadBatch> messages{};
  std::array<iovec, kReadBatch> slots{};
  std::array<SocketAddress, kReadBatch> senders{};
  for (int batch = 0; batch < kMaxBatchesInARow; ++batch) {
    for (std::size_t i = 0; i < kReadBatch; ++i) {
      slots[i] = {(*buffer_)[i].data(), kSlotBytes};
      messages[i].msg_hdr.msg_iov = &slots[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_name = senders[i].get();
      messages[i].msg_hdr.msg_namelen = sizeof senders[i].storage;
    }
    const int count = recvmmsg(socket_.get(), messages.data(), kReadBatch, 0, nullptr);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (!is_passing(errno)) {
        receiver_.socket_lost("the UDP socket was lost: " +
                              std::error_code(errno, std::generic_category()).message());
      }
      return;  // EAGAIN, or an error of an earlier packet: what waits is told of again
    }
    const auto received = static_cast<std::size_t>(count);
    for (std::size_t i = 0; i < received; ++i) {
      const std::optional<Address> from = to_address(senders[i].get());
      if (!from) continue;
      receiver_.packet_received(*from, {(*buffer_)[i].data(), messages[i].msg_len});
    }
    if (received < kReadBatch) return;
  }
}

void Udp::read_refusals() {
  for (int i = 0; i < kMaxRefusalsInARow; ++i) {
    SocketAddress to;  // the destination of the packet that was refused
    alignas(cmsghdr) std::array<char, 256> control{};
    std::array<char, 1> start_of_packet{};
    iovec slot{start_of_packet.data(), start_of_packet.size()};
    msghdr message{};
    message.msg_name = to.get();
    message.msg_namelen = sizeof to.storage;
    message.msg_iov = &slot;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (recvmsg(socket_.get(), &message, MSG_ERRQUEUE) < 0) {
      if (errno == EINTR) continue;
      break;
    }
    const std::optional<Address> refused = to_address(to.get());
    if (refused && says_refused(message)) receiver_.packet_refused(*refused);
  }
  // Also clears an error that has no entry in the queue, or else the loop would spin on it.
  int pending = 0;
  socklen_t length = sizeof pending;
  getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &pending, &length);
}

void Udp::send(std::span<const OutgoingPacket> packets) {
  while (!packets.empty()) {
    const std::size_t done = send_batch(packets.first(std::min(packets.size(), kSendBatch)));
    packets = packets.subspan(done);
  }
}

// How many of `packets` are dealt with, sent or dropped: at least one.
std::size_t Udp::send_batch(std::span<const OutgoingPacket> packets) {
  // Filled only as far as there are packets: this is the hot path.
  std::array<mmsghdr, kSendBatch> messages;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::array<iovec, kSendBatch> parts;       // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::array<SocketAddress, kSendBatch> targets;
  std::size_t ready = 0;
  std::size_t taken = 0;
  for (; taken < packets.size(); ++taken) {
    const OutgoingPacket& packet = packets[taken];
    const std::optional<SocketAddress> target = to_socket_address(packet.to, family_);
    if (!target) {  // IPv6 from an IPv4 socket
      ++counters_.dropped;
      continue;
    }
    targets[ready] = *target;
    // sendmsg does not write to what it sends; iovec just has no const.
    parts[ready] = {const_cast<std::uint8_t*>(packet.datagram.data()),  // NOLINT(*-const-cast)
                    packet.datagram.size()};
    messages[ready] = {};
    messages[ready].msg_hdr.msg_name = targets[ready].get();
    messages[ready].msg_hdr.msg_namelen = target->length;
    messages[ready].msg_hdr.msg_iov = &parts[ready];
    messages[ready].msg_hdr.msg_iovlen = 1;
    ++ready;
  }
  std::size_t next = 0;
  bool retried = false;
  while (next < ready) {
    const int sent =
        sendmmsg(socket_.get(), &messages[next], static_cast<unsigned>(ready - next), MSG_NOSIGNAL);
    if (sent > 0) {
      counters_.sent += static_cast<std::uint64_t>(sent);
      next += static_cast<std::size_t>(sent);
      retried = false;
      continue;
    }
    const int error = errno;
    if (error == EINTR) continue;
    if (error == EAGAIN || error == ENOBUFS || error == ENOMEM) {
      counters_.dropped += ready - next;
      break;
    }
    // With IP_RECVERR the error of an earlier packet is returned here, once, whoever this one is for.
    if (!std::exchange(retried, true)) continue;
    ++counters_.dropped;
    ++next;
    retried = false;
  }
  return taken;
}

}  // namespace gossip::runtime
