// One place that figures are sent to: a statsd over UDP or a statsite over TCP. One that is away costs a counter and a line
// in the log, when it goes and when it comes back; what was meant for it meanwhile is lost.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <uv.h>

#include "gossip/address.h"
#include "gossip/time.h"

#include "agent/metrics/figures.h"
#include "agent/system/logging.h"
#include "runtime/handle.h"
#include "runtime/resolver.h"

namespace gossip::agent::metrics {

// Lines go out in datagrams of at most so many bytes, as go-metrics'.
inline constexpr std::size_t kMaxDatagramBytes = 1400;
// What waits for a statsite that does not read; beyond it whole reports are dropped.
inline constexpr std::size_t kMaxSinkBacklogBytes = std::size_t{64} * 1024;

// So many reports in a row may find a sink that connects, or whose backlog is full.
inline constexpr int kMaxReportsWaited = 10;

// Joined with newlines, each with one behind it, in pieces of at most `limit` bytes; a longer line is left out.
[[nodiscard]] std::vector<std::string> packed(std::span<const std::string> lines,
                                              std::size_t limit);

class Sink {
 public:
  // All of these outlive the sink, and `handles` its handles. `address` is "host:port".
  Sink(uv_loop_t* loop, runtime::HandleCount& handles, Logging& log, SinkKind kind,
       std::string address);
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  Sink(Sink&&) = delete;
  Sink& operator=(Sink&&) = delete;
  ~Sink() = default;

  // If it is away and it is time for that. Never waits.
  void try_to_reach();
  // Once a second: a sink that is neither reached nor reads for kMaxReportsWaited of them counts as away.
  void send(std::span<const std::string> lines);
  void close();
  [[nodiscard]] const SinkCounters& counters() const { return counters_; }
  [[nodiscard]] SinkKind kind() const { return kind_; }

 private:
  enum class State : std::uint8_t { Away, Resolving, Connecting, Open, Closed };
  struct Write;
  struct Connect;

  void reach();
  void resolved(const runtime::Resolved& found);
  void open_datagrams(const Address& to);
  void open_stream(const Address& to);
  void reached();
  void report_passed();
  void failed(std::string_view why);
  void wait_in_vain(std::string_view why);
  bool send_datagrams(std::span<const std::string> lines);
  bool send_stream(std::span<const std::string> lines);
  void written(std::size_t bytes, int status);
  void watch_stream();

  uv_loop_t* loop_;
  runtime::HandleCount& handles_;
  Logging& log_;
  SinkKind kind_;
  std::string address_;
  runtime::Resolver resolver_;
  runtime::Handle<uv_udp_t> udp_;
  runtime::Handle<uv_tcp_t> tcp_;
  State state_ = State::Away;
  TimePoint next_try_{};
  Duration pause_;
  int passed_ = 0;     // reports since it was reached
  int waited_ = 0;     // reports since it began to connect, or to leave too much unread
  bool told_ = false;  // the log says that it is away
  std::size_t unsent_bytes_ = 0;
  std::array<char, 512> heard_{};  // of a statsite, which has nothing to say
  SinkCounters counters_;
};

}  // namespace gossip::agent::metrics
