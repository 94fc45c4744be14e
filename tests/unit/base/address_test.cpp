#include "gossip/address.h"

#include <string>

#include <doctest/doctest.h>

namespace gossip {

namespace {

IpAddress ip(std::string_view text) {
  return IpAddress::parse(text).value();
}

// parse and print again; "" for an error.
std::string through(std::string_view text) {
  const Expected<Address> address = Address::parse(text, 7946);
  return address ? address->to_string() : "";
}

}  // namespace

TEST_CASE("an IPv4 address keeps the form in which it arrived") {
  const IpAddress four = IpAddress::v4({192, 0, 2, 1});
  const IpAddress sixteen = four.longest();
  CHECK(four.bytes().size() == 4);
  CHECK(sixteen.bytes().size() == 16);
  CHECK(four != sixteen);
  CHECK(same_host(four, sixteen));
  CHECK(sixteen.is_v4());
  CHECK(sixteen.shortest() == four);
  CHECK(four.to_string() == "192.0.2.1");
  CHECK(sixteen.to_string() == "192.0.2.1");
  CHECK(IpAddress::from_bytes(sixteen.bytes()) == sixteen);
}

TEST_CASE("only 4 and 16 bytes are an address") {
  const Bytes bytes(17, 1);
  const ByteView view(bytes);
  for (const std::size_t length : {0U, 1U, 3U, 5U, 15U, 17U}) {
    CHECK_FALSE(IpAddress::from_bytes(view.first(length)).has_value());
  }
  CHECK(IpAddress::from_bytes(view.first(4)).has_value());
  CHECK(IpAddress::from_bytes(view.first(16)).has_value());
}

TEST_CASE("IPv6 is printed as RFC 5952 has it") {
  CHECK(ip("2001:DB8:0:0:0:0:0:1").to_string() == "2001:db8::1");
  CHECK(ip("2001:db8:0:1:1:1:1:1").to_string() == "2001:db8:0:1:1:1:1:1");
  CHECK(ip("2001:0:0:1:0:0:0:1").to_string() == "2001:0:0:1::1");
  CHECK(ip("2001:db8:0:0:1:0:0:1").to_string() == "2001:db8::1:0:0:1");
  CHECK(ip("::").to_string() == "::");
  CHECK(ip("::1").to_string() == "::1");
  CHECK(ip("1::").to_string() == "1::");
  CHECK(ip("::1:2").to_string() == "::1:2");
  CHECK(ip("fe80::aaaa:bb:c:0").to_string() == "fe80::aaaa:bb:c:0");
  CHECK(ip("::ffff:192.0.2.7").to_string() == "192.0.2.7");
  CHECK(IpAddress().to_string().empty());
}

TEST_CASE("addresses are told apart by what they are for") {
  CHECK(ip("0.0.0.0").is_unspecified());
  CHECK(ip("::").is_unspecified());
  CHECK(ip("::ffff:0.0.0.0").is_unspecified());
  CHECK_FALSE(ip("0.0.0.1").is_unspecified());
  CHECK_FALSE(IpAddress().is_unspecified());
  CHECK(ip("127.8.9.10").is_loopback());
  CHECK(ip("::1").is_loopback());
  CHECK(ip("::ffff:127.0.0.1").is_loopback());
  CHECK_FALSE(ip("128.0.0.1").is_loopback());
  for (const char* text : {"10.255.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"}) {
    CHECK(ip(text).is_private());
    CHECK(ip(text).longest().is_private());
  }
  for (const char* text : {"11.0.0.1", "172.15.0.1", "172.32.0.1", "192.169.0.1", "fd00::1"}) {
    CHECK_FALSE(ip(text).is_private());
  }
}

TEST_CASE("what is no IP address is refused by name") {
  for (const std::string text : {"", "1.2.3", "1.2.3.256", "host", "fe80::1%eth0", ":::"}) {
    const Expected<IpAddress> address = IpAddress::parse(text);
    REQUIRE_FALSE(address.has_value());
    CHECK(address.error().code == ErrorCode::InvalidArgument);
    CHECK(address.error().message == "\"" + text + "\" is not an IP address");
  }
  CHECK_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0x", 9)).has_value());
}

TEST_CASE("an address may come with or without a port") {
  CHECK(through("192.0.2.1:80") == "192.0.2.1:80");
  CHECK(through("192.0.2.1") == "192.0.2.1:7946");
  CHECK(through("192.0.2.1:0") == "192.0.2.1:0");
  CHECK(through("[2001:db8::1]:65535") == "[2001:db8::1]:65535");
  CHECK(through("[2001:db8::1]") == "[2001:db8::1]:7946");
  CHECK(through("2001:db8::1") == "[2001:db8::1]:7946");
  CHECK(through("::1") == "[::1]:7946");
  CHECK(through("[192.0.2.1]:80") == "192.0.2.1:80");
}

TEST_CASE("a damaged address is an error") {
  for (const char* text : {"", ":80", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1",
                           "192.0.2.1:8x", "[::1", "[::1]x80", "[]:80", "192.0.2.1:80:81"}) {
    CHECK_MESSAGE(through(text).empty(), text);
  }
  CHECK(Address::parse("192.0.2.1:http", 1).error().message ==
        "address \"192.0.2.1:http\": port \"http\" is not a number from 0 to 65535");
}

TEST_CASE("an endpoint is a host and a port") {
  const Address four{ip("192.0.2.1"), 80};
  const Address sixteen{ip("::ffff:192.0.2.1"), 80};
  CHECK(same_endpoint(four, sixteen));
  CHECK(four != sixteen);
  CHECK_FALSE(same_endpoint(four, Address{four.ip, 81}));
}

}  // namespace gossip
