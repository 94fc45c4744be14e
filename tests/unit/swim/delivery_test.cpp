// Our good-bye, until it is known to have arrived.
#include "swim/delivery.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

// What the ping of our leave carries behind it.
std::string count_asked(const std::string& said) {
  std::size_t count = 0;
  for (std::size_t at = said.find("to 192"); at != std::string::npos;
       at = said.find("to 192", at + 1))
    ++count;
  return std::to_string(count);
}

bool is_over(const std::string& said) {
  return said.find("departed\n") != std::string::npos;
}

void leave(World& world) {
  world.said();
  world.swim.leave(world.now, {}, world.out);
}

TEST_CASE("leaving is over when the only other member has acked a ping with the good-bye") {
  World world;
  world.alive("p1");
  leave(world);
  CHECK_FALSE(is_over(world.said()));
  world.ack(2);
  CHECK(world.said().empty());
  world.ack(1);
  CHECK(world.said() == "departed\n");
  world.ack(1);
  world.pass(seconds(2));
  CHECK(world.said().find("departed") == std::string::npos);
}

TEST_CASE("the message that must be taken before the good-bye stands before it in the packet") {
  World world;
  world.alive("p1");
  world.said();
  const std::string intent = "\x08intent";
  world.swim.leave(world.now, Bytes(intent.begin(), intent.end()), world.out);
  CHECK(world.said().find("to 192.0.2.1:7946: ping 1 p1, user intent, dead me 1 from me alone\n") !=
        std::string::npos);
}

TEST_CASE("three of many are asked, and three acks are enough") {
  World world;
  for (const char* name : {"p1", "p2", "p3", "p4", "p5", "p6"})
    world.alive(name);
  leave(world);
  CHECK(count_asked(world.said()) == "3");
  world.ack(1);
  world.ack(3);
  CHECK(world.said().empty());
  world.ack(2);
  CHECK(world.said() == "departed\n");
}

TEST_CASE(
    "a gossip interval later others are asked in place of the silent, and late acks still count") {
  World world;
  for (const char* name : {"p1", "p2", "p3", "p4", "p5", "p6", "p7"})
    world.alive(name);
  leave(world);
  world.said();
  world.ack(1);
  world.pass(milliseconds(199));
  CHECK(world.said().empty());
  world.pass(milliseconds(1));
  CHECK(count_asked(world.said()) == "2");
  world.ack(2);
  CHECK_FALSE(is_over(world.said()));
  world.ack(3);
  CHECK(is_over(world.said()));
}

TEST_CASE("two acks of one member count once") {
  World world;
  world.alive("p1");
  world.alive("p2");
  leave(world);
  world.pass(milliseconds(200));
  world.said();
  // 1 and 2 went to both, 3 and 4 again.
  world.ack(1);
  world.ack(3);
  world.ack(4);
  const std::string said = world.said();
  world.ack(2);
  CHECK(is_over(said + world.said()));
}

TEST_CASE("a member that is gone meanwhile is not waited for") {
  World world;
  world.alive("p1");
  world.alive("p2");
  leave(world);
  world.ack(1);
  world.dead("p1", 1, "p1");
  world.dead("p2", 1, "p2");
  CHECK_FALSE(is_over(world.said()));
  world.pass(milliseconds(200));
  CHECK(is_over(world.said()));
}

TEST_CASE("a member that is suspected is not waited for") {
  World world;
  world.alive("p1");
  world.alive("p2");
  leave(world);
  world.ack(1);
  world.suspect("p1", 1, "p3");
  world.suspect("p2", 1, "p3");
  world.pass(milliseconds(200));
  CHECK(is_over(world.said()));
}

TEST_CASE("leaving is over at once where nobody else is") {
  World world;
  world.alive("p1");
  world.dead("p1", 1, "p1");
  leave(world);
  CHECK(world.said() == "all about me: dead me 1 from me\ngone me\ndeparted\n");
}

TEST_CASE("nobody acks: the layer goes on asking, its owner has the limit") {
  World world;
  world.alive("p1");
  leave(world);
  world.pass(seconds(5));
  const std::string said = world.said();
  CHECK_FALSE(is_over(said));
  CHECK(std::stoi(count_asked(said)) >= 25);
}

}  // namespace
}  // namespace gossip::swim
