#include "runtime/udp.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "e2e/network.h"
#include "e2e/socket_loop.h"
#include "runtime/sockets.h"

using namespace gossip;           // NOLINT(google-build-using-namespace)
using namespace gossip::runtime;  // NOLINT(google-build-using-namespace)
using gossip::e2e::has_ipv6;
using gossip::e2e::own_ip;

namespace {

Address any_port(const std::string& ip) {
  return {*IpAddress::parse(ip), 0};
}

// A bound pair of which only UDP is used.
struct UdpPeer {
  UdpPeer(e2e::SocketLoop& loop, const std::string& ip)
      : UdpPeer(loop, *bind_sockets(any_port(ip))) {}
  UdpPeer(e2e::SocketLoop& loop, BoundSockets sockets)
      : address(sockets.address), udp(std::move(sockets.udp), heard) {
    REQUIRE(udp.open(loop.get(), loop.count) == 0);
  }
  void send(const Address& to, std::string_view text) {
    const OutgoingPacket packet{to, as_bytes(text)};
    udp.send({&packet, 1});
  }
  e2e::Recorder heard;
  Address address;
  Udp udp;
};

}  // namespace

TEST_CASE("a burst of packets arrives whole, in order, with the sender's address") {
  e2e::SocketLoop loop;
  UdpPeer a(loop, own_ip(1));
  UdpPeer b(loop, own_ip(2));
  std::vector<std::string> texts;
  std::vector<OutgoingPacket> burst;
  for (int i = 0; i < 150; ++i) {
    texts.push_back("packet " + std::to_string(i) + std::string(1300, 'x'));
  }
  for (const std::string& text : texts) {
    burst.push_back({b.address, as_bytes(text)});
  }
  a.udp.send(burst);
  CHECK(a.udp.counters().sent == 150);
  REQUIRE(loop.run_until([&b] { return b.heard.packets.size() == 150; }));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK(b.heard.packets[i].text == texts[i]);
    CHECK(b.heard.packets[i].from == a.address);
  }
  // Several packets are one turn.
  CHECK(b.heard.flushes < 150);
}

TEST_CASE("the largest datagram arrives whole") {
  e2e::SocketLoop loop;
  UdpPeer a(loop, own_ip(1));
  const std::string large(65507, 'L');
  a.send(a.address, large);
  REQUIRE(loop.run_until([&a] { return !a.heard.packets.empty(); }));
  CHECK(a.heard.packets[0].text == large);
}

TEST_CASE("a closed port is told with the destination that refused") {
  e2e::SocketLoop loop;
  UdpPeer a(loop, own_ip(1));
  UdpPeer b(loop, own_ip(2));
  const Address gone = [] {
    const Expected<BoundSockets> closed = bind_sockets(any_port(own_ip(3)));
    return closed->address;
  }();
  a.send(gone, "is anybody there?");
  REQUIRE(loop.run_until([&a] { return !a.heard.refused.empty(); }));
  CHECK(a.heard.refused == std::vector<Address>{gone});
  CHECK(a.heard.lost.empty());

  SUBCASE("and the socket still sends and receives") {
    a.send(b.address, "hello");
    b.send(a.address, "hello back");
    REQUIRE(loop.run_until([&] { return !b.heard.packets.empty() && !a.heard.packets.empty(); }));
    CHECK(a.heard.refused.size() == 1);
  }
  SUBCASE("and it does not keep the loop busy") {
    const int before = a.heard.flushes;
    for (int i = 0; i < 10; ++i) {
      uv_run(loop.get(), UV_RUN_NOWAIT);
    }
    CHECK(a.heard.flushes == before);
  }
}

TEST_CASE("a refusal that waits does not swallow the next packet to another peer") {
  e2e::SocketLoop loop;
  UdpPeer a(loop, own_ip(1));
  UdpPeer b(loop, own_ip(2));
  const Address gone = bind_sockets(any_port(own_ip(3)))->address;
  // On loopback the refusal is there before the second packet is sent, and sendto reports it.
  const std::vector<OutgoingPacket> both = {{gone, as_bytes("lost")},
                                            {b.address, as_bytes("kept")}};
  a.udp.send(both);
  a.send(gone, "lost too");
  a.send(b.address, "kept too");
  REQUIRE(loop.run_until([&b] { return b.heard.packets.size() == 2; }));
  CHECK(a.udp.counters().dropped == 0);
}

TEST_CASE("what cannot be sent is dropped and counted") {
  e2e::SocketLoop loop;
  UdpPeer a(loop, own_ip(1));
  a.send({*IpAddress::parse("2001:db8::1"), 7946}, "no IPv6 from an IPv4 socket");
  a.send(a.address, std::string(70000, 'x'));
  CHECK(a.udp.counters().sent == 0);
  CHECK(a.udp.counters().dropped == 2);
}

TEST_CASE("IPv6 on ::1, and refusals there" * doctest::skip(!has_ipv6())) {
  e2e::SocketLoop loop;
  Expected<BoundSockets> first = bind_sockets(any_port("::1"));
  REQUIRE(first);
  UdpPeer a(loop, std::move(*first));
  UdpPeer b(loop, "::1");
  a.send(b.address, "hello");
  REQUIRE(loop.run_until([&b] { return !b.heard.packets.empty(); }));
  CHECK(b.heard.packets[0].from == a.address);
  const Address gone = bind_sockets(any_port("::1"))->address;
  a.send(gone, "is anybody there?");
  REQUIRE(loop.run_until([&a] { return !a.heard.refused.empty(); }));
  CHECK(a.heard.refused[0] == gone);
}

TEST_CASE("a socket on :: speaks IPv4 too, and shows it in 4 bytes" * doctest::skip(!has_ipv6())) {
  e2e::SocketLoop loop;
  Expected<BoundSockets> both = bind_sockets(any_port("::"));
  REQUIRE(both);
  UdpPeer a(loop, std::move(*both));
  UdpPeer b(loop, own_ip(2));
  b.send({*IpAddress::parse("127.0.0.1"), a.address.port}, "hello");
  REQUIRE(loop.run_until([&a] { return !a.heard.packets.empty(); }));
  CHECK(a.heard.packets[0].from == b.address);
  a.send(b.address, "hello back");
  REQUIRE(loop.run_until([&b] { return !b.heard.packets.empty(); }));
  const Address gone = bind_sockets(any_port(own_ip(3)))->address;
  a.send(gone, "is anybody there?");
  REQUIRE(loop.run_until([&a] { return !a.heard.refused.empty(); }));
  CHECK(a.heard.refused[0] == gone);
}
