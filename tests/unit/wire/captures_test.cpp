// Messages that real agents sent each other: every plain, uncompressed one decodes and, where our encoder has
// but one form for it, comes out again byte by byte.
#include <cstdint>
#include <optional>
#include <string>

#include "unit/wire/codec_vectors.h"
#include "wire/cluster_codec.h"
#include "wire/describe.h"
#include "wire/swim_codec.h"
#include "wire/tags_codec.h"

namespace gossip::wire {
namespace {

using test::from_hex;
using test::Json;
using test::load_vectors;
using test::to_hex;

constexpr auto kCompressByte = static_cast<std::uint8_t>(MessageType::Compress);

ByteView without_label(ByteView bytes) {
  const bool labelled =
      !bytes.empty() && bytes.front() == static_cast<std::uint8_t>(MessageType::Label);
  return labelled ? bytes.subspan(2U + bytes[1]) : bytes;
}

// Calls `visit(message)` for the messages of a packet, label, CRC and compound taken off here by hand;
// a compressed packet has its own tests.
template <typename Visit>
void for_each_message(ByteView packet, Visit visit) {
  packet = without_label(packet);
  if (packet.front() == static_cast<std::uint8_t>(MessageType::HasCrc)) packet = packet.subspan(5);
  if (packet.front() == kCompressByte) return;
  if (packet.front() != static_cast<std::uint8_t>(MessageType::Compound)) return visit(packet);
  const std::size_t count = packet[1];
  std::size_t at = 2 + 2 * count;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t size = packet[2 + 2 * i] * 256U + packet[3 + 2 * i];
    visit(packet.subspan(at, size));
    at += size;
  }
}

template <typename Message>
void check_again(const std::optional<Message>& message, ByteView whole, bool same_bytes) {
  REQUIRE(message.has_value());
  if (same_bytes) CHECK(to_hex(encode(*message)) == to_hex(whole));
}

void check_serf_message(ByteView whole, bool same_bytes) {
  const ByteView body = whole.subspan(1);
  switch (static_cast<ClusterType>(whole.front())) {
    case ClusterType::Leave: return check_again(decode_leave_intent(body), whole, same_bytes);
    case ClusterType::Join: return check_again(decode_join_intent(body), whole, same_bytes);
    case ClusterType::UserEvent: return check_again(decode_user_event(body), whole, same_bytes);
    case ClusterType::Query: return check_again(decode_query(body), whole, same_bytes);
    case ClusterType::QueryResponse:
      return check_again(decode_query_response(body), whole, same_bytes);
    case ClusterType::Relay: {
      const std::optional<Relay> relay = decode_relay(body);
      check_again(relay, whole, same_bytes);
      CHECK(relay->message.front() == static_cast<std::uint8_t>(ClusterType::QueryResponse));
      return check_again(decode_query_response(relay->message.subspan(1)), relay->message,
                         same_bytes);
    }
    default: FAIL("unexpected in gossip: ", describe(whole));
  }
}

void check_ack(const std::optional<Ack>& ack, ByteView whole, bool same_bytes) {
  check_again(ack, whole, same_bytes);
  if (!ack->payload.empty()) CHECK(decode_ack_payload(ack->payload).has_value());
}

// Every agent recorded had tags that decode to the last byte, so they encode to as many.
void check_alive(const std::optional<Alive>& alive, ByteView whole, bool same_bytes) {
  check_again(alive, whole, same_bytes);
  CHECK(alive->versions.size() == 6);
  const Expected<Bytes> meta = encode_tags(decode_tags(alive->meta), 5);
  REQUIRE(meta.has_value());
  CHECK(meta->size() == alive->meta.size());
}

void check_message(ByteView whole, bool same_bytes) {
  CAPTURE(to_hex(whole));
  CHECK(describe(whole).find("malformed") == std::string::npos);
  const ByteView body = whole.subspan(1);
  switch (static_cast<MessageType>(whole.front())) {
    case MessageType::Ping: return check_again(decode_ping(body), whole, same_bytes);
    case MessageType::IndirectPing:
      return check_again(decode_indirect_ping(body), whole, same_bytes);
    case MessageType::Ack: return check_ack(decode_ack(body), whole, same_bytes);
    case MessageType::Nack: return check_again(decode_nack(body), whole, same_bytes);
    case MessageType::Suspect: return check_again(decode_suspect(body), whole, same_bytes);
    case MessageType::Dead: return check_again(decode_dead(body), whole, same_bytes);
    case MessageType::Alive: return check_alive(decode_alive(body), whole, same_bytes);
    case MessageType::User: return check_serf_message(body, same_bytes);
    default: FAIL("unexpected in a packet: ", describe(whole));
  }
}

// A push/pull as one side of a stream sent it; compressed and other bodies are left to their own tests.
bool check_stream(ByteView stream) {
  const ByteView whole = without_label(stream);
  if (whole.empty() || whole.front() != static_cast<std::uint8_t>(MessageType::PushPull))
    return false;
  std::size_t offset = 1;
  PushPullHeader header;
  REQUIRE(parse(whole, offset, header) == Parse::Done);
  for (std::int64_t i = 0; i < header.node_count; ++i) {
    NodeState row;
    REQUIRE(parse(whole, offset, row) == Parse::Done);
    CHECK_FALSE(row.name.empty());
  }
  REQUIRE(whole.size() - offset == static_cast<std::size_t>(header.user_state_bytes));
  const ByteView state = whole.subspan(offset);
  REQUIRE(state.front() == static_cast<std::uint8_t>(ClusterType::PushPull));
  const std::optional<ClusterState> decoded = decode_cluster_state(state.subspan(1));
  REQUIRE(decoded.has_value());
  CHECK(decoded->events.size() == 512);
  CHECK(decoded->status_times.size() >= 1);
  CHECK(encode(*decoded).size() == state.size());
  return true;
}

struct Capture {
  const char* file;
  std::size_t messages_at_least;
  std::size_t push_pulls_at_least;
  // Newer agents write positive signed numbers in another form than 0.9.4, and we.
  bool same_bytes;
};

TEST_CASE("what real agents said to each other decodes, and comes out again") {
  for (const Capture& expected :
       {Capture{"lifecycle-094-plain.json", 90, 4, true},
        Capture{"failures-094.json", 150, 4, true}, Capture{"name-conflict-094.json", 44, 4, true},
        Capture{"lifecycle-094-compressed.json", 40, 0, true},
        Capture{"lifecycle-mixed-plain.json", 90, 4, false},
        Capture{"label-head-plain.json", 20, 0, false}}) {
    CAPTURE(expected.file);
    const Json capture = load_vectors(std::string("captures/") + expected.file);
    std::size_t messages = 0;
    std::size_t push_pulls = 0;
    for (const Json& packet : capture["packets"]) {
      for_each_message(from_hex(packet["hex"].get<std::string>()), [&](ByteView message) {
        check_message(message, expected.same_bytes);
        ++messages;
      });
    }
    for (const Json& stream : capture["streams"]) {
      for (const char* side : {"dialler_sends", "acceptor_sends"}) {
        push_pulls += check_stream(from_hex(stream[side].get<std::string>())) ? 1 : 0;
      }
    }
    CHECK(messages >= expected.messages_at_least);
    CHECK(push_pulls >= expected.push_pulls_at_least);
  }
}

}  // namespace
}  // namespace gossip::wire
