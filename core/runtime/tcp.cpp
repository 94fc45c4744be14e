#include "runtime/tcp.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include <sys/socket.h>

#include "runtime/loop_timer.h"
#include "runtime/sockaddr.h"

namespace gossip::runtime {

Tcp::Tcp(Descriptor listener, SocketReceiver& receiver)
    : listener_(std::move(listener)),
      receiver_(receiver),
      buffer_(std::make_unique_for_overwrite<Buffer>()) {
  const std::optional<Address> bound = bound_address(listener_.get());
  if (bound && !bound->ip.is_unspecified()) own_ip_ = bound->ip;
}

int Tcp::open(uv_loop_t* loop, HandleCount& count) {
  loop_ = loop;
  count_ = &count;
  const int code = poll_.open(count, this, [this, loop](uv_poll_t* poll) {
    return uv_poll_init(loop, poll, listener_.get());
  });
  if (code == 0) begin_accepting();
  return code;
}

void Tcp::close() {
  streams_.clear();
  opening_.clear();
  failures_.clear();
  lingering_.clear();
  poll_.close();
  listener_.reset();
}

void Tcp::open_stream(TimePoint now, const OpenStream& wish) {
  std::unique_ptr<Connection> connection = make_connection(wish.id);
  if (const std::optional<StreamEnd> why =
          connection->connect(loop_, *count_, wish.to, own_ip_ ? &*own_ip_ : nullptr)) {
    failures_.push_back({wish.id, *why});
    return;
  }
  opening_.push_back({wish.id, std::max(wish.give_up_at, now)});
  streams_.insert_or_assign(wish.id, std::move(connection));
}

void Tcp::write_stream(StreamId id, ByteView bytes) {
  if (const auto found = streams_.find(id); found != streams_.end()) found->second->write(bytes);
}

void Tcp::close_stream(TimePoint now, StreamId id) {
  std::erase_if(opening_, [id](const Opening& opening) { return opening.id == id; });
  std::erase_if(failures_, [id](const Failure& failure) { return failure.id == id; });
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  std::unique_ptr<Connection> connection = std::move(found->second);
  streams_.erase(found);
  linger(std::move(connection), now);
}

void Tcp::linger(std::unique_ptr<Connection> connection, TimePoint now) {
  if (connection->is_connecting() || !connection->has_unsent()) return;
  if (lingering_.size() >= kMaxLingering) return;
  connection->finish();
  lingering_.push_back({std::move(connection), now + kLinger});
}

std::unique_ptr<Connection> Tcp::make_connection(StreamId id) {
  return std::make_unique<Connection>(
      id,
      [](void* tcp, Connection& connection) {
        static_cast<Tcp*>(tcp)->connection_ready(connection);
      },
      this);
}

void Tcp::connection_ready(Connection& connection) {
  const StreamId id = connection.id();
  const auto found = streams_.find(id);
  if (found == streams_.end() || found->second.get() != &connection) {
    return finish_lingering(connection);
  }
  const Connection::Progress progress = connection.advance(*buffer_);
  switch (progress.turn) {
    case Connection::Turn::Nothing: return;
    case Connection::Turn::Opened:
      std::erase_if(opening_, [id](const Opening& opening) { return opening.id == id; });
      receiver_.stream_opened(id);
      break;
    case Connection::Turn::Received:
      receiver_.stream_received(id, ByteView(*buffer_).first(progress.received));
      break;
    case Connection::Turn::Ended: end_stream(id, progress.end); break;
  }
  receiver_.flush();
}

void Tcp::finish_lingering(Connection& connection) {
  if (connection.advance({}).turn != Connection::Turn::Ended) return;
  std::erase_if(lingering_, [&connection](const Lingering& lingering) {
    return lingering.connection.get() == &connection;
  });
}

void Tcp::end_stream(StreamId id, StreamEnd why) {
  std::erase_if(opening_, [id](const Opening& opening) { return opening.id == id; });
  if (const auto found = streams_.find(id); found != streams_.end()) {
    std::unique_ptr<Connection> connection = std::move(found->second);
    streams_.erase(found);
    // The peer has said all, but may still read what we owe it.
    if (why == StreamEnd::Closed) linger(std::move(connection), loop_now());
  }
  receiver_.stream_ended(id, why);
}

void Tcp::advance(TimePoint now) {
  for (const Failure& failure : std::exchange(failures_, {})) {
    receiver_.stream_ended(failure.id, failure.why);
  }
  const std::vector<Opening> opening = opening_;
  for (const Opening& late : opening) {
    if (late.give_up_at <= now) end_stream(late.id, StreamEnd::TimedOut);
  }
  std::erase_if(lingering_, [now](const Lingering& lingering) { return lingering.until <= now; });
  if (accept_again_at_ && *accept_again_at_ <= now) {
    accept_again_at_.reset();
    begin_accepting();
  }
}

std::optional<TimePoint> Tcp::next_deadline() const {
  if (!failures_.empty()) return TimePoint::min();
  std::optional<TimePoint> next = accept_again_at_;
  const auto consider = [&next](TimePoint when) { next = next ? std::min(*next, when) : when; };
  for (const Opening& opening : opening_) {
    consider(opening.give_up_at);
  }
  for (const Lingering& lingering : lingering_) {
    consider(lingering.until);
  }
  return next;
}

void Tcp::begin_accepting() {
  uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* poll, int status, int /*events*/) {
    auto& self = owner_of<Tcp>(poll);
    if (status < 0) self.begin_accepting();  // libuv has stopped; accept4 says what is wrong
    self.accept_waiting();
    self.receiver_.flush();
  });
}

void Tcp::accept_waiting() {
  for (int i = 0; i < kMaxAcceptsInARow; ++i) {
    if (!accept_one()) return;
  }
}

// Whether there may be another one.
bool Tcp::accept_one() {
  SocketAddress peer;
  peer.length = sizeof peer.storage;
  Descriptor socket(
      accept4(listener_.get(), peer.get(), &peer.length, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.is_open()) {
    const int error = errno;
    const std::string text = std::error_code(error, std::generic_category()).message();
    switch (error) {
      case EAGAIN: return false;
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
        if (!std::exchange(accepting_fails_, true)) {
          receiver_.warned("memberlist: cannot accept TCP connections for now: " + text);
        }
        uv_poll_stop(poll_.get());
        accept_again_at_ = loop_now() + kAcceptPause;
        return false;
      case EBADF:
      case ENOTSOCK:
      case EINVAL:
      case EOPNOTSUPP:
        uv_poll_stop(poll_.get());
        receiver_.socket_lost("the TCP listener was lost: " + text);
        return false;
      default: return true;  // errors of the connection that was waiting (accept(2))
    }
  }
  accepting_fails_ = false;
  const std::optional<Address> from = to_address(peer.get());
  if (!from) return true;
  const std::optional<StreamId> id = receiver_.stream_accepted(*from);
  if (!id) return true;
  std::unique_ptr<Connection> connection = make_connection(*id);
  if (connection->adopt(loop_, *count_, std::move(socket))) {
    failures_.push_back({*id, StreamEnd::Reset});
    return true;
  }
  streams_.insert_or_assign(*id, std::move(connection));
  return true;
}

}  // namespace gossip::runtime
