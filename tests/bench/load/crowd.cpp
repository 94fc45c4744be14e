// bench-crowd: a thousand or ten thousand members that are one process. It answers the probes of all of them, takes
// every push/pull, and begins push/pulls when told to.
//
//   bench-crowd COUNT PREFIX PORT      members PREFIX.0.1 … at PORT, for example 127.77
//
// Standard input: "sync ADDRESS:PORT TIMES" exchanges state with an agent so often, one after the other, and
// prints "NS BYTES": what all of them took, and the size of the agent's last answer. It ends with its input.
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gossip/nonce_source.h"

#include "wire/cluster_codec.h"
#include "wire/packet.h"
#include "wire/stream.h"
#include "wire/swim_codec.h"
#include "wire/tags_codec.h"

namespace gossip::bench {

namespace {

constexpr std::array<std::uint8_t, 6> kVersions = {1, 5, 2, 2, 5, 4};

[[noreturn]] void give_up(const std::string& why) {
  (void)std::fprintf(stderr, "bench-crowd: %s\n", why.c_str());
  std::_Exit(1);
}

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

// Nothing is encrypted here, so nobody asks.
class NoNonces final : public NonceSource {
 public:
  [[nodiscard]] Nonce next() override { return {}; }
};

const wire::Wrapping kPlain;

sockaddr_in address_of(const std::string& ip, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, ip.c_str(), &address.sin_addr) != 1) give_up(ip + " is no address");
  return address;
}

// The crowd's state as it goes on a stream, made once.
Bytes make_push_pull(std::size_t count, const std::string& prefix, int port) {
  const Expected<Bytes> meta = wire::encode_tags({{"role", "web"}, {"dc", "east"}}, 5);
  if (!meta) give_up(meta.error().message);
  std::vector<std::string> names;
  std::vector<std::array<std::uint8_t, 4>> addresses;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string digits = std::to_string(i);
    names.push_back("crowd-" + std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') +
                    digits + ".example.com");
    const std::size_t host = i + 1;
    const sockaddr_in address = address_of(
        prefix + "." + std::to_string(host / 250) + "." + std::to_string(host % 250 + 1), port);
    addresses.emplace_back();
    std::memcpy(addresses.back().data(), &address.sin_addr, 4);
  }
  wire::ClusterState state;
  state.member_time = count + 1;
  wire::PushPull message;
  for (std::size_t i = 0; i < count; ++i) {
    message.nodes.push_back({.name = names[i],
                             .address = addresses[i],
                             .port = static_cast<std::uint16_t>(port),
                             .meta = *meta,
                             .incarnation = 1,
                             .state = wire::NodeStateKind::Alive,
                             .versions = kVersions});
    state.status_times.emplace_back(names[i], i + 1);
  }
  const Bytes user_state = wire::encode(state);
  message.user_state = user_state;
  NoNonces nonces;
  return wire::seal_stream(wire::encode(message), wire::StreamSide::Dialler, kPlain, nonces);
}

// Acks whatever is a ping, from the address that was pinged.
void answer_probes(int fd) {
  std::array<std::uint8_t, 65536> buffer;  // NOLINT(*-member-init): filled by recvmsg
  std::array<std::uint8_t, 256> control;   // NOLINT(*-member-init): filled by recvmsg
  wire::PacketOpener opener;
  NoNonces nonces;
  for (;;) {
    sockaddr_in from{};
    iovec data{buffer.data(), buffer.size()};
    msghdr message{&from, sizeof from, &data, 1, control.data(), control.size(), 0};
    const ssize_t size = ::recvmsg(fd, &message, 0);
    if (size <= 0) continue;
    const auto messages =
        opener.open(ByteView(buffer.data(), static_cast<std::size_t>(size)), kPlain);
    if (!messages) continue;
    for (const ByteView part : *messages) {
      if (part.front() != static_cast<std::uint8_t>(wire::MessageType::Ping)) continue;
      const auto ping = wire::decode_ping(part.subspan(1));
      if (!ping) continue;
      const Bytes ack = wire::encode(wire::Ack{.sequence = ping->sequence, .payload = {}});
      Bytes packet = wire::seal_packet(std::array{ByteView(ack)}, wire::Crc::On, kPlain, nonces);
      // The control data that came (IP_PKTINFO) names the address to answer from.
      iovec answer{packet.data(), packet.size()};
      msghdr reply{&from, sizeof from, &answer, 1, control.data(), message.msg_controllen, 0};
      (void)::sendmsg(fd, &reply, 0);
    }
  }
}

