#include "swim/broadcast_queue.h"

#include <map>
#include <string>

#include <doctest/doctest.h>

#include "base/rng.h"

namespace gossip::swim {
namespace {

using Tickets = BroadcastQueue::Tickets;

Bytes message(std::size_t length, std::uint8_t fill = 0) {
  return Bytes(length, fill);
}

TEST_CASE("a message about the same name displaces the older one and ends its ticket") {
  BroadcastQueue queue;
  Tickets done;
  queue.insert("a", message(10), 7, done);
  queue.insert("b", message(10), 8, done);
  CHECK(done.empty());
  queue.insert("a", message(11), 9, done);
  CHECK(done == Tickets{7});
  CHECK(queue.size() == 2);
}

TEST_CASE("messages without a name displace nothing") {
  BroadcastQueue queue;
  Tickets done;
  queue.insert("", message(10), 1, done);
  queue.insert("", message(10), 2, done);
  CHECK(queue.size() == 2);
  CHECK(done.empty());
}

TEST_CASE("a ticket ends with the last transmission, or when the message is shed") {
  BroadcastQueue queue;
  Tickets done;
  std::vector<Bytes> out;
  queue.insert("a", message(10), 1, done);
  CHECK(queue.take({.overhead = 2, .bytes = 100, .retransmit_limit = 2}, out, done) == 12);
  CHECK(done.empty());
  CHECK(queue.take({.overhead = 2, .bytes = 100, .retransmit_limit = 2}, out, done) == 12);
  CHECK(done == Tickets{1});
  CHECK(queue.empty());

  queue.insert("b", message(10), 2, done);
  queue.insert("c", message(20), 3, done);
  CHECK(queue.prune(1, done) == 1);
  CHECK(done == Tickets{1, 2});
  CHECK(queue.prune(1, done) == 0);
}

TEST_CASE("the oldest are shed, not the shortest nor the most transmitted") {
  BroadcastQueue queue;
  Tickets done;
  std::vector<Bytes> out;
  queue.insert("", message(500), 1, done);
  queue.insert("", message(40), 2, done);
  queue.insert("", message(30), 3, done);
  (void)queue.take({.bytes = 35, .retransmit_limit = 9}, out, done);  // the third, once
  queue.insert("", message(10), 4, done);
  CHECK(queue.prune(2, done) == 2);
  CHECK(done == Tickets{1, 2});
  CHECK(queue.size() == 2);
}

TEST_CASE("what is displaced without a successor is gone, and its ticket over") {
  BroadcastQueue queue;
  Tickets done;
  queue.insert("a", message(10), 7, done);
  queue.displace("b", done);
  CHECK(queue.size() == 1);
  queue.displace("a", done);
  CHECK(queue.empty());
  CHECK(done == Tickets{7});
}

TEST_CASE("a limit of nought still sends each message once") {
  BroadcastQueue queue;
  Tickets done;
  std::vector<Bytes> out;
  queue.insert("a", message(10), 0, done);
  (void)queue.take({.overhead = 2, .bytes = 100, .retransmit_limit = 0}, out, done);
  CHECK(out.size() == 1);
  CHECK(queue.empty());
  CHECK(done.empty());
}

TEST_CASE("a take may leave alone what went often enough, and stop at a number of messages") {
  BroadcastQueue queue;
  Tickets done;
  std::vector<Bytes> out;
  queue.insert("old", message(30), 0, done);
  (void)queue.take({.bytes = 100, .retransmit_limit = 9}, out, done);
  queue.insert("new", message(10), 0, done);
  queue.insert("newer", message(11), 0, done);
  out.clear();
  CHECK(queue.take({.bytes = 100, .messages = 1, .retransmit_limit = 9, .below_transmits = 1}, out,
                   done) == 13);
  CHECK(queue.take({.bytes = 100, .retransmit_limit = 9, .below_transmits = 1}, out, done) == 12);
  CHECK(queue.take({.bytes = 100, .retransmit_limit = 9, .below_transmits = 1}, out, done) == 0);
  CHECK(out == std::vector<Bytes>{message(11), message(10)});
  CHECK(queue.size() == 3);
}

TEST_CASE("what does not fit waits, and smaller messages overtake it") {
  BroadcastQueue queue;
  Tickets done;
  std::vector<Bytes> out;
  queue.insert("big", message(200), 0, done);
  queue.insert("small", message(10), 0, done);
  CHECK(queue.take({.overhead = 2, .bytes = 100, .retransmit_limit = 4}, out, done) == 12);
  REQUIRE(out.size() == 1);
  CHECK(out[0].size() == 10);
  CHECK(queue.size() == 2);
}

TEST_CASE(
    "with names, random inserts, takes and prunes keep one message a name and lose no ticket") {
  BroadcastQueue queue;
  base::Rng rng({3});
  Tickets done;
  std::uint32_t given = 0;
  for (int step = 0; step < 20'000; ++step) {
    switch (rng.uniform(8)) {
      case 0: {
        std::vector<Bytes> out;
        std::size_t limit = rng.uniform(1400);
        CHECK(queue.take({.overhead = 2, .bytes = limit, .retransmit_limit = 4}, out, done) <=
              limit);
        break;
      }
      case 1: (void)queue.prune(300, done); break;
      default:
        queue.insert("member-" + std::to_string(rng.uniform(500)), message(rng.uniform(300) + 1),
                     ++given, done);
    }
    REQUIRE(queue.size() <= 500);
    REQUIRE(done.size() + queue.size() == given);
  }
  (void)queue.prune(0, done);
  std::map<std::uint32_t, int> ends;
  for (std::uint32_t ticket : done)
    ++ends[ticket];
  CHECK(ends.size() == given);
  CHECK(done.size() == given);
}

}  // namespace
}  // namespace gossip::swim
