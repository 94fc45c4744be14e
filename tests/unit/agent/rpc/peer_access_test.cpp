#include "agent/rpc/peer_access.h"

#include <unistd.h>

#include <doctest/doctest.h>

namespace gossip::agent::rpc {
namespace {

constexpr gid_t kSocketGroup = 4711;

PeerAccess access(const std::vector<std::string>& users, const std::vector<std::string>& groups) {
  Expected<PeerAccess> made = PeerAccess::create(users, groups);
  REQUIRE(made);
  return *std::move(made);
}

PeerIdentity peer(uid_t uid, std::vector<gid_t> groups) {
  return {1, uid, std::move(groups)};
}

TEST_CASE("root, our own user and the socket's group may always ask") {
  const PeerAccess plain = access({}, {});
  CHECK(plain.allows(peer(0, {}), kSocketGroup));
  CHECK(plain.allows(peer(::geteuid(), {}), kSocketGroup));
  CHECK(plain.allows(peer(70001, {5, kSocketGroup}), kSocketGroup));
  CHECK_FALSE(plain.allows(peer(70001, {5}), kSocketGroup));
}

TEST_CASE("named groups take the place of the socket's") {
  const PeerAccess named = access({"70002"}, {"4712"});
  CHECK(named.allows(peer(70002, {}), kSocketGroup));
  CHECK(named.allows(peer(70001, {4712}), kSocketGroup));
  CHECK_FALSE(named.allows(peer(70001, {kSocketGroup}), kSocketGroup));
}

TEST_CASE("names are looked up, unknown ones are refused") {
  CHECK(access({"root"}, {"root"}).allows(peer(70001, {0}), kSocketGroup));
  CHECK_FALSE(PeerAccess::create({"no such user"}, {}));
  CHECK_FALSE(PeerAccess::create({}, {"no such group"}));
}

}  // namespace
}  // namespace gossip::agent::rpc
