#include "agent/system/public_address.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

bool is_public(const char* text) {
  return agent::is_public(IpAddress::parse(text).value());
}

TEST_CASE("what a registry sets aside is not public, and what stands beside it is") {
  CHECK_FALSE(agent::is_public(IpAddress()));
  for (const char* text :
       {"0.0.0.0",     "10.1.2.3",    "100.64.0.1",      "100.127.255.255", "127.0.0.1",
        "169.254.1.1", "172.16.0.1",  "172.31.255.255",  "192.0.0.8",       "192.0.2.1",
        "192.88.99.1", "192.168.1.1", "198.18.0.1",      "198.19.255.255",  "198.51.100.7",
        "203.0.113.9", "240.0.0.1",   "255.255.255.255", "::ffff:10.0.0.1", "::",
        "::1",         "fe80::1",     "fd00::1",         "2001::1",         "2001:1ff::1",
        "2001:db8::1", "2002::1",     "ff02::1",         "64:ff9b::1"}) {
    CAPTURE(text);
    CHECK_FALSE(is_public(text));
  }
  for (const char* text :
       {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "172.32.0.0", "192.0.1.0", "192.167.255.255", "198.20.0.0", "203.0.114.0",
        "239.255.255.255", "::ffff:8.8.8.8", "2001:200::1", "2001:db9::1", "2003::1",
        "2606:4700::1111", "3fff:ffff::1"}) {
    CAPTURE(text);
    CHECK(is_public(text));
  }
}

}  // namespace
}  // namespace gossip::agent
