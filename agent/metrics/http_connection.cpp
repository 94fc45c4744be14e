#include "agent/metrics/http_connection.h"

#include <utility>

namespace gossip::agent::metrics {

using runtime::owner_of;

HttpConnection::HttpConnection(HttpConnectionOwner& owner, const HttpPages& pages,
                               HttpCounters& counters)
    : owner_(&owner), counters_(&counters), session_(pages, counters) {}

int HttpConnection::accept(const StreamHandle& door, runtime::HandleCount& count) {
  uv_loop_t* const loop = door.get()->loop;
  const auto ring = [](void* self) { static_cast<HttpConnection*>(self)->time_over(); };
  int code = timer_.open(loop, count, ring, this);
  if (code != 0) return code;
  code =
      next_round_.open(count, this, [loop](uv_idle_t* idle) { return uv_idle_init(loop, idle); });
  if (code != 0) return code;
  code = stream_.open(loop, count, this, door.transport());
  return code != 0 ? code : uv_accept(door.get(), stream_.get());
}

void HttpConnection::start() {
  quiet_since_ = runtime::loop_now();
  timer_.arm(quiet_since_ + kPatience);
  set_reading(true);
}

bool HttpConnection::is_idle() const {
  return answered_ && !sending_ && !said_goodbye_ && !session_.in_request();
}

void HttpConnection::set_reading(bool wanted) {
  if (closed_ || wanted == reading_) return;
  reading_ = wanted;
  if (!wanted) {
    uv_read_stop(stream_.get());
    return;
  }
  uv_read_start(
      stream_.get(),
      [](uv_handle_t* handle, std::size_t /*suggested*/, uv_buf_t* buffer) {
        const std::span<char> space = owner_of<HttpConnection>(handle).owner_->read_buffer();
        *buffer = uv_buf_init(space.data(), static_cast<unsigned>(space.size()));
      },
      [](uv_stream_t* stream, ssize_t count, const uv_buf_t* /*buffer*/) {
        owner_of<HttpConnection>(stream).read(count);
      });
}

void HttpConnection::read(ssize_t count) {
  if (count == 0) return;
  // Nothing that was asked before is unanswered: we read on only after that.
  if (count < 0) return close();
  if (said_goodbye_) return;  // said after our last words
  session_.receive({owner_->read_buffer().data(), static_cast<std::size_t>(count)});
  go_on();
}

// Each further byte of a request leaves its time as it is.
void HttpConnection::watch_request() {
  const bool before = std::exchange(in_request_, session_.in_request());
  if (in_request_ && !before) timer_.arm(runtime::loop_now() + kPatience);
}

// The next response if there is one, else on to further bytes.
void HttpConnection::go_on() {
  std::string bytes = session_.take_output();
  if (!bytes.empty()) return send(std::move(bytes));
  watch_request();
  set_reading(true);
}

// libuv repeats a read many times within one event, and a page costs milliseconds: whoever asks for many of them at once
// gets one in each of the loop's rounds, and all others have their turn between.
void HttpConnection::send(std::string bytes) {
  set_reading(false);
  in_request_ = false;
  const uv_buf_t buffer = uv_buf_init(bytes.data(), static_cast<unsigned>(bytes.size()));
  const int count = uv_try_write(stream_.get(), &buffer, 1);
  if (count < 0 && count != UV_EAGAIN) return close();
  if (count > 0) bytes.erase(0, static_cast<std::size_t>(count));
  if (!bytes.empty()) return flush(std::move(bytes));
  response_left();
}

// The block outlives this object if the socket closes first.
void HttpConnection::flush(std::string bytes) {
  sending_ = true;
  timer_.arm(runtime::loop_now() + kPatience);
  auto write = std::make_unique<Write>();
  write->bytes = std::move(bytes);
  write->request.data = write.get();
  const uv_buf_t buffer =
      uv_buf_init(write->bytes.data(), static_cast<unsigned>(write->bytes.size()));
  const int code =
      uv_write(&write->request, stream_.get(), &buffer, 1, [](uv_write_t* request, int status) {
        const std::unique_ptr<Write> done(static_cast<Write*>(request->data));
        // Cancelled: the handle was closed, and its owner may be gone.
        if (status != UV_ECANCELED) owner_of<HttpConnection>(request->handle).written(status);
      });
  if (code != 0) return close();
  (void)write.release();
}

void HttpConnection::written(int status) {
  if (closed_) return;
  if (status != 0) return close();
  sending_ = false;
  response_left();
}

void HttpConnection::response_left() {
  answered_ = true;
  quiet_since_ = runtime::loop_now();
  if (session_.is_over()) return last_words_sent();
  timer_.arm(quiet_since_ + kIdleTime);
  uv_idle_start(next_round_.get(), [](uv_idle_t* idle) {
    uv_idle_stop(idle);
    auto& self = owner_of<HttpConnection>(idle);
    self.session_.sent();
    self.go_on();
  });
}

// Closing with bytes unread would make the system reset the connection, and the client could lose our last
// words: so they are followed by an end, and what still comes is read until the client's own.
void HttpConnection::last_words_sent() {
  said_goodbye_ = true;
  if (stream_.end() != 0) return close();
  timer_.arm(quiet_since_ + kLingerTime);
  set_reading(true);
}

void HttpConnection::time_over() {
  if (!said_goodbye_ && !is_idle()) ++counters_->connections_timed_out;
  close();
}

void HttpConnection::close() {
  if (std::exchange(closed_, true)) return;
  reading_ = false;
  stream_.close();
  next_round_.close();
  timer_.close();
  owner_->ended(*this);
}

}  // namespace gossip::agent::metrics
