// The limits on all TCP conversations together, seen from outside.
#include "engine/conversations.h"

#include <algorithm>
#include <span>

#include <doctest/doctest.h>

#include "unit/engine/lone.h"
#include "wire/stream.h"
#include "wire/swim_codec.h"

namespace gossip {
namespace {

TEST_CASE("two hundred silent connections leave room: the longest silent goes for the newcomer") {
  Lone node;
  for (int i = 0; i < 200; ++i) {
    (void)node.engine->accept_stream(kStart + std::chrono::milliseconds(i), kStranger, node.out);
  }
  CHECK(node.engine->stats().gauges.open_streams == 128);
  CHECK(count<CloseStream>(node.out) == 72);
  CHECK(node.engine->stats().counters.dropped_for(Drop::StreamLimit) == 72);
  // A ping on a new stream is answered all the same.
  const TimePoint later = kStart + std::chrono::seconds(1);
  const StreamId id = node.engine->accept_stream(later, kStranger, node.out);
  node.out.clear();
  node.engine->receive_stream(
      later, id, wire::encode(wire::Ping{.sequence = 5, .node = "a", .source = {}}), node.out);
  CHECK(count<WriteStream>(node.out) == 1);
  node.out.clear();
  node.engine->advance(kStart + std::chrono::seconds(11), node.out);
  CHECK(node.engine->stats().gauges.open_streams == 0);
}

// The beginning of a push/pull without nodes whose user state is as large as it may be.
Bytes half_a_state() {
  const Bytes state(wire::kMaxStreamBytes - 100);
  Bytes whole = wire::encode(wire::PushPull{.join = false, .nodes = {}, .user_state = state});
  whole.resize(whole.size() / 2 + 7'000'000);
  return whole;
}

void feed_in_pieces(Lone& node, StreamId id, ByteView bytes) {
  constexpr std::size_t kPiece = 1'000'000;
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    const ByteView piece = bytes.subspan(at, std::min(kPiece, bytes.size() - at));
    node.engine->receive_stream(kStart, id, piece, node.out);
  }
}

TEST_CASE("when streams hold too much our own stays longest") {
  Lone node;
  const Address contact{IpAddress::v4({127, 0, 0, 2}), kDefaultPort};
  REQUIRE(
      node.engine->join(kStart, std::span(&contact, 1), Replay::IgnoreOld, node.out).has_value());
  const StreamId ours = std::get<OpenStream>(node.out.front()).id;
  node.engine->stream_opened(kStart, ours, node.out);
  const Bytes half = half_a_state();
  feed_in_pieces(node, ours, half);
  node.out.clear();
  for (int hog = 0; hog < 3; ++hog) {
    const StreamId id = node.engine->accept_stream(kStart, kStranger, node.out);
    feed_in_pieces(node, id, ByteView(half).first(9'000'000));
    for (const Effect& effect : node.out) {
      if (const auto* close = std::get_if<CloseStream>(&effect)) CHECK(close->id != ours);
    }
  }
  CHECK(node.engine->stats().counters.dropped_for(Drop::StreamLimit) > 0);
}

TEST_CASE("when streams hold too much the fullest goes, not the one that has just spoken") {
  Lone node;
  const Bytes half = half_a_state();
  for (int hog = 0; hog < 4; ++hog) {
    const StreamId id = node.engine->accept_stream(kStart, kStranger, node.out);
    feed_in_pieces(node, id, half);
  }
  CHECK(node.engine->stats().counters.dropped_for(Drop::StreamLimit) > 0);
  node.out.clear();
  const StreamId honest = node.engine->accept_stream(kStart, kStranger, node.out);
  const Bytes whole = wire::encode(wire::PushPull{});
  for (const std::uint8_t byte : whole)
    node.engine->receive_stream(kStart, honest, ByteView(&byte, 1), node.out);
  CHECK(count<WriteStream>(node.out) == 1);
}

TEST_CASE("a whole message that has unfolded counts as well") {
  Lone node;
  const Bytes half = half_a_state();
  for (int hog = 0; hog < 2; ++hog)
    feed_in_pieces(node, node.engine->accept_stream(kStart, kStranger, node.out), half);
  CHECK(node.engine->stats().counters.dropped_for(Drop::StreamLimit) == 0);
  node.out.clear();
  const Bytes blank(wire::kMaxStreamBytes - 100);
  const Bytes folded = wire::seal_stream(
      wire::encode(wire::PushPull{.join = false, .nodes = {}, .user_state = blank}),
      wire::StreamSide::Dialler, {.label = {}, .compression = Compression::On, .cipher = nullptr},
      node.nonces);
  CHECK(folded.size() < 100'000);
  const StreamId id = node.engine->accept_stream(kStart, kStranger, node.out);
  node.engine->receive_stream(kStart, id, folded, node.out);
  CHECK(node.engine->stats().counters.dropped_for(Drop::StreamLimit) == 1);
  CHECK(count<WriteStream>(node.out) == 1);
}

TEST_CASE("a message that no packet could hold is refused on a stream before it has come") {
  Lone node;
  const StreamId id = node.engine->accept_stream(kStart, kStranger, node.out);
  const Bytes body = query(70'000);
  const Bytes huge = wire::encode(wire::UserMessage{.body = body});
  node.engine->receive_stream(kStart, id, ByteView(huge).first(100), node.out);
  CHECK(node.engine->stats().counters.dropped_for(Drop::TooLarge) == 1);
  CHECK(node.engine->stats().counters.queries == 0);
  CHECK(count<CloseStream>(node.out) == 1);
}

}  // namespace
}  // namespace gossip
