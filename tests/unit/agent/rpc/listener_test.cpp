// How a conversation ends on a real socket: who hangs up first, and who waits for whom.
#include "agent/rpc/listener.h"

#include <array>
#include <memory>
#include <optional>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>

#include <doctest/doctest.h>
#include <uv.h>

#include "agent/rpc/connection.h"
#include "rpc/client.h"
#include "runtime/descriptor.h"
#include "unit/agent/rpc/scripted_agent.h"
#include "unit/temporary_folder.h"

namespace gossip::agent::rpc {
namespace {

// A listener on a loop that turns one round at a time, and a client whose leave is under way.
struct Leaving {
  Leaving() {
    REQUIRE(uv_loop_init(&loop) == 0);
    ListenerSettings settings;
    settings.addresses = {path};
    auto opened = Listener::open(&loop, std::move(settings), agent, agent.ring);
    REQUIRE(opened);
    listener = *std::move(opened);
    client = runtime::Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(&address.sun_path[0], sizeof(address.sun_path) - 1);
    REQUIRE(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) ==
            0);
    Bytes requests;
    protocol.send(gossip::rpc::HandshakeRequest{}, requests);
    protocol.send(gossip::rpc::LeaveRequest{}, requests);
    REQUIRE(::send(client.get(), requests.data(), requests.size(), 0) ==
            static_cast<ssize_t>(requests.size()));
    while (!agent.leave_done)
      uv_run(&loop, UV_RUN_ONCE);
    agent.leave_done({});
  }
  Leaving(const Leaving&) = delete;
  Leaving& operator=(const Leaving&) = delete;
  Leaving(Leaving&&) = delete;
  Leaving& operator=(Leaving&&) = delete;
  ~Leaving() {
    if (!closed) listener->close([this] { closed = true; });
    uv_run(&loop, UV_RUN_DEFAULT);
    CHECK(closed);
    listener.reset();
    CHECK(uv_loop_close(&loop) == 0);
  }

  // What has come; nothing once the agent has hung up.
  [[nodiscard]] std::optional<std::string> heard() const {
    std::string text;
    std::array<char, 4096> bytes{};
    for (;;) {
      const ssize_t count = ::recv(client.get(), bytes.data(), bytes.size(), 0);
      if (count == 0) return std::nullopt;
      if (count < 0) return text;
      text.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }

  TemporaryFolder folder;
  std::string path = folder.path_of("rpc.sock");
  uv_loop_t loop{};
  ScriptedAgent agent;
  std::unique_ptr<Listener> listener;
  runtime::Descriptor client{-1};
  gossip::rpc::Client protocol;
  bool closed = false;
};

TEST_CASE("a client whose leave is answered may hang up first, but is not waited for long") {
  Leaving leaving;
  const std::optional<std::string> answer = leaving.heard();
  REQUIRE(answer.has_value());  // the agent has not hung up yet
  CHECK_FALSE(answer->empty());
  // What it waits for at most: the time is not passed here, only asked for.
  const int wait = uv_backend_timeout(&leaving.loop);
  CHECK(wait >= 0);
  CHECK(wait <=
        std::chrono::duration_cast<std::chrono::milliseconds>(Connection::kHangUpTime).count());
  // Nobody hangs up here: then the agent does.
  while (leaving.heard())
    uv_run(&leaving.loop, UV_RUN_ONCE);
  CHECK(leaving.listener->counters().clients == 1);  // until the client does, too
}

TEST_CASE("a client that hangs up after its leave is gone at once") {
  Leaving leaving;
  REQUIRE(leaving.heard().has_value());
  leaving.client.reset();
  uv_run(&leaving.loop, UV_RUN_ONCE);
  CHECK(leaving.listener->counters().clients == 0);
}

TEST_CASE("an agent that ends while a leaver has not hung up waits for it, and no longer") {
  Leaving leaving;
  REQUIRE(leaving.heard().has_value());
  leaving.listener->close([&leaving] { leaving.closed = true; });
  CHECK(leaving.listener->counters().clients == 1);
  uv_run(&leaving.loop, UV_RUN_DEFAULT);
  CHECK(leaving.closed);
  CHECK_FALSE(leaving.heard().has_value());
}

}  // namespace
}  // namespace gossip::agent::rpc
