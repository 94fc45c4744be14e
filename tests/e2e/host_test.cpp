#include "runtime/host.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "e2e/socket_loop.h"
#include "e2e/test_node.h"
#include "runtime/sockaddr.h"
#include "runtime/sockets.h"

using namespace gossip;       // NOLINT(google-build-using-namespace)
using namespace gossip::e2e;  // NOLINT(google-build-using-namespace)
using runtime::Host;

namespace {

class Listener final : public runtime::HostListener {
 public:
  void published(const Event& event) override {
    notes.emplace_back(kind_of(event));
    if (on_published) on_published();
  }
  void logged(LogLevel /*level*/, std::string_view /*text*/) override {}
  void stopped(const Error& why) override { notes.push_back("stopped: " + why.message); }
  void turned() override { ++turns; }

  std::vector<std::string> notes;
  int turns = 0;
  std::function<void()> on_published;
};

// Closes its host before the loop ends.
struct Running {
  explicit Running(SocketLoop& loop_in, Config config)
      : loop(loop_in), host(*Host::create(loop.get(), std::move(config), heard)) {}
  ~Running() { close(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  Running(Running&&) = delete;
  Running& operator=(Running&&) = delete;

  void close() {
    if (host == nullptr) return;
    host->close([this] { host.reset(); });
    CHECK(loop.run_until([this] { return host == nullptr; }));
  }

  SocketLoop& loop;
  Listener heard;
  std::unique_ptr<Host> host;
};

// The TCP listener that is bound to `address`.
int listener_at(const Address& address) {
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    int is_listening = 0;
    socklen_t length = sizeof is_listening;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &length) == 0 &&
        is_listening == 1 && runtime::bound_address(descriptor) == address) {
      return descriptor;
    }
  }
  return -1;
}

// The UDP socket that is bound to `address` becomes something that is none; a last packet tells its owner.
[[nodiscard]] runtime::Descriptor lose_udp(const Address& address) {
  const runtime::Descriptor sender(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const runtime::Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const std::optional<runtime::SocketAddress> target = runtime::to_socket_address(address, AF_INET);
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    int type = 0;
    socklen_t length = sizeof type;
    if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) != 0 || type != SOCK_DGRAM ||
        runtime::bound_address(descriptor) != address) {
      continue;
    }
    runtime::Descriptor duplicate(::dup(descriptor));  // epoll watches as long as there is one
    REQUIRE(::dup2(nothing.get(), descriptor) == descriptor);
    REQUIRE(::sendto(sender.get(), "x", 1, 0, target->get(), target->length) == 1);
    return duplicate;
  }
  FAIL("no such socket");
  return {};
}

}  // namespace

TEST_CASE("nothing is told from inside a call, and nothing before the loop runs") {
  SocketLoop loop;
  Running a(loop, quick_config("a", 1));
  CHECK(a.host->set_tags({}).error().code == ErrorCode::WrongState);
  a.host->start();
  std::optional<JoinResult> joined;
  const auto keep = [&joined](const JoinResult& result) { joined = result; };
  CHECK(a.host->join({"[", "1.2.3.4:x"}, Replay::IgnoreOld, keep));
  CHECK_FALSE(joined.has_value());
  CHECK(a.heard.notes.empty());
  REQUIRE(loop.run_until([&joined] { return joined.has_value(); }));
  CHECK(joined->joined == 0);
  REQUIRE(joined->failures.size() == 2);
  CHECK(joined->failures[0].address == "[");
  CHECK(a.heard.notes == std::vector<std::string>{"member-join"});
  CHECK(a.heard.turns > 0);

  joined.reset();
  CHECK(a.host->join({a.host->address().bound.to_string(), "no..name"}, Replay::IgnoreOld, keep));
  REQUIRE(loop.run_until([&joined] { return joined.has_value(); }));
  REQUIRE(joined->failures.size() == 2);
  CHECK(joined->failures[0].address == "no..name");
  CHECK(a.host->join({}, Replay::IgnoreOld, keep).error().code == ErrorCode::InvalidArgument);
}

