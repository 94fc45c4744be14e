#include "runtime/resolver.h"

#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "e2e/socket_loop.h"

using namespace gossip;           // NOLINT(google-build-using-namespace)
using namespace gossip::runtime;  // NOLINT(google-build-using-namespace)

namespace {

std::string show(const Expected<HostAndPort>& target) {
  if (!target) return "error: " + target.error().message;
  return target->host + " " + std::to_string(target->port);
}

}  // namespace

TEST_CASE("targets are read as upstream reads them") {
  CHECK(show(parse_target("192.0.2.1", 7946)) == "192.0.2.1 7946");
  CHECK(show(parse_target("192.0.2.1:99", 7946)) == "192.0.2.1 99");
  CHECK(show(parse_target("seed.example.org", 17)) == "seed.example.org 17");
  CHECK(show(parse_target("seed.example.org:99", 17)) == "seed.example.org 99");
  CHECK(show(parse_target("web-1/192.0.2.1:99", 7946)) == "192.0.2.1 99");
  CHECK(show(parse_target("web-1/seed", 7946)) == "seed 7946");
  CHECK(show(parse_target("[2001:db8::1]:99", 7946)) == "2001:db8::1 99");
  CHECK(show(parse_target("[2001:db8::1]", 7946)) == "2001:db8::1 7946");
  CHECK(show(parse_target("2001:db8::1", 7946)) == "2001:db8::1 7946");
  CHECK(show(parse_target("::1", 7946)) == "::1 7946");
  CHECK(show(parse_target("/192.0.2.1", 7946)) ==
        "error: address \"/192.0.2.1\": the node name before the slash is empty");
  CHECK(show(parse_target("127.0.77.1:99999", 7946)) ==
        "error: address \"127.0.77.1:99999\": port \"99999\" is not a number from 0 to 65535");
  CHECK_FALSE(parse_target("", 7946));
  CHECK_FALSE(parse_target(":7946", 7946));
  CHECK_FALSE(parse_target("name/", 7946));
  CHECK_FALSE(parse_target("host:", 7946));
  CHECK_FALSE(parse_target("[2001:db8::1", 7946));
  CHECK_FALSE(parse_target("[2001:db8::1]99", 7946));
}

TEST_CASE("literals need no lookup: the answer comes at once") {
  e2e::SocketLoop loop;
  Resolver resolver(loop.get());
  std::optional<Resolved> answer;
  resolver.resolve({"192.0.2.1", "n/[::1]:5", "127.0.0.1:x"}, 7946,
                   [&answer](Resolved found) { answer = std::move(found); });
  REQUIRE(answer.has_value());
  CHECK(answer->contacts == std::vector<Address>{{*IpAddress::parse("192.0.2.1"), 7946},
                                                 {*IpAddress::parse("::1"), 5}});
  REQUIRE(answer->failures.size() == 1);
  CHECK(answer->failures[0].address == "127.0.0.1:x");
}

TEST_CASE("names are looked up off the loop; all addresses count, in the order asked for") {
  e2e::SocketLoop loop;
  Resolver resolver(loop.get());
  std::optional<Resolved> answer;
  resolver.resolve({"192.0.2.1", "localhost:99", "no..name", "localhost", "192.0.2.2"}, 7946,
                   [&answer](Resolved found) { answer = std::move(found); });
  CHECK_FALSE(answer.has_value());
  REQUIRE(loop.run_until([&answer] { return answer.has_value(); }));
  REQUIRE(answer->contacts.size() >= 4);
  CHECK(answer->contacts.front().to_string() == "192.0.2.1:7946");
  CHECK(answer->contacts[1].ip.is_loopback());
  CHECK(answer->contacts[1].port == 99);
  CHECK(answer->contacts[answer->contacts.size() - 2].ip.is_loopback());
  CHECK(answer->contacts[answer->contacts.size() - 2].port == 7946);
  CHECK(answer->contacts.back().to_string() == "192.0.2.2:7946");
  REQUIRE(answer->failures.size() == 1);
  CHECK(answer->failures[0].address == "no..name");
  CHECK(answer->failures[0].reason.starts_with("cannot be resolved: "));
}

TEST_CASE("a resolver may go while a lookup is under way") {
  e2e::SocketLoop loop;
  bool is_told = false;
  {
    Resolver resolver(loop.get());
    resolver.resolve({"localhost", "no..name"}, 7946,
                     [&is_told](const Resolved&) { is_told = true; });
  }
  uv_run(loop.get(), UV_RUN_DEFAULT);
  CHECK_FALSE(is_told);
}
