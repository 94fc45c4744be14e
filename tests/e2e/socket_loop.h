// A loop with a receiver that writes down what sockets tell it.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <uv.h>

#include "runtime/handle.h"
#include "runtime/loop_timer.h"
#include "runtime/socket_receiver.h"

namespace gossip::e2e {

class Recorder final : public runtime::SocketReceiver {
 public:
  void packet_received(const Address& from, ByteView datagram) override {
    packets.push_back({from, std::string(as_text(datagram))});
  }
  void packet_refused(const Address& to) override { refused.push_back(to); }
  std::optional<StreamId> stream_accepted(const Address& from) override {
    if (refuses_streams) return std::nullopt;
    accepted.push_back(from);
    return ++last_id;
  }
  void stream_opened(StreamId id) override { opened.push_back(id); }
  void stream_received(StreamId /*id*/, ByteView bytes) override { received += as_text(bytes); }
  void stream_ended(StreamId id, StreamEnd why) override { ended.push_back({id, why}); }
  void warned(std::string text) override { warnings.push_back(std::move(text)); }
  void socket_lost(std::string why) override { lost.push_back(std::move(why)); }
  void flush() override {
    ++flushes;
    if (on_flush) on_flush();
  }

  struct Packet {
    Address from;
    std::string text;
  };
  struct Ended {
    StreamId id;
    StreamEnd why;
  };
  std::vector<Packet> packets;
  std::vector<Address> refused;
  std::vector<Address> accepted;
  std::vector<StreamId> opened;
  std::vector<Ended> ended;
  std::vector<std::string> warnings;
  std::vector<std::string> lost;
  std::string received;
  std::function<void()> on_flush;
  StreamId last_id = 100;
  bool refuses_streams = false;
  int flushes = 0;
};

// Runs until nothing is left open; whoever opens handles closes them before this goes.
class SocketLoop {
 public:
  SocketLoop() { REQUIRE(uv_loop_init(&loop_) == 0); }
  SocketLoop(const SocketLoop&) = delete;
  SocketLoop& operator=(const SocketLoop&) = delete;
  SocketLoop(SocketLoop&&) = delete;
  SocketLoop& operator=(SocketLoop&&) = delete;
  ~SocketLoop() {
    uv_run(&loop_, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&loop_) == 0);
  }

  // False if it takes longer than anything here should.
  bool run_until(const std::function<bool()>& done) {
    const TimePoint limit = runtime::loop_now() + std::chrono::seconds(20);
    runtime::LoopTimer tick;  // a timer's ring does not end UV_RUN_ONCE, the next one does
    (void)tick.open(
        &loop_, count, [](void* /*owner*/) {}, nullptr);
    while (!done() && runtime::loop_now() < limit) {
      tick.arm(runtime::loop_now() + std::chrono::milliseconds(5));
      uv_run(&loop_, UV_RUN_ONCE);
    }
    return done();
  }

  uv_loop_t* get() { return &loop_; }
  runtime::HandleCount count;

 private:
  uv_loop_t loop_{};
};

}  // namespace gossip::e2e
