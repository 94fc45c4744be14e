// bench-flood: how many packets an agent can take. Sends windows of valid packets to one agent and waits for the
// acks of each window, so that none is lost and the agent is the only one who is never idle.
//
//   bench-flood ADDRESS:PORT NAME SECONDS pings [KEY]     every packet is a ping and is answered
//   bench-flood ADDRESS:PORT NAME SECONDS claims [KEY]    alive claims that are known, a ping behind each window
//   bench-flood ADDRESS:PORT NAME SECONDS noise RATE      RATE pings a second from a stranger, answers unread
//
// KEY is base64. Prints "PACKETS NS".
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gossip/nonce_source.h"

#include "base/base64.h"
#include "wire/cipher.h"
#include "wire/keyring.h"
#include "wire/packet.h"
#include "wire/swim_codec.h"

namespace gossip::bench {

namespace {

constexpr std::size_t kWindow = 64;
constexpr int kAckPatienceMs = 1000;

[[noreturn]] void give_up(const std::string& why) {
  (void)std::fprintf(stderr, "bench-flood: %s\n", why.c_str());
  std::_Exit(1);
}

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

class KernelNonces final : public NonceSource {
 public:
  [[nodiscard]] Nonce next() override {
    Nonce nonce{};
    if (::getrandom(nonce.data(), nonce.size(), 0) != static_cast<ssize_t>(nonce.size()))
      give_up("no random bytes");
    return nonce;
  }
};

class Flood {
 public:
  Flood(const std::string& to, std::string name, const std::string& key) : name_(std::move(name)) {
    const std::size_t colon = to.rfind(':');
    to_.sin_family = AF_INET;
    if (colon == std::string::npos ||
        ::inet_pton(AF_INET, to.substr(0, colon).c_str(), &to_.sin_addr) != 1) {
      give_up(to + " is no ADDRESS:PORT");
    }
    to_.sin_port = htons(static_cast<std::uint16_t>(std::atoi(to.c_str() + colon + 1)));
    fd_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0 || ::connect(fd_, reinterpret_cast<const sockaddr*>(&to_), sizeof to_) != 0)
      give_up("no socket to " + to);
    if (!key.empty()) {
      const std::optional<Bytes> bytes = base::decode_base64(key);
      wire::Keyring keyring;
      if (!bytes || !keyring.add(*bytes).has_value()) give_up("the key is none");
      cipher_.emplace(keyring);
      wrapping_.cipher = &*cipher_;
    }
  }

  [[nodiscard]] Bytes ping() {
    const Bytes message =
        wire::encode(wire::Ping{.sequence = ++sequence_, .node = name_, .source = {}});
    return seal(message);
  }

  // What the agent says of itself anyway: known, and so of no consequence.
  [[nodiscard]] Bytes claim() {
    const std::array<std::uint8_t, 6> versions = {1, 5, 2, 2, 5, 4};
    const auto* const ip = reinterpret_cast<const std::uint8_t*>(&to_.sin_addr);
    const Bytes message = wire::encode(wire::Alive{.incarnation = 1,
                                                   .node = name_,
                                                   .address = ByteView(ip, 4),
                                                   .port = ntohs(to_.sin_port),
                                                   .meta = {},
                                                   .versions = versions});
    return seal(message);
  }

  void send(const Bytes& packet) const {
    if (::send(fd_, packet.data(), packet.size(), 0) < 0) give_up("the agent's port is closed");
  }

  void await_acks(std::size_t count) const {
    std::array<std::uint8_t, 2048> buffer;  // NOLINT(*-member-init): filled by recv
    for (; count > 0; --count) {
      pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
      if (::poll(&ready, 1, kAckPatienceMs) <= 0) give_up("a ping was not answered within 1 s");
      (void)::recv(fd_, buffer.data(), buffer.size(), 0);
    }
  }

  // So that a full receive buffer of ours does not come back as an error.
  void discard() const {
    std::array<std::uint8_t, 2048> buffer;  // NOLINT(*-member-init): filled by recv
    while (::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) {
    }
  }

 private:
  [[nodiscard]] Bytes seal(ByteView message) {
    return wire::seal_packet(std::array{message}, wire::Crc::On, wrapping_, nonces_);
  }

  std::string name_;
  sockaddr_in to_{};
  int fd_ = -1;
  std::uint32_t sequence_ = 0;
  KernelNonces nonces_;
  std::optional<wire::Cipher> cipher_;
  wire::Wrapping wrapping_;
};

std::size_t run_windows(Flood& flood, std::int64_t until, bool answered) {
  std::size_t packets = 0;
  std::vector<Bytes> window;
  // Sealed ahead and sent again: what is measured is the agent, not us.
  for (std::size_t i = 0; i < kWindow; ++i)
    window.push_back(answered || i + 1 == kWindow ? flood.ping() : flood.claim());
  while (now_ns() < until) {
    for (const Bytes& packet : window)
      flood.send(packet);
    flood.await_acks(answered ? kWindow : 1);
    packets += kWindow;
  }
  return packets;
}

std::size_t run_noise(Flood& flood, std::int64_t until, long long per_second) {
  const Bytes packet = flood.ping();
  const std::int64_t begin = now_ns();
  std::size_t packets = 0;
  for (std::int64_t now = begin; now < until; now = now_ns()) {
    const auto due = static_cast<std::size_t>(static_cast<double>(now - begin) * 1e-9 *
                                              static_cast<double>(per_second));
    for (; packets < due; ++packets)
      flood.send(packet);
    flood.discard();
    ::usleep(500);
  }
  return packets;
}

int run(const std::vector<std::string>& words) {
  if (words.size() < 4) give_up("usage: the head of tests/bench/load/flood.cpp");
  const std::string& kind = words[3];
  const std::string last = words.size() > 4 ? words[4] : "";
  Flood flood(words[0], words[1], kind == "noise" ? "" : last);
  const std::int64_t begin = now_ns();
  const std::int64_t until = begin + static_cast<std::int64_t>(std::atof(words[2].c_str()) * 1e9);
  std::size_t packets = 0;
  if (kind == "noise") {
    packets = run_noise(flood, until, std::atoll(last.c_str()));
  } else if (kind == "pings" || kind == "claims") {
    packets = run_windows(flood, until, kind == "pings");
  } else {
    give_up("pings, claims or noise, not " + kind);
  }
  std::printf("%zu %lld\n", packets, static_cast<long long>(now_ns() - begin));
  return 0;
}

}  // namespace

}  // namespace gossip::bench

int main(int argc, char** argv) {
  return gossip::bench::run(std::vector<std::string>(argv + 1, argv + argc));
}
