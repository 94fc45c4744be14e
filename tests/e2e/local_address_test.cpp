#include "runtime/local_address.h"

#include <string>

#include <doctest/doctest.h>

#include "e2e/network.h"
#include "runtime/sockets.h"

using namespace gossip;           // NOLINT(google-build-using-namespace)
using namespace gossip::runtime;  // NOLINT(google-build-using-namespace)

namespace {

InterfaceAddress interface(const char* ip, unsigned prefix, bool has_default_route = false) {
  const std::uint32_t netmask = prefix == 0 ? 0 : ~0U << (32 - prefix);
  return {*IpAddress::parse(ip), netmask, has_default_route};
}

std::string first_of(std::vector<InterfaceAddress> addresses) {
  const std::optional<IpAddress> ip = first_private(std::move(addresses));
  return ip ? ip->to_string() : "none";
}

Address at(const char* ip, std::uint16_t port) {
  return {*IpAddress::parse(ip), port};
}

}  // namespace

TEST_CASE("the first private address is chosen as go-sockaddr does") {
  CHECK(first_of({}) == "none");
  CHECK(first_of({interface("127.0.0.1", 8), interface("203.0.113.7", 24)}) == "none");
  CHECK(first_of({interface("169.254.3.4", 16), interface("192.168.1.2", 24)}) == "192.168.1.2");
  // The interface of the default route goes first, although its network is smaller.
  CHECK(first_of({interface("10.1.1.1", 8), interface("192.168.1.2", 24, true)}) == "192.168.1.2");
  CHECK(first_of({interface("10.1.1.1", 8), interface("203.0.113.7", 24, true)}) == "10.1.1.1");
  // Then the widest network, then the system's order.
  CHECK(first_of({interface("172.17.0.1", 16), interface("10.1.1.1", 8)}) == "10.1.1.1");
  CHECK(first_of({interface("172.17.0.1", 16), interface("172.18.0.1", 16)}) == "172.17.0.1");
  // RFC 6890 has more than RFC 1918.
  CHECK(first_of({interface("100.64.9.1", 10)}) == "100.64.9.1");
  CHECK(first_of({interface("100.128.9.1", 10)}) == "none");
  CHECK(first_of({interface("172.31.255.1", 12)}) == "172.31.255.1");
  CHECK(first_of({interface("172.32.0.1", 12)}) == "none");
  CHECK(first_of({interface("198.19.0.1", 15)}) == "198.19.0.1");
}

TEST_CASE("a specific address is advertised in 4 bytes, with the bound port") {
  const Expected<AdvertisedAddress> chosen = choose_advertised(at("127.0.3.1", 4242), "");
  REQUIRE(chosen);
  CHECK(chosen->local.advertised == at("127.0.3.1", 4242));
  CHECK(chosen->local.bind_port == 4242);
  CHECK(chosen->note.empty());
}

TEST_CASE("an explicit advertise address wins; its port is Serf's default, not the bound one") {
  const Expected<AdvertisedAddress> chosen =
      choose_advertised(at("0.0.0.0", 4242), "::ffff:192.0.2.9");
  REQUIRE(chosen);
  CHECK(chosen->local.advertised == at("192.0.2.9", 7946));
  CHECK(chosen->local.bind_port == 4242);
  CHECK(choose_advertised(at("0.0.0.0", 4242), "192.0.2.9:5")->local.advertised.port == 5);
  CHECK(choose_advertised(at("0.0.0.0", 4242), "192.0.2.9:0")->local.advertised.port == 4242);
  const Expected<AdvertisedAddress> nowhere = choose_advertised(at("0.0.0.0", 1), "0.0.0.0");
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().message == "invalid advertise address \"0.0.0.0\": nobody can reach it");
}

TEST_CASE("0.0.0.0 advertises this host's private address in 16 bytes, or says what else") {
  const Expected<AdvertisedAddress> chosen = choose_advertised(at("0.0.0.0", 4242), "");
  REQUIRE(chosen);
  const IpAddress ip = chosen->local.advertised.ip;
  CHECK_FALSE(ip.is_unspecified());
  if (const std::optional<IpAddress> expected = first_private(interface_addresses())) {
    CHECK(ip.bytes().size() == 16);
    CHECK(ip.shortest() == *expected);
    CHECK(chosen->note.empty());
  } else {
    CHECK(ip.bytes().size() == 4);
    CHECK(chosen->note.starts_with("bound to 0.0.0.0, and no private address found"));
  }
}

TEST_CASE(":: advertises an address that others can use, with a note") {
  const Expected<AdvertisedAddress> chosen = choose_advertised(at("::", 4242), "");
  REQUIRE(chosen);
  CHECK_FALSE(chosen->local.advertised.ip.is_unspecified());
  CHECK(chosen->note.starts_with("bound to ::"));
  CHECK(chosen->note.find(chosen->local.advertised.ip.to_string()) != std::string::npos);
}

TEST_CASE("a bind address may be a name, and a bad one is named") {
  const Expected<Address> local = resolve_local("localhost:99", "bind address");
  REQUIRE(local);
  CHECK(local->ip.is_loopback());
  CHECK(local->port == 99);
  CHECK(resolve_local("127.0.0.1", "bind address")->port == kDefaultPort);
  CHECK(resolve_local("127.0.0.1:x", "bind address").error().message ==
        "invalid bind address \"127.0.0.1:x\": address \"127.0.0.1:x\": port \"x\" is not a number "
        "from 0 to 65535");
  const Expected<Address> unknown = resolve_local("no..name", "bind address");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ErrorCode::NotFound);
}

TEST_CASE("UDP and TCP share a port that the system chose") {
  const Expected<BoundSockets> sockets = bind_sockets(at("127.0.0.1", 0));
  REQUIRE(sockets);
  CHECK(sockets->address.port != 0);
  const Expected<BoundSockets> again = bind_sockets(sockets->address);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ErrorCode::AddressInUse);
  CHECK(again.error().message ==
        "cannot listen on " + sockets->address.to_string() + " (TCP): address already in use");
}

TEST_CASE("an address of another host is an error that names it") {
  const Expected<BoundSockets> sockets = bind_sockets(at("203.0.113.1", 7946));
  REQUIRE_FALSE(sockets);
  CHECK(sockets.error().code == ErrorCode::NotFound);
  CHECK(sockets.error().message ==
        "cannot listen on 203.0.113.1:7946 (TCP): this host has no such address");
}
