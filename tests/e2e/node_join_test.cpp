#include <optional>
#include <string>
#include <vector>

#include <poll.h>
#include <sys/socket.h>

#include <doctest/doctest.h>

#include "gossip/node.h"

#include "e2e/test_node.h"
#include "e2e/watcher.h"
#include "runtime/descriptor.h"
#include "runtime/sockaddr.h"
#include "runtime/sockets.h"

using namespace gossip;       // NOLINT(google-build-using-namespace)
using namespace gossip::e2e;  // NOLINT(google-build-using-namespace)

namespace {

// Connections to the node that say nothing.
std::vector<runtime::Descriptor> connect_idle(const Node& node, int count) {
  const std::optional<runtime::SocketAddress> target =
      runtime::to_socket_address(node.local_member().address, AF_INET);
  REQUIRE(target);
  std::vector<runtime::Descriptor> idle;
  for (int i = 0; i < count; ++i) {
    idle.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::connect(idle.back().get(), target->get(), target->length) == 0);
  }
  return idle;
}

// By the other side; half a minute only ends a test that would hang.
bool is_closed_in_the_end(const runtime::Descriptor& connection) {
  pollfd closed{connection.get(), POLLIN, 0};
  if (::poll(&closed, 1, 30'000) != 1) return false;
  char byte = 0;
  return ::recv(connection.get(), &byte, 1, 0) <= 0;
}

}  // namespace

TEST_CASE("two nodes see each other, their tags and their leaves") {
  Watcher at_a;
  Watcher at_b;
  Config config_a = quick_config("a", 1);
  config_a.tags = {{"role", "first"}};
  Node a = make_node(std::move(config_a), &at_a);
  CHECK(a.members().size() == 1);
  must(a.start());
  CHECK(a.local_member().address.port != 0);
  CHECK(a.local_member().address.ip.bytes().size() == 4);
  CHECK(a.local_member().status == MemberStatus::Alive);

  Config config_b = quick_config("b", 2);
  config_b.start_join_addrs = {place(a)};
  Node b = make_node(std::move(config_b), &at_b);
  must(b.start());
  // The join is over when start returns.
  CHECK(b.members().size() == 2);
  CHECK(find(b, "a").tags == Tags{{"role", "first"}});
  CHECK(find(b, "a").address == a.local_member().address);
  REQUIRE(at_a.wait_for("join b"));
  CHECK(find(a, "b").status == MemberStatus::Alive);

  must(b.set_tags({{"role", "second"}, {"version", "2"}}));
  CHECK(b.local_member().tags.size() == 2);
  REQUIRE(at_a.wait_for("update b"));
  CHECK(find(a, "b").tags == Tags{{"role", "second"}, {"version", "2"}});

  must(b.leave());
  must(b.leave());  // a second one is a success
  REQUIRE(at_a.wait_for("left b"));
  CHECK(find(a, "b").status == MemberStatus::Left);
  CHECK(b.set_tags({}).error().code == ErrorCode::WrongState);
  CHECK(b.join(std::vector<std::string>{place(a)}).error().message == "the node has left");
  CHECK(b.start().error().code == ErrorCode::WrongState);
  // Nothing about ourselves, nothing twice.
  CHECK(at_a.notes() == std::vector<std::string>{"join b", "update b", "left b"});
  CHECK(at_b.notes() == std::vector<std::string>{"join a"});
  must(a.leave());
}

TEST_CASE("a node that is destroyed without a leave fails, and comes back") {
  Watcher at_a;
  Node a = make_node(quick_config("a", 1), &at_a);
  must(a.start());
  std::string bind;
  {
    Config config = quick_config("b", 2);
    config.start_join_addrs = {place(a)};
    Node b = make_node(config);
    must(b.start());
    bind = place(b);
    REQUIRE(at_a.wait_for("join b"));
  }
  REQUIRE(at_a.wait_for("failed b"));
  CHECK(find(a, "b").status == MemberStatus::Failed);

  Config config = quick_config("b", 2);
  config.bind_addr = bind;  // its port is free again
  config.start_join_addrs = {place(a)};
  Node b = make_node(config);
  must(b.start());
  REQUIRE(at_a.wait_for("join b", 2));
  must(b.leave());
  REQUIRE(at_a.wait_for("left b"));
  CHECK(at_a.notes() == std::vector<std::string>{"join b", "failed b", "join b", "left b"});
}

TEST_CASE("start names each address that could not be joined, and leaves the node stopped") {
  Watcher watcher;
  const std::string closed = own_ip(9) + ":1";
  Config config = quick_config("a", 1);
  config.start_join_addrs = {closed, "no..name"};
  Node a = make_node(config, &watcher);
  const Expected<void> started = a.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == ErrorCode::Unreachable);
  CHECK(started.error().message.find(closed + ": ") != std::string::npos);
  CHECK(started.error().message.find("no..name: cannot be resolved") != std::string::npos);
  CHECK(a.leave().error().code == ErrorCode::Unreachable);  // why it is not running
  CHECK(a.start().error().code == ErrorCode::WrongState);
  CHECK(watcher.notes().empty());

  SUBCASE("one that answers is enough") {
    Node b = make_node(quick_config("b", 2));
    must(b.start());
    config.start_join_addrs.push_back(place(b));
    Node c = make_node(config, &watcher);
    must(c.start());
    CHECK(c.members().size() == 2);
    CHECK(watcher.warnings().size() >= 2);
  }
}