// Reads one message; its size on the wire, 0 if it was none.
std::size_t read_message(int fd, wire::StreamSide writer) {
  wire::StreamReader reader(writer);
  std::vector<std::uint8_t> buffer(std::size_t{256} * 1024);
  for (std::size_t total = 0;;) {
    const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return 0;
    total += static_cast<std::size_t>(count);
    const auto status =
        reader.feed(ByteView(buffer.data(), static_cast<std::size_t>(count)), kPlain);
    if (status == wire::StreamReader::Status::Broken) return 0;
    if (status == wire::StreamReader::Status::Message) return total;
  }
}

bool write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

void take_streams(int listening, const Bytes& state) {
  for (;;) {
    const int fd = ::accept(listening, nullptr, nullptr);
    if (fd < 0) continue;
    if (read_message(fd, wire::StreamSide::Dialler) > 0) (void)write_all(fd, state);
    ::close(fd);
  }
}

std::size_t sync(const sockaddr_in& to, const Bytes& state) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    give_up("the agent does not accept a stream");
  // The agent may answer before it has read all: both directions must flow.
  std::thread writer([&] { (void)write_all(fd, state); });
  const std::size_t size = read_message(fd, wire::StreamSide::Acceptor);
  writer.join();
  ::close(fd);
  if (size == 0) give_up("the agent does not answer a push/pull");
  return size;
}

int open_socket(int type, int port) {
  const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
  const int on = 1;
  (void)::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in any = address_of("0.0.0.0", port);
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0)
    give_up("port " + std::to_string(port) + " is taken");
  return fd;
}

void follow_orders(const Bytes& state) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string order;
    std::string to;
    long long times = 0;
    if (!(words >> order >> to >> times) || order != "sync") give_up("no order: " + line);
    const std::size_t colon = to.rfind(':');
    if (colon == std::string::npos) give_up(to + " is no ADDRESS:PORT");
    const sockaddr_in address = address_of(to.substr(0, colon), std::atoi(to.c_str() + colon + 1));
    const std::int64_t begin = now_ns();
    std::size_t size = 0;
    for (; times > 0; --times)
      size = sync(address, state);
    std::printf("%lld %zu\n", static_cast<long long>(now_ns() - begin), size);
    (void)std::fflush(stdout);
  }
}

int run(const std::vector<std::string>& words) {
  if (words.size() != 3) give_up("usage: the head of tests/bench/load/crowd.cpp");
  const int port = std::atoi(words[2].c_str());
  const Bytes state =
      make_push_pull(static_cast<std::size_t>(std::atoll(words[0].c_str())), words[1], port);
  const int udp = open_socket(SOCK_DGRAM, port);
  const int on = 1;
  (void)::setsockopt(udp, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  const int tcp = open_socket(SOCK_STREAM, port);
  if (::listen(tcp, 128) != 0) give_up("cannot listen");
  std::thread(answer_probes, udp).detach();
  std::thread([tcp, &state] { take_streams(tcp, state); }).detach();
  std::puts("ready");
  (void)std::fflush(stdout);
  follow_orders(state);
  std::_Exit(0);  // the threads hold nothing that must be put back
}

}  // namespace

}  // namespace gossip::bench

int main(int argc, char** argv) {
  return gossip::bench::run(std::vector<std::string>(argv + 1, argv + argc));
}
