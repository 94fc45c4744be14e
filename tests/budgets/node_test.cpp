// What a running node may ask of the kernel for a packet. It runs on a loop of the test's, so that nothing else counts.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "gossip/node.h"

#include <array>
#include <optional>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <uv.h>

#include "bench/engine_scene.h"
#include "budgets/system_calls.h"
#include "e2e/network.h"
#include "runtime/sockaddr.h"
#include "wire/swim_codec.h"

namespace gossip::budgets {
namespace {

// A node that knows nobody, and somebody who pings it.
class Scene {
 public:
  Scene() {
    REQUIRE(uv_loop_init(&loop_) == 0);
    Config config;
    config.node_name = "a";
    config.bind_addr = e2e::own_ip(1) + ":0";
    Expected<Node> made = Node::create(config);
    REQUIRE(made.has_value());
    node_.emplace(std::move(*made));
    REQUIRE(node_->start_on(&loop_).has_value());
    peer_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const auto to = runtime::to_socket_address(node_->local_member().address, AF_INET);
    REQUIRE(to.has_value());
    REQUIRE(::connect(peer_, to->get(), to->length) == 0);
    ping(4);  // what is made once is made now
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
  Scene(Scene&&) = delete;
  Scene& operator=(Scene&&) = delete;
  ~Scene() {
    node_.reset();
    uv_run(&loop_, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&loop_) == 0);
    ::close(peer_);
  }

  // Sends so many at once and runs the loop until each is answered.
  void ping(int count) {
    for (int i = 0; i < count; ++i) {
      const Bytes message =
          wire::encode(wire::Ping{.sequence = ++sequence_, .node = "a", .source = {}});
      const Bytes packet = bench::packet_of(message);
      REQUIRE(::send(peer_, packet.data(), packet.size(), 0) ==
              static_cast<ssize_t>(packet.size()));
    }
    std::array<char, 2048> answer{};
    for (int answered = 0; answered < count;) {
      uv_run(&loop_, UV_RUN_ONCE);
      while (::recv(peer_, answer.data(), answer.size(), 0) > 0)
        ++answered;
    }
  }

 private:
  uv_loop_t loop_{};
  std::optional<Node> node_;
  int peer_ = -1;
  std::uint32_t sequence_ = 0;
};

SystemCalls difference(const SystemCalls& before, const SystemCalls& after) {
  return {after.waits - before.waits, after.watches - before.watches, after.reads - before.reads,
          after.writes - before.writes};
}

// A timer may ring meanwhile.
constexpr std::uint64_t kByTheWay = 4;

TEST_CASE("a ping is waited for, read and answered in one call each") {
  constexpr std::uint64_t kPings = 200;
  Scene scene;
  const SystemCalls before = system_calls();
  for (std::uint64_t i = 0; i < kPings; ++i)
    scene.ping(1);
  const SystemCalls calls = difference(before, system_calls());
  CHECK(calls.waits <= kPings + kByTheWay);
  CHECK(calls.watches <= kByTheWay);
  CHECK(calls.reads <= kPings + kByTheWay);
  CHECK(calls.writes <= kPings + kByTheWay);
  // They are counted.
  CHECK(calls.waits >= kPings);
  CHECK(calls.reads >= kPings);
  CHECK(calls.writes >= kPings);
}

TEST_CASE("many pings at once are read and answered in batches") {
  constexpr std::uint64_t kPings = 96;
  Scene scene;
  const SystemCalls before = system_calls();
  scene.ping(int{kPings});
  const SystemCalls calls = difference(before, system_calls());
  CHECK(calls.waits <= 1 + kByTheWay);
  CHECK(calls.reads <= kPings / 8 + 1 + kByTheWay);
  CHECK(calls.writes <= kPings / 32 + kByTheWay);
  CHECK(calls.writes >= 1);
}

}  // namespace
}  // namespace gossip::budgets
