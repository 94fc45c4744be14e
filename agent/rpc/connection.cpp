#include "agent/rpc/connection.h"

#include <chrono>
#include <utility>

namespace gossip::agent::rpc {

using runtime::owner_of;

Connection::Connection(ConnectionOwner& owner, SessionWorld world)
    : owner_(&owner), world_(world) {}

int Connection::accept(const StreamHandle& door, runtime::HandleCount& count) {
  uv_loop_t* const loop = door.get()->loop;
  int code =
      timer_.open(count, this, [loop](uv_timer_t* timer) { return uv_timer_init(loop, timer); });
  if (code != 0) return code;
  code = stream_.open(loop, count, this, door.transport());
  if (code != 0) return code;
  code = uv_accept(door.get(), stream_.get());
  // Small answers must not wait for the acknowledgement of others.
  if (code == 0 && stream_.transport() == Transport::Tcp)
    uv_tcp_nodelay(reinterpret_cast<uv_tcp_t*>(stream_.get()), 1);
  return code;
}

int Connection::descriptor() const {
  uv_os_fd_t number = -1;
  uv_fileno(reinterpret_cast<const uv_handle_t*>(stream_.get()), &number);
  return number;
}

void Connection::start(std::string name, std::string refusal) {
  name_ = std::move(name);
  const bool must_hurry = !refusal.empty() || (stream_.transport() == Transport::Tcp &&
                                               !world_.settings.auth_key.empty());
  if (must_hurry) arm_timer(kAdmissionTime);
  session_ = std::make_unique<Session>(world_, static_cast<SessionPeer&>(*this), name_,
                                       std::move(refusal));
  set_reading(true);
}

void Connection::set_reading(bool wanted) {
  if (closed_ || input_over_ || wanted == reading_) return;
  reading_ = wanted;
  if (!wanted) {
    uv_read_stop(stream_.get());
    return;
  }
  uv_read_start(
      stream_.get(),
      [](uv_handle_t* handle, std::size_t /*suggested*/, uv_buf_t* buffer) {
        const std::span<char> space = owner_of<Connection>(handle).owner_->read_buffer();
        *buffer = uv_buf_init(space.data(), static_cast<unsigned>(space.size()));
      },
      [](uv_stream_t* stream, ssize_t count, const uv_buf_t* /*buffer*/) {
        owner_of<Connection>(stream).read(count);
      });
}

void Connection::read(ssize_t count) {
  if (count == 0) return;
  if (count < 0) {
    if (count == UV_EOF) return input_ended();
    return close();
  }
  if (ending_ != Ending::No) return;  // said after our last words
  const std::span<char> space = owner_->read_buffer();
  session_->receive(as_bytes({space.data(), static_cast<std::size_t>(count)}));
}

void Connection::input_ended() {
  set_reading(false);
  input_over_ = true;
  if (said_goodbye_ || is_waiting_for_client()) return close();
  if (ending_ == Ending::No) session_->end_of_input();
}

void Connection::send(ByteView bytes) {
  if (closed_ || bytes.empty()) return;
  if (unsent_bytes() == 0) {
    auto* const data = const_cast<char*>(as_text(bytes).data());  // NOLINT: libuv only reads it
    const uv_buf_t buffer = uv_buf_init(data, static_cast<unsigned>(bytes.size()));
    const int count = uv_try_write(stream_.get(), &buffer, 1);
    if (count < 0 && count != UV_EAGAIN) return close();
    if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
    if (bytes.empty()) return;
  }
  waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  if (sending_bytes_ == 0) flush();
}

// Hands everything that waits to libuv in one block, which outlives this object if the socket closes first.
void Connection::flush() {
  auto write = std::make_unique<Write>();
  write->bytes = std::exchange(waiting_, {});
  write->request.data = write.get();
  sending_bytes_ = write->bytes.size();
  const uv_buf_t buffer = uv_buf_init(reinterpret_cast<char*>(write->bytes.data()),
                                      static_cast<unsigned>(write->bytes.size()));
  const int code =
      uv_write(&write->request, stream_.get(), &buffer, 1, [](uv_write_t* request, int status) {
        const std::unique_ptr<Write> done(static_cast<Write*>(request->data));
        // Cancelled: the handle was closed, and its owner may be gone.
        if (status != UV_ECANCELED) owner_of<Connection>(request->handle).written(status);
      });
  if (code != 0) return close();
  (void)write.release();
}

void Connection::written(int status) {
  sending_bytes_ = 0;
  if (closed_) return;
  if (status != 0) return close();
  if (!waiting_.empty()) flush();
  if (closed_) return;
  if (ending_ == Ending::No) {
    session_->drained();
  } else if (unsent_bytes() == 0) {
    last_words_sent();
  }
}

void Connection::finish(HangUp first) {
  if (closed_ || ending_ != Ending::No) return;
  ending_ = Ending::Linger;
  client_first_ = first == HangUp::ClientFirst;
  if (unsent_bytes() > 0) return arm_timer(kFlushTime);
  last_words_sent();
}

void Connection::shut_down() {
  if (closed_) return;
  const bool nothing_unsent = unsent_bytes() == 0;
  ending_ = Ending::AtOnce;
  if (nothing_unsent && !client_first_) close();
}

bool Connection::is_waiting_for_client() const {
  return client_first_ && ending_ != Ending::No && unsent_bytes() == 0;
}

// Closing with bytes unread would make the system reset the connection, and the client could lose our last
// words: so they are followed by an end, and what still comes is read until the client's own.
void Connection::last_words_sent() {
  if (input_over_) return close();
  if (client_first_) {
    set_reading(true);
    return arm_timer(kHangUpTime);
  }
  if (ending_ == Ending::AtOnce) return close();
  said_goodbye_ = true;
  if (stream_.end() != 0) return close();
  set_reading(true);
  arm_timer(kLingerTime);
}

void Connection::input_wanted() {
  if (ending_ == Ending::No) set_reading(session_->wants_input());
}

void Connection::arm_timer(Duration wait) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(wait).count();
  uv_timer_start(
      timer_.get(), [](uv_timer_t* timer) { owner_of<Connection>(timer).time_over(); },
      static_cast<std::uint64_t>(ms), 0);
}

void Connection::time_over() {
  if (ending_ == Ending::No) {
    if (session_->is_admitted()) return;
    world_.agent.log(LogLevel::Warn,
                     "agent.ipc: Closing " + name_ + ", it did not authenticate in time");
  }
  if (is_waiting_for_client()) {
    client_first_ = false;
    return last_words_sent();
  }
  close();
}

void Connection::close() {
  if (std::exchange(closed_, true)) return;
  reading_ = false;
  stream_.close();
  timer_.close();
  owner_->ended(*this);
}

}  // namespace gossip::agent::rpc
