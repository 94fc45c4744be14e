#include "runtime/tcp.h"

#include <optional>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/socket.h>

#include <doctest/doctest.h>

#include "e2e/network.h"
#include "e2e/socket_loop.h"
#include "runtime/sockaddr.h"
#include "runtime/sockets.h"

using namespace gossip;           // NOLINT(google-build-using-namespace)
using namespace gossip::runtime;  // NOLINT(google-build-using-namespace)
using gossip::e2e::own_ip;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct Peer {
  Peer(e2e::SocketLoop& loop, const std::string& ip)
      : Peer(loop, *bind_sockets({*IpAddress::parse(ip), 0})) {}
  Peer(e2e::SocketLoop& loop, BoundSockets sockets)
      : address(sockets.address), tcp(std::move(sockets.tcp), heard) {
    REQUIRE(tcp.open(loop.get(), loop.count) == 0);
  }
  void open(StreamId id, const Address& to, Duration limit = seconds(10)) {
    tcp.open_stream(loop_now(), {id, to, loop_now() + limit});
  }
  // As a host does: rings when the sockets want it.
  bool run(e2e::SocketLoop& loop, const std::function<bool()>& done) {
    LoopTimer timer;
    (void)timer.open(
        loop.get(), loop.count,
        [](void* peer) { static_cast<Peer*>(peer)->tcp.advance(loop_now()); }, this);
    return loop.run_until([&] {
      timer.arm(tcp.next_deadline());
      return done();
    });
  }
  e2e::Recorder heard;
  Address address;
  Tcp tcp;
};

Address closed_port() {
  return bind_sockets({*IpAddress::parse(own_ip(9)), 0})->address;
}

}  // namespace

TEST_CASE("a stream opens, carries bytes both ways, and ends") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  Peer b(loop, own_ip(2));
  a.open(1, b.address);
  a.tcp.write_stream(1, as_bytes("before it is open, "));
  REQUIRE(a.run(loop, [&] { return !a.heard.opened.empty(); }));
  a.tcp.write_stream(1, as_bytes("and after"));
  REQUIRE(a.run(loop, [&] { return b.heard.received.size() == 28; }));
  CHECK(b.heard.received == "before it is open, and after");
  b.tcp.write_stream(101, as_bytes("answer"));
  b.tcp.close_stream(loop_now(), 101);
  REQUIRE(a.run(loop, [&] { return !a.heard.ended.empty(); }));
  CHECK(a.heard.received == "answer");
  CHECK(a.heard.ended[0].why == StreamEnd::Closed);
  CHECK(b.heard.ended.empty());  // it closed the stream itself
}

TEST_CASE("a stream comes from the address that its node listens on") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  Peer b(loop, own_ip(2));
  a.open(1, b.address);
  REQUIRE(a.run(loop, [&] { return !b.heard.accepted.empty(); }));
  CHECK(b.heard.accepted[0].ip == a.address.ip);
  Peer any(loop, "0.0.0.0");
  any.open(1, b.address);
  REQUIRE(any.run(loop, [&] { return b.heard.accepted.size() == 2; }));
}

TEST_CASE("all that was written leaves before a stream closes") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  Peer b(loop, own_ip(2));
  const std::string much(std::size_t{8} * 1024 * 1024, 'm');  // more than the kernel's buffers take
  a.open(1, b.address);
  REQUIRE(a.run(loop, [&] { return !a.heard.opened.empty(); }));
  a.tcp.write_stream(1, as_bytes(much));
  a.tcp.close_stream(loop_now(), 1);
  // The id is free at once.
  a.open(1, b.address);
  REQUIRE(a.run(loop, [&] { return b.heard.received.size() == much.size(); }));
  REQUIRE(a.run(loop, [&] { return b.heard.ended.size() == 1 && a.heard.opened.size() == 2; }));
  CHECK_FALSE(a.tcp.next_deadline().has_value());  // nothing lingers any more
}

TEST_CASE("a refused connection is told later, never from inside the call") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  a.open(1, closed_port());
  CHECK(a.heard.ended.empty());
  REQUIRE(a.run(loop, [&] { return !a.heard.ended.empty(); }));
  CHECK(a.heard.ended[0].id == 1);
  CHECK(a.heard.ended[0].why == StreamEnd::Refused);
}

