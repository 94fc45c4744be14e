#include "runtime/connection.h"

#include <cerrno>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "runtime/sockaddr.h"

namespace gossip::runtime {

namespace {

// Of whatever is done with a socket; EINVAL is what connect() says from a loopback address to the world.
StreamEnd end_of(int error) {
  switch (error) {
    case ECONNREFUSED: return StreamEnd::Refused;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EAFNOSUPPORT:
    case EADDRNOTAVAIL:
    case EINVAL: return StreamEnd::Unreachable;
    case ETIMEDOUT: return StreamEnd::TimedOut;
    default: return StreamEnd::Reset;
  }
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// Messages are written whole, so nothing is won by waiting for more.
void send_at_once(int descriptor) {
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// The port is chosen when it connects, so that connections to different peers may share one.
void come_from(int descriptor, const IpAddress& from, int family) {
  const std::optional<SocketAddress> source = to_socket_address({from, 0}, family);
  if (!source) return;
  const int on = 1;
  setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  // An address that has moved to another host meanwhile must not stop us.
  (void)::bind(descriptor, source->get(), source->length);
}

}  // namespace

std::optional<StreamEnd> Connection::connect(uv_loop_t* loop, HandleCount& count, const Address& to,
                                             const IpAddress* from) {
  const int family = family_of(to.ip);
  const std::optional<SocketAddress> target = to_socket_address(to, family);
  if (!target) return StreamEnd::Unreachable;
  socket_ = Descriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_.is_open()) return end_of(errno);
  send_at_once(socket_.get());
  if (from != nullptr && family_of(*from) == family) come_from(socket_.get(), *from, family);
  if (::connect(socket_.get(), target->get(), target->length) != 0 && errno != EINPROGRESS) {
    return end_of(errno);
  }
  return watch(loop, count);
}

std::optional<StreamEnd> Connection::adopt(uv_loop_t* loop, HandleCount& count, Descriptor socket) {
  socket_ = std::move(socket);
  send_at_once(socket_.get());
  state_ = State::Open;
  return watch(loop, count);
}

std::optional<StreamEnd> Connection::watch(uv_loop_t* loop, HandleCount& count) {
  const int code = poll_.open(count, this, [this, loop](uv_poll_t* poll) {
    return uv_poll_init(loop, poll, socket_.get());
  });
  if (code != 0) return end_of(-code);
  poll();
  return std::nullopt;
}

void Connection::poll() {
  int wanted = 0;
  if (state_ == State::Connecting || has_unsent()) wanted |= UV_WRITABLE;
  if (state_ == State::Open) wanted |= UV_READABLE;
  // Finishing with nothing unsent: writable at once, so that the owner hears of the end.
  if (wanted == 0) wanted = UV_WRITABLE;
  if (wanted == polled_) return;
  polled_ = wanted;
  uv_poll_start(poll_.get(), wanted, [](uv_poll_t* handle, int status, int /*events*/) {
    auto& self = owner_of<Connection>(handle);
    if (status < 0) self.polled_ = 0;  // libuv has stopped polling: an error waits in the socket
    self.ready_(self.owner_, self);
  });
}

Connection::Progress Connection::advance(std::span<std::uint8_t> buffer) {
  if (state_ == State::Connecting) return finish_connect();
  send_unsent();
  if (state_ == State::Finishing) {
    if (broken_) return {Turn::Ended, 0, StreamEnd::Reset};
    if (!has_unsent()) return {Turn::Ended, 0, StreamEnd::Closed};
    poll();
    return {};
  }
  return read(buffer);
}

Connection::Progress Connection::finish_connect() {
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) return {Turn::Ended, 0, end_of(error)};
  state_ = State::Open;
  poll();
  return {Turn::Opened, 0, StreamEnd::Closed};
}

Connection::Progress Connection::read(std::span<std::uint8_t> buffer) {
  const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (got > 0) {
    poll();
    return {Turn::Received, static_cast<std::size_t>(got), StreamEnd::Closed};
  }
  if (got == 0) return {Turn::Ended, 0, broken_ ? StreamEnd::Reset : StreamEnd::Closed};
  if (!would_block(errno)) return {Turn::Ended, 0, end_of(errno)};
  if (broken_) return {Turn::Ended, 0, StreamEnd::Reset};
  poll();
  return {};
}

void Connection::write(ByteView bytes) {
  if (broken_ || state_ == State::Finishing) return;
  std::size_t done = 0;
  if (state_ == State::Open && !has_unsent()) done = send_some(bytes);
  if (sent_ > 0) {
    unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<Bytes::difference_type>(sent_));
    sent_ = 0;
  }
  if (!broken_) {
    const ByteView rest = bytes.subspan(done);
    unsent_.insert(unsent_.end(), rest.begin(), rest.end());
  }
  if (state_ != State::Connecting) poll();
}

void Connection::finish() {
  state_ = State::Finishing;
  poll();
}

void Connection::send_unsent() {
  if (!has_unsent()) return;
  sent_ += send_some(ByteView(unsent_).subspan(sent_));
  if (broken_ || !has_unsent()) {
    unsent_ = {};
    sent_ = 0;
  }
}

// How many bytes have left.
std::size_t Connection::send_some(ByteView bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t sent =
        ::send(socket_.get(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      broken_ = !would_block(errno);
      break;
    }
    done += static_cast<std::size_t>(sent);
  }
  return done;
}

}  // namespace gossip::runtime
