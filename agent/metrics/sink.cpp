#include "agent/metrics/sink.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "runtime/loop_timer.h"
#include "runtime/sockaddr.h"

namespace gossip::agent::metrics {
namespace {

using runtime::owner_of;
using std::chrono::seconds;

constexpr Duration kShortestPause = seconds(1);
constexpr Duration kLongestPause = seconds(30);
constexpr int kReportsUntilSure = 3;

}  // namespace

std::string_view to_string(SinkKind kind) {
  return kind == SinkKind::Statsd ? "statsd" : "statsite";
}

std::vector<std::string> packed(std::span<const std::string> lines, std::size_t limit) {
  std::vector<std::string> pieces;
  for (const std::string& line : lines) {
    if (line.size() >= limit) continue;
    if (pieces.empty() || pieces.back().size() + line.size() >= limit) pieces.emplace_back();
    pieces.back() += line + '\n';
  }
  return pieces;
}

struct Sink::Write {
  uv_write_t request{};
  std::string bytes;
};

struct Sink::Connect {
  uv_connect_t request{};
};

Sink::Sink(uv_loop_t* loop, runtime::HandleCount& handles, Logging& log, SinkKind kind,
           std::string address)
    : loop_(loop),
      handles_(handles),
      log_(log),
      kind_(kind),
      address_(std::move(address)),
      resolver_(loop),
      pause_(kShortestPause) {}

void Sink::try_to_reach() {
  if (state_ == State::Away && runtime::loop_now() >= next_try_) reach();
}

void Sink::send(std::span<const std::string> lines) {
  if (state_ == State::Closed) return;
  if (state_ == State::Connecting) wait_in_vain("it does not answer");
  if (lines.empty()) return;
  const bool sent = state_ == State::Open &&
                    (kind_ == SinkKind::Statsd ? send_datagrams(lines) : send_stream(lines));
  (sent ? counters_.lines_sent : counters_.lines_lost) += lines.size();
  if (sent) report_passed();
}

void Sink::reach() {
  state_ = State::Resolving;
  resolver_.resolve({address_}, 0, [this](const runtime::Resolved& found) { resolved(found); });
}

void Sink::resolved(const runtime::Resolved& found) {
  if (state_ != State::Resolving) return;
  if (found.contacts.empty()) {
    return failed(found.failures.empty() ? "no such host" : found.failures.front().reason);
  }
  if (kind_ == SinkKind::Statsd) return open_datagrams(found.contacts.front());
  open_stream(found.contacts.front());
}

// Connected, so that the kernel tells of a host that refuses.
void Sink::open_datagrams(const Address& to) {
  int code = udp_.open(handles_, this, [this](uv_udp_t* udp) { return uv_udp_init(loop_, udp); });
  const auto there = runtime::to_socket_address(to, runtime::family_of(to.ip));
  if (code == 0) code = there ? uv_udp_connect(udp_.get(), there->get()) : UV_EAFNOSUPPORT;
  if (code != 0) return failed(uv_strerror(code));
  reached();
}

void Sink::open_stream(const Address& to) {
  int code = tcp_.open(handles_, this, [this](uv_tcp_t* tcp) { return uv_tcp_init(loop_, tcp); });
  const auto there = runtime::to_socket_address(to, runtime::family_of(to.ip));
  if (code == 0 && !there) code = UV_EAFNOSUPPORT;
  auto connect = std::make_unique<Connect>();
  connect->request.data = connect.get();
  if (code == 0) {
    code = uv_tcp_connect(
        &connect->request, tcp_.get(), there->get(), [](uv_connect_t* request, int status) {
          const std::unique_ptr<Connect> done(static_cast<Connect*>(request->data));
          if (status == UV_ECANCELED) return;  // closed, and the sink may be gone
          auto& self = owner_of<Sink>(request->handle);
          if (status != 0) return self.failed(uv_strerror(status));
          self.reached();
        });
  }
  if (code != 0) return failed(uv_strerror(code));
  (void)connect.release();
  state_ = State::Connecting;
  waited_ = 0;
}

void Sink::reached() {
  state_ = State::Open;
  unsent_bytes_ = 0;
  waited_ = 0;
  if (kind_ == SinkKind::Statsite) watch_stream();
}

// A statsd is known to be there only by its silence, so a few reports have to pass without a refusal.
void Sink::report_passed() {
  if (++passed_ < kReportsUntilSure) return;
  pause_ = kShortestPause;
  if (!std::exchange(told_, false)) return;
  log_.write(LogLevel::Info, "agent: metrics go to " + std::string(to_string(kind_)) + " at " +
                                 address_ + " again");
}

void Sink::failed(std::string_view why) {
  udp_.close();
  tcp_.close();
  state_ = State::Away;
  passed_ = 0;
  next_try_ = runtime::loop_now() + pause_;
  pause_ = std::min(2 * pause_, kLongestPause);
  if (std::exchange(told_, true)) return;
  log_.write(LogLevel::Warn, "agent: metrics do not reach " + std::string(to_string(kind_)) +
                                 " at " + address_ + ": " + std::string(why) +
                                 "; they are lost until they do");
}

void Sink::wait_in_vain(std::string_view why) {
  if (++waited_ >= kMaxReportsWaited) failed(why);
}

// Taken by the system is all that can be known, but for a host that has refused the one before.
bool Sink::send_datagrams(std::span<const std::string> lines) {
  int code = 0;
  for (const std::string& datagram : packed(lines, kMaxDatagramBytes)) {
    uv_buf_t buffer =
        uv_buf_init(const_cast<char*>(datagram.data()),  // NOLINT: libuv only reads it
                    static_cast<unsigned>(datagram.size()));
    code = std::min(uv_udp_try_send(udp_.get(), &buffer, 1, nullptr), 0);
    if (code == UV_EAGAIN) code = 0;  // a full buffer, which is no news
    if (code != 0) break;
  }
  if (code != 0) failed(uv_strerror(code));
  return code == 0;
}

bool Sink::send_stream(std::span<const std::string> lines) {
  if (unsent_bytes_ > kMaxSinkBacklogBytes) {
    wait_in_vain("it does not read");
    return false;
  }
  auto write = std::make_unique<Write>();
  for (const std::string& line : lines)
    write->bytes += line + '\n';
  write->request.data = write.get();
  const uv_buf_t buffer =
      uv_buf_init(write->bytes.data(), static_cast<unsigned>(write->bytes.size()));
  const int code = uv_write(&write->request, reinterpret_cast<uv_stream_t*>(tcp_.get()), &buffer, 1,
                            [](uv_write_t* request, int status) {
                              const std::unique_ptr<Write> done(static_cast<Write*>(request->data));
                              if (status == UV_ECANCELED) return;
                              owner_of<Sink>(request->handle).written(done->bytes.size(), status);
                            });
  if (code != 0) {
    failed(uv_strerror(code));
    return false;
  }
  unsent_bytes_ += write->bytes.size();
  (void)write.release();
  return true;
}

void Sink::written(std::size_t bytes, int status) {
  if (state_ != State::Open) return;
  unsent_bytes_ -= std::min(bytes, unsent_bytes_);
  waited_ = 0;
  if (status != 0) failed(uv_strerror(status));
}

// A statsite that ends is noticed at once, not at the report after the next.
void Sink::watch_stream() {
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(tcp_.get()),
      [](uv_handle_t* handle, std::size_t /*suggested*/, uv_buf_t* buffer) {
        auto& heard = owner_of<Sink>(handle).heard_;
        *buffer = uv_buf_init(heard.data(), static_cast<unsigned>(heard.size()));
      },
      [](uv_stream_t* stream, ssize_t count, const uv_buf_t* /*buffer*/) {
        if (count < 0) {
          owner_of<Sink>(stream).failed(count == UV_EOF ? "it has hung up"
                                                        : uv_strerror(static_cast<int>(count)));
        }
      });
}

void Sink::close() {
  state_ = State::Closed;
  udp_.close();
  tcp_.close();
}

}  // namespace gossip::agent::metrics
