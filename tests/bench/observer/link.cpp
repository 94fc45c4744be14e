#include "bench/observer/link.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gossip::bench {

Link::Link(const std::string& host_and_port) {
  const std::size_t colon = host_and_port.rfind(':');
  if (colon == std::string::npos) give_up(host_and_port + " is no ADDRESS:PORT");
  const std::string host = host_and_port.substr(0, colon);
  const int port = std::atoi(host_and_port.c_str() + colon + 1);
  address_.sin_family = AF_INET;
  address_.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, host.c_str(), &address_.sin_addr) != 1) give_up(host + " is no address");
}

Link::~Link() {
  close();
}

Link::Link(Link&& other) noexcept
    : address_(other.address_),
      fd_(std::exchange(other.fd_, -1)),
      client_(std::move(other.client_)) {}

bool Link::try_connect() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) give_up("socket: " + last_error());
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) != 0) {
    ::close(fd);
    return false;
  }
  const int on = 1;
  (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fd_ = fd;
  client_ = rpc::Client();
  send(rpc::HandshakeRequest{});
  return is_connected();
}

std::uint64_t Link::send(const rpc::Request& request) {
  Bytes bytes;
  const std::uint64_t seq = client_.send(request, bytes);
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      close();
      break;
    }
    sent += static_cast<std::size_t>(count);
  }
  return seq;
}

bool Link::receive(std::vector<rpc::Arrival>& out) {
  std::array<std::uint8_t, 65536> buffer;  // NOLINT(*-member-init): filled by recv
  const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (count <= 0) return false;
  const Expected<void> taken =
      client_.receive(ByteView(buffer.data(), static_cast<std::size_t>(count)), out);
  if (!taken) give_up("an agent speaks another protocol: " + taken.error().message);
  return true;
}

void Link::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

std::string last_error() {
  return std::generic_category().message(errno);
}

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

void give_up(const std::string& why) {
  (void)std::fprintf(stderr, "bench-observer: %s\n", why.c_str());
  std::_Exit(1);
}

}  // namespace gossip::bench