TEST_CASE("join answers with what became of each address") {
  Node a = make_node(quick_config("a", 1));
  Node b = make_node(quick_config("b", 2));
  const std::vector<std::string> to_b = {"ignored/" + own_ip(2) + ":1"};
  CHECK(a.join(to_b).error().code == ErrorCode::WrongState);
  must(a.start());
  must(b.start());
  const Expected<JoinResult> refused = a.join(to_b);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::Unreachable);
  CHECK(a.join({}).error().code == ErrorCode::InvalidArgument);
  const Expected<JoinResult> itself = a.join(std::vector<std::string>{place(a)});
  REQUIRE_FALSE(itself);
  CHECK(itself.error().message.find("itself") != std::string::npos);
  const Expected<JoinResult> half = a.join(std::vector<std::string>{own_ip(9) + ":1", place(b)});
  REQUIRE(half);
  CHECK(half->joined == 1);
  REQUIRE(half->failures.size() == 1);
  CHECK(half->failures[0].address == own_ip(9) + ":1");
  CHECK(half->failures[0].reason.find("refused") != std::string::npos);
  CHECK(a.members().size() == 2);
}

TEST_CASE("a bare address is joined at our own port, as Serf has it") {
  Node a = make_node(quick_config("a", 1));
  must(a.start());
  Config config = quick_config("b", 2);
  config.bind_addr = own_ip(2) + ":" + std::to_string(a.local_member().address.port);
  config.start_join_addrs = {"a/" + own_ip(1)};
  Node b = make_node(config);
  must(b.start());
  CHECK(b.members().size() == 2);
}

TEST_CASE("a port in use is an error that names it; nothing is half-started") {
  const Expected<runtime::BoundSockets> taken =
      runtime::bind_sockets({*IpAddress::parse(own_ip(3)), 0});
  REQUIRE(taken);
  Config config = quick_config("a", 3);
  config.bind_addr = taken->address.to_string();
  Node a = make_node(config);
  const Expected<void> started = a.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == ErrorCode::AddressInUse);
  CHECK(started.error().message ==
        "cannot listen on " + config.bind_addr + " (TCP): address already in use");
}

TEST_CASE("what cannot work is refused by create") {
  Config config = quick_config("a", 1);
  config.encryption_keys = {Bytes(5)};
  CHECK(Node::create(config).error().code == ErrorCode::InvalidArgument);
  config = quick_config("a", 1);
  config.tags = {{"long", std::string(600, 'x')}};
  CHECK(Node::create(config).error().code == ErrorCode::TooLarge);
}

TEST_CASE("tags beyond the limit change nothing") {
  Node a = make_node(quick_config("a", 1));
  must(a.start());
  must(a.set_tags({{"k", "v"}}));
  const Expected<void> refused = a.set_tags({{"long", std::string(600, 'x')}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::TooLarge);
  CHECK(a.local_member().tags == Tags{{"k", "v"}});
}

TEST_CASE("an empty name is the host's") {
  Node a = make_node(quick_config("", 1));
  must(a.start());
  CHECK_FALSE(a.local_member().name.empty());
}

TEST_CASE("two nodes on ::1" * doctest::skip(!has_ipv6())) {
  Config config_a = quick_config("a", 1);
  config_a.bind_addr = "[::1]:0";
  Node a = make_node(config_a);
  must(a.start());
  Config config_b = quick_config("b", 2);
  config_b.bind_addr = "[::1]:0";
  config_b.start_join_addrs = {place(a)};
  Node b = make_node(config_b);
  must(b.start());
  CHECK(find(b, "a").address.to_string().starts_with("[::1]:"));
}

TEST_CASE("200 idle connections hinder no join: the 128 youngest are kept, the others make room") {
  constexpr std::size_t kKept = 128;
  Config config_a = quick_config("a", 1);
  config_a.timing.tcp_timeout = std::chrono::hours(1);  // no deadline in this test
  Node a = make_node(config_a);
  must(a.start());
  const std::vector<runtime::Descriptor> idle = connect_idle(a, 200);
  Config config = quick_config("b", 2);
  config.start_join_addrs = {place(a)};
  Node b = make_node(config);
  must(b.start());
  CHECK(b.members().size() == 2);
  // One of the 128 was the join.
  const std::size_t closed = idle.size() - (kKept - 1);
  for (std::size_t i = 0; i < closed; ++i) {
    CHECK(is_closed_in_the_end(idle[i]));
  }
  for (std::size_t i = closed; i < idle.size(); ++i) {
    pollfd open{idle[i].get(), POLLIN, 0};
    CHECK(::poll(&open, 1, 0) == 0);
  }
}

TEST_CASE("idle connections that take nobody's room are each closed at their deadline") {
  Node a = make_node(quick_config("a", 1));
  must(a.start());
  for (const runtime::Descriptor& each : connect_idle(a, 100)) {
    CHECK(is_closed_in_the_end(each));
  }
}

TEST_CASE("with encryption, another key is named as the reason of a failed join") {
  Config config = quick_config("a", 1);
  config.encryption_keys = {Bytes(16, 1)};
  Node a = make_node(config);
  must(a.start());
  Config same = quick_config("b", 2);
  same.encryption_keys = {Bytes(16, 1)};
  same.start_join_addrs = {place(a)};
  Node b = make_node(same);
  must(b.start());
  CHECK(b.members().size() == 2);
  Config other = quick_config("c", 3);
  other.encryption_keys = {Bytes(32, 2)};
  other.start_join_addrs = {place(a)};
  Node c = make_node(other);
  const Expected<void> started = c.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().message.find(
            place(a) + ": the answer cannot be decrypted: the encryption keys differ") !=
        std::string::npos);
}