TEST_CASE("an address that no socket can reach is unreachable") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  a.open(1, {*IpAddress::parse("255.255.255.255"), 7946});
  REQUIRE(a.run(loop, [&] { return !a.heard.ended.empty(); }));
  CHECK(a.heard.ended[0].why == StreamEnd::Unreachable);
}

TEST_CASE("a connection that nobody accepts times out at its deadline") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  // A listener whose queue is full drops what comes.
  BoundSockets full = *bind_sockets({*IpAddress::parse(own_ip(8)), 0});
  REQUIRE(::listen(full.tcp.get(), 0) == 0);
  for (StreamId id = 1; id <= 4; ++id) {
    a.open(id, full.address, milliseconds(300));
  }
  REQUIRE(a.run(loop, [&] { return !a.heard.ended.empty(); }));
  CHECK(a.heard.ended[0].why == StreamEnd::TimedOut);
}

TEST_CASE("a stream that is closed while it opens is silent") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  Peer b(loop, own_ip(2));
  a.open(1, b.address);
  a.tcp.close_stream(loop_now(), 1);
  a.open(2, closed_port());
  a.tcp.close_stream(loop_now(), 2);
  a.open(3, b.address);
  REQUIRE(a.run(loop, [&] { return !a.heard.opened.empty(); }));
  CHECK(a.heard.opened == std::vector<StreamId>{3});
  CHECK(a.heard.ended.empty());
}

TEST_CASE("a peer that is gone ends the stream, and writing to it raises no signal") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  BoundSockets plain = *bind_sockets({*IpAddress::parse(own_ip(8)), 0});
  a.open(1, plain.address);
  REQUIRE(a.run(loop, [&] { return !a.heard.opened.empty(); }));
  {
    const Descriptor accepted(::accept(plain.tcp.get(), nullptr, nullptr));
    REQUIRE(accepted.is_open());
  }
  a.tcp.write_stream(1, as_bytes("to nobody"));  // answered by a reset
  a.tcp.write_stream(
      1, as_bytes("to nobody"));  // SIGPIPE, were it not held back, would end this program
  CHECK(a.heard.ended.empty());
  REQUIRE(a.run(loop, [&] { return !a.heard.ended.empty(); }));
  CHECK(a.heard.ended[0].why == StreamEnd::Reset);
}

TEST_CASE("accepting pauses while there are no descriptors, and goes on") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  const Descriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const std::optional<SocketAddress> target = to_socket_address(a.address, AF_INET);
  REQUIRE(::connect(client.get(), target->get(), target->length) == 0);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{static_cast<rlim_t>(client.get() + 1), before.rlim_max};
  std::vector<Descriptor> holes;  // every number below the limit is taken
  for (;;) {
    Descriptor next(::dup(client.get()));
    if (!next.is_open() || next.get() > client.get()) break;
    holes.push_back(std::move(next));
  }
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  REQUIRE(loop.run_until([&] { return !a.heard.warnings.empty(); }));
  CHECK(a.heard.accepted.empty());
  CHECK(a.tcp.next_deadline().has_value());
  // It tries again now and then, and does not say so each time.
  for (int attempt = 0; attempt < 3; ++attempt) {
    const TimePoint last = *a.tcp.next_deadline();
    REQUIRE(a.run(loop, [&] { return a.tcp.next_deadline().value_or(last) > last; }));
  }
  CHECK(a.heard.warnings.size() == 1);
  setrlimit(RLIMIT_NOFILE, &before);
  REQUIRE(a.run(loop, [&] { return a.heard.accepted.size() == 1; }));
  CHECK(a.heard.lost.empty());
}

TEST_CASE("a stream that the receiver refuses is closed at once") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  Peer b(loop, own_ip(2));
  b.heard.refuses_streams = true;
  a.open(1, b.address);
  REQUIRE(a.run(loop, [&] { return !a.heard.ended.empty(); }));
  CHECK(a.heard.ended[0].why == StreamEnd::Closed);
  CHECK(b.heard.received.empty());
}

TEST_CASE("streams may be closed from inside a flush, also the one that is told") {
  e2e::SocketLoop loop;
  Peer a(loop, own_ip(1));
  Peer b(loop, own_ip(2));
  b.heard.on_flush = [&b] { b.tcp.close_stream(loop_now(), b.heard.last_id); };
  a.open(1, b.address);
  a.tcp.write_stream(1, as_bytes("hello"));
  REQUIRE(a.run(loop, [&] { return !a.heard.ended.empty(); }));
  CHECK(b.heard.accepted.size() == 1);
}
