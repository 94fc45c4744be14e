#include "sim/streams.h"

#include <string>

#include <doctest/doctest.h>

#include "sim/chance.h"

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

// Two hosts without engines: what their processes would hear.
class Pair {
 public:
  Pair() {
    directory.process_started(0);
    directory.process_started(1);
  }

  void open() {
    streams.open(0, {.id = 7, .to = directory.address(1), .give_up_at = {}}, TimePoint{} + 10s);
  }
  // An hour more.
  void run() { run(agenda.now() + 1h); }
  // Runs until nothing happens any more or `end` comes; the acceptor names its stream 9.
  void run(TimePoint end) {
    while (agenda.next() && *agenda.next() <= end) {
      Happening happening = agenda.take();
      if (happening.what != Happening::What::Deliver) {
        streams.handle(happening);
        continue;
      }
      Input& input = happening.input;
      if (input.kind == StepKind::Accepted) {
        connection = input.connection;
        CHECK(streams.accepted(connection, 9));
        heard += "accepted ";
      } else if (streams.name(input.connection, input.side)) {
        hear(happening.host, input);
      }
    }
    agenda.pass(end);
  }

  Agenda agenda;
  Links links{2, chance(1, Purpose::Network)};
  Directory directory{2};
  Streams streams{agenda, links, directory, chance(1, Purpose::Streams)};
  std::string heard;
  std::string bytes;  // of both directions
  ConnectionId connection = 0;

 private:
  void hear(HostId host, Input& input) {
    heard += host_name(host) + ":";
    switch (input.kind) {
      case StepKind::Opened: heard += "opened "; break;
      case StepKind::StreamBytes:
        heard += "bytes ";
        bytes += as_text(input.bytes);
        break;
      default:
        heard += std::string(to_string(input.end)) + " ";
        streams.ended(input.connection, input.side);
    }
  }
};

WriteStream text(StreamId id, std::string_view words) {
  return {id, Bytes(words.begin(), words.end())};
}

TEST_CASE("a connection opens, carries bytes both ways and ends") {
  Pair pair;
  pair.open();
  pair.run();
  CHECK(pair.heard == "accepted n0:opened ");
  pair.streams.write(0, text(7, "ping"));
  pair.run();
  pair.streams.write(1, text(9, "pong"));
  pair.streams.close(1, 9);
  pair.run();
  CHECK(pair.bytes == "pingpong");
  CHECK(pair.heard == "accepted n0:opened n1:bytes n0:bytes n0:connection closed ");
  CHECK_FALSE(pair.streams.name(pair.connection, Side::Dialler));
}

TEST_CASE("nobody there, no process there and no way there are told apart") {
  Pair pair;
  SUBCASE("no process") {
    pair.directory.process_ended(1);
    pair.open();
    pair.run();
    CHECK(pair.heard == "n0:connection refused ");
  }
  SUBCASE("no host") {
    pair.directory.set_power(1, false);
    pair.open();
    pair.run(TimePoint{} + 9999ms);
    CHECK(pair.heard.empty());
    pair.run(TimePoint{} + 11s);
    CHECK(pair.heard == "n0:connection timed out ");
  }
  SUBCASE("a cut that is mended in time") {
    const Links::CutId cut = pair.links.cut({true, false}, CutDirection::FromFirst);
    pair.open();
    pair.run(TimePoint{} + 2s);
    pair.links.mend(cut);
    pair.run();
    CHECK(pair.heard == "accepted n0:opened ");
  }
}

TEST_CASE("a lost segment costs time, and the order stays") {
  Pair pair;
  pair.open();
  pair.run();
  LinkQuality quality;
  quality.loss = 0.5;
  quality.jitter = 20ms;
  pair.links.set_quality(quality);
  pair.streams.set_faults({.in_pieces = true});
  const std::string words(20'000, 'x');
  pair.streams.write(0, text(7, words + "end"));
  pair.run();
  CHECK(pair.bytes == words + "end");
}

TEST_CASE("streams that go wrong do so as they are told") {
  Pair pair;
  const std::string words(5000, 'x');
  SUBCASE("reset") {
    pair.streams.set_faults({.reset = 1});
  }
  SUBCASE("cut") {
    pair.streams.set_faults({.cut = 1});
  }
  SUBCASE("hang") {
    pair.streams.set_faults({.hang = 1});
  }
  pair.open();
  pair.run();
  pair.streams.write(0, text(7, words));
  pair.run();
  CHECK(pair.bytes.size() < words.size());
}

TEST_CASE("the peer of a process that ends hears of it, unless its host goes as well") {
  Pair pair;
  pair.open();
  pair.run();
  pair.heard.clear();
  SUBCASE("process") {
    pair.streams.drop_all(1, true);
    pair.directory.process_ended(1);
    pair.run();
    CHECK(pair.heard == "n0:connection reset ");
  }
  SUBCASE("host") {
    pair.streams.drop_all(1, false);
    pair.directory.process_ended(1);
    pair.directory.set_power(1, false);
    pair.run();
    CHECK(pair.heard.empty());
  }
}

}  // namespace
}  // namespace gossip::sim