TEST_CASE("a listener may give commands; what they cause comes afterwards") {
  SocketLoop loop;
  Running a(loop, quick_config("a", 1));
  bool is_inside = false;
  a.heard.on_published = [&] {
    CHECK_FALSE(is_inside);
    is_inside = true;
    if (a.heard.notes.size() < 3) {
      CHECK(a.host->set_tags({{"turn", std::to_string(a.heard.notes.size())}}));
    }
    is_inside = false;
  };
  a.host->start();
  REQUIRE(loop.run_until([&a] { return a.heard.notes.size() == 3; }));
  CHECK(a.heard.notes == std::vector<std::string>{"member-join", "member-update", "member-update"});
  CHECK(a.host->engine().tags() == Tags{{"turn", "2"}});
}

TEST_CASE("a host may be closed from inside its listener; nothing follows") {
  SocketLoop loop;
  Listener heard;
  std::unique_ptr<Host> host = *Host::create(loop.get(), quick_config("a", 1), heard);
  const Address address = host->address().bound;
  heard.on_published = [&] {
    host->close([&host] { host.reset(); });
    CHECK(host->set_tags({{"too", "late"}}).error().code == ErrorCode::WrongState);
  };
  host->start();
  REQUIRE(loop.run_until([&host] { return host == nullptr; }));
  CHECK(heard.notes.size() == 1);
  CHECK(runtime::bind_sockets(address));  // the port is free
}

TEST_CASE("a host that was never started goes at once and frees its port") {
  SocketLoop loop;
  Listener heard;
  std::unique_ptr<Host> host = *Host::create(loop.get(), quick_config("a", 1), heard);
  const Address address = host->address().bound;
  CHECK(runtime::bind_sockets(address).error().code == ErrorCode::AddressInUse);
  SUBCASE("destroyed") {
    host.reset();
  }
  SUBCASE("closed") {
    host->close([&host] { host.reset(); });
    CHECK(host == nullptr);
  }
  CHECK(runtime::bind_sockets(address));
}

TEST_CASE("a lost socket stops the host, and says so once") {
  SocketLoop loop;
  Running a(loop, quick_config("a", 1));
  a.host->start();
  REQUIRE(loop.run_until([&a] { return !a.heard.notes.empty(); }));
  const int listener = listener_at(a.host->address().bound);
  REQUIRE(listener >= 0);
  REQUIRE(::shutdown(listener, SHUT_RDWR) == 0);
  REQUIRE(loop.run_until([&a] { return a.heard.notes.size() == 2; }));
  CHECK(a.heard.notes[1].starts_with("stopped: the TCP listener was lost: "));
  CHECK(a.host->leave([](const LeaveResult&) {}).error().code == ErrorCode::WrongState);
  a.close();
  CHECK(a.heard.notes.size() == 2);
}

TEST_CASE("a host that has lost its UDP socket accepts no stream either") {
  SocketLoop loop;
  Running a(loop, quick_config("a", 1));
  Running b(loop, quick_config("b", 2));
  a.host->start();
  b.host->start();
  REQUIRE(loop.run_until([&a] { return !a.heard.notes.empty(); }));
  const Address address = a.host->address().bound;
  {
    const runtime::Descriptor duplicate = lose_udp(address);
    REQUIRE(loop.run_until([&a] { return a.heard.notes.size() == 2; }));
  }
  CHECK(a.heard.notes[1].starts_with("stopped: the UDP socket was lost: "));
  const Counters& counters = a.host->engine().stats().counters;
  const std::uint64_t before = counters.streams_accepted;
  std::optional<JoinResult> joined;
  CHECK(b.host->join({address.to_string()}, Replay::IgnoreOld,
                     [&joined](const JoinResult& result) { joined = result; }));
  REQUIRE(loop.run_until([&joined] { return joined.has_value(); }));
  CHECK(joined->joined == 0);
  CHECK(a.host->engine().stats().counters.streams_accepted == before);
}

TEST_CASE("a datagram of noise is counted, and the host goes on") {
  SocketLoop loop;
  Running a(loop, quick_config("a", 1));
  a.host->start();
  const runtime::Descriptor sender(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const std::optional<runtime::SocketAddress> target =
      runtime::to_socket_address(a.host->address().bound, AF_INET);
  for (const std::string noise : {"\xff\xff", "", "\x07", "ping"}) {
    CHECK(::sendto(sender.get(), noise.data(), noise.size(), 0, target->get(), target->length) >=
          0);
  }
  const Counters& counters = a.host->engine().stats().counters;
  REQUIRE(loop.run_until([&counters] { return counters.packets_received == 4; }));
  std::uint64_t dropped = 0;
  for (const std::uint64_t count : counters.dropped) {
    dropped += count;
  }
  CHECK(dropped == 4);
}
