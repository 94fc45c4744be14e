#include "wire/cluster_codec.h"

#include <cstdint>
#include <limits>
#include <string>

#include "unit/wire/codec_vectors.h"

namespace gossip::wire {
namespace {

using test::body_of;
using test::bool_field;
using test::for_each_flip;
using test::for_each_prefix;
using test::from_hex;
using test::hex_field;
using test::Json;
using test::load_vectors;
using test::number_field;
using test::text_field;
using test::to_hex;

// Each overload: the message says what the vector's fields say.
void check_fields(const JoinIntent& message, const Json& fields) {
  CHECK(message.time == number_field(fields, "LTime"));
  CHECK(message.node == text_field(fields, "Node"));
}

void check_fields(const LeaveIntent& message, const Json& fields) {
  CHECK(message.time == number_field(fields, "LTime"));
  CHECK(message.node == text_field(fields, "Node"));
  CHECK(message.prune == bool_field(fields, "Prune"));
}

void check_fields(const UserEventMessage& message, const Json& fields) {
  CHECK(message.coalesce == bool_field(fields, "CC"));
  CHECK(message.time == number_field(fields, "LTime"));
  CHECK(message.name == text_field(fields, "Name"));
  CHECK(to_hex(message.payload) == hex_field(fields, "Payload"));
}

void check_fields(const QueryMessage& message, const Json& fields) {
  CHECK(to_hex(message.address) == hex_field(fields, "Addr"));
  CHECK(message.filters.size() == fields["Filters"].size());
  for (std::size_t i = 0; i < message.filters.size(); ++i) {
    CHECK(to_hex(message.filters[i]) == fields["Filters"][i]);
  }
  CHECK(message.flags == number_field(fields, "Flags"));
  CHECK(message.id == number_field(fields, "ID"));
  CHECK(message.time == number_field(fields, "LTime"));
  CHECK(message.name == text_field(fields, "Name"));
  CHECK(to_hex(message.payload) == hex_field(fields, "Payload"));
  CHECK(message.port == number_field(fields, "Port"));
  CHECK(message.relay_factor == number_field(fields, "RelayFactor"));
  CHECK(message.source_node == text_field(fields, "SourceNode"));
  CHECK(message.timeout_ns == fields["Timeout"].get<std::int64_t>());
}

void check_fields(const QueryResponse& message, const Json& fields) {
  CHECK(message.flags == number_field(fields, "Flags"));
  CHECK(message.from == text_field(fields, "From"));
  CHECK(message.id == number_field(fields, "ID"));
  CHECK(message.time == number_field(fields, "LTime"));
  CHECK(to_hex(message.payload) == hex_field(fields, "Payload"));
}

void check_fields(const Relay& message, const Json& fields) {
  const Json& address = fields["DestAddr"];
  CHECK(to_hex(message.address) == hex_field(address, "IP"));
  CHECK(message.port == number_field(address, "Port"));
  CHECK(message.zone == text_field(address, "Zone"));
  CHECK(message.node == text_field(fields, "DestName"));
  CHECK(to_hex(message.message) == hex_field(fields, "message"));
}

void check_fields(const NodeFilter& filter, const Json& fields) {
  REQUIRE(filter.nodes.size() == fields["nodes"].size());
  for (std::size_t i = 0; i < filter.nodes.size(); ++i)
    CHECK(filter.nodes[i] == fields["nodes"][i]);
}

void check_fields(const TagFilter& filter, const Json& fields) {
  CHECK(filter.tag == text_field(fields, "Tag"));
  CHECK(filter.expression == text_field(fields, "Expr"));
}

void check_fields(const KeyRequest& message, const Json& fields) {
  CHECK(to_hex(message.key) == hex_field(fields, "Key"));
}

void check_fields(const KeyResponse& message, const Json& fields) {
  REQUIRE(message.keys.size() == fields["Keys"].size());
  for (std::size_t i = 0; i < message.keys.size(); ++i)
    CHECK(message.keys[i] == fields["Keys"][i]);
  CHECK(message.message == text_field(fields, "Message"));
  CHECK(message.primary_key == text_field(fields, "PrimaryKey"));
  CHECK(message.result == bool_field(fields, "Result"));
}

void check_fields(const ConflictAnswer& answer, const Json& fields) {
  REQUIRE(answer.member.has_value() == !fields.is_null());
  if (fields.is_null()) return;
  const ConflictResponse& member = *answer.member;
  CHECK(to_hex(member.address) == hex_field(fields, "Addr"));
  CHECK(member.name == text_field(fields, "Name"));
  CHECK(member.port == number_field(fields, "Port"));
  CHECK(static_cast<std::uint64_t>(member.status) == number_field(fields, "Status"));
  CHECK(member.versions.delegate_current == number_field(fields, "DelegateCur"));
  CHECK(member.versions.delegate_max == number_field(fields, "DelegateMax"));
  CHECK(member.versions.delegate_min == number_field(fields, "DelegateMin"));
  CHECK(member.versions.protocol_current == number_field(fields, "ProtocolCur"));
  CHECK(member.versions.protocol_max == number_field(fields, "ProtocolMax"));
  CHECK(member.versions.protocol_min == number_field(fields, "ProtocolMin"));
  CHECK(member.tags.size() == fields["Tags"].size());
  for (const auto& [name, value] : member.tags)
    CHECK(value == fields["Tags"][name]);
}

void check_slot(const EventSlot& slot, const Json& fields) {
  CHECK(slot.time == number_field(fields, "LTime"));
  REQUIRE(slot.events.size() == fields["Events"].size());
  for (std::size_t i = 0; i < slot.events.size(); ++i) {
    CHECK(slot.events[i].name == text_field(fields["Events"][i], "Name"));
    CHECK(to_hex(slot.events[i].payload) == hex_field(fields["Events"][i], "Payload"));
  }
}

void check_fields(const ClusterState& state, const Json& fields) {
  CHECK(state.member_time == number_field(fields, "LTime"));
  CHECK(state.event_time == number_field(fields, "EventLTime"));
  CHECK(state.query_time == number_field(fields, "QueryLTime"));
  REQUIRE(state.events.size() == fields["Events"].size());
  for (std::size_t i = 0; i < state.events.size(); ++i) {
    REQUIRE(state.events[i].has_value() == !fields["Events"][i].is_null());
    if (state.events[i].has_value()) check_slot(*state.events[i], fields["Events"][i]);
  }
  CHECK(state.left_members.size() == fields["LeftMembers"].size());
  for (std::size_t i = 0; i < state.left_members.size(); ++i) {
    CHECK(state.left_members[i] == fields["LeftMembers"][i]);
  }
  CHECK(state.status_times.size() == fields["StatusLTimes"].size());
  for (const auto& [name, time] : state.status_times) {
    CHECK(time == number_field(fields["StatusLTimes"], std::string(name).c_str()));
  }
}

// Values of which we send another form: nil for empty bytes, an empty map for tags that are nil.
bool is_sent_otherwise(const Json& fields) {
  return fields.is_object() && ((fields.contains("Payload") && fields["Payload"] == "") ||
                                (fields.contains("Tags") && fields["Tags"].is_null()));
}

// `decode` takes bodies; the message goes through it in every form. A relay carries on behind its header, so
// there a cut may leave a sound message.
template <typename Decode>
void check_message(const Json& vector, Decode decode) {
  const Bytes whole = from_hex(vector["hex"].get<std::string>());
  const auto message = decode(body_of(whole));
  REQUIRE(message.has_value());
  check_fields(*message, vector["fields"]);
  if (!is_sent_otherwise(vector["fields"])) CHECK(to_hex(encode(*message)) == vector["hex"]);
  const std::size_t tail =
      vector["kind"] == "relay" ? vector["fields"]["message"].get<std::string>().size() / 2 : 0;
  for_each_prefix(body_of(whole), [&](const Bytes& cut) {
    CHECK(decode(cut).has_value() == (cut.size() + tail >= whole.size() - 1));
  });
  for_each_flip(body_of(whole), [&](const Bytes& bytes) { static_cast<void>(decode(bytes)); });
  if (vector.contains("hex_head")) {
    const Bytes head = from_hex(vector["hex_head"].get<std::string>());
    const auto newer = decode(body_of(head));
    REQUIRE(newer.has_value());
    check_fields(*newer, vector["fields"]);
  }
}

void check_vector(const Json& vector) {
  const std::string kind = vector["kind"];
  if (kind == "join") return check_message(vector, decode_join_intent);
  if (kind == "leave") return check_message(vector, decode_leave_intent);
  if (kind == "user-event") return check_message(vector, decode_user_event);
  if (kind == "query") return check_message(vector, decode_query);
  if (kind == "query-response") return check_message(vector, decode_query_response);
  if (kind == "relay") return check_message(vector, decode_relay);
  if (kind == "key-request") return check_message(vector, decode_key_request);
  if (kind == "key-response") return check_message(vector, decode_key_response);
  if (kind == "conflict-response") return check_message(vector, decode_conflict_response);
  if (kind == "push-pull") return check_message(vector, decode_cluster_state);
  if (vector["name"] == "filter-node") return check_message(vector, decode_node_filter);
  if (vector["name"] == "filter-tag") return check_message(vector, decode_tag_filter);
  FAIL("no such kind: ", kind);
}

TEST_CASE("Serf's messages are those of the real Serf, in both directions") {
  const Json vectors = load_vectors("serf-messages.json");
  REQUIRE(vectors.size() > 40);
  for (const Json& vector : vectors) {
    CAPTURE(vector["name"].get<std::string>());
    check_vector(vector);
  }
}

TEST_CASE("a leave of an older peer, without Prune, does not prune") {
  const auto leave = decode_leave_intent(from_hex("82a54c54696d6509a44e6f6465a162"));
  REQUIRE(leave.has_value());
  CHECK_FALSE(leave->prune);
}

TEST_CASE("nil is an empty message, and no member for a conflict") {
  const Bytes nil{0xc0};
  REQUIRE(decode_query(nil).has_value());
  CHECK(decode_query(nil)->name.empty());
  REQUIRE(decode_cluster_state(nil).has_value());
  CHECK(decode_cluster_state(nil)->events.empty());
  REQUIRE(decode_conflict_response(nil).has_value());
  CHECK_FALSE(decode_conflict_response(nil)->member.has_value());
  const auto empty = decode_conflict_response(Bytes{0x80});
  REQUIRE(empty.has_value());
  REQUIRE(empty->member.has_value());
  CHECK(empty->member->versions.protocol_max == 0);
}

TEST_CASE("of a repeated list the last one counts") {
  // {LeftMembers: ["a"], LeftMembers: ["b"]}
  const Bytes twice = from_hex("82ab4c6566744d656d6265727391a161ab4c6566744d656d6265727391a162");
  const auto state = decode_cluster_state(twice);
  REQUIRE(state.has_value());
  REQUIRE(state->left_members.size() == 1);
  CHECK(state->left_members.front() == "b");
}

TEST_CASE("a state may have events in any slot, and many members") {
  ClusterState state{.member_time = 9,
                     .event_time = 8,
                     .query_time = 7,
                     .status_times = {},
                     .left_members = {},
                     .events = {}};
  std::vector<std::string> names;
  names.reserve(300);
  for (int i = 0; i < 300; ++i)
    names.push_back("node-" + std::to_string(i));
  for (const std::string& name : names)
    state.status_times.emplace_back(name, 1000 + name.size());
  state.left_members = {"node-1", "node-2"};
  state.events.resize(512);
  const Bytes payload{1, 2, 3};
  state.events[511] = EventSlot{.time = 511, .events = {{"a", payload}, {"b", {}}}};
  const Bytes whole = encode(state);
  const auto decoded = decode_cluster_state(body_of(whole));
  REQUIRE(decoded.has_value());
  CHECK(encode(*decoded) == whole);
  CHECK(decoded->status_times == state.status_times);
  REQUIRE(decoded->events[511].has_value());
  CHECK(decoded->events[511]->events[0].name == "a");
}

// {key: list of `count` items, each of them the one byte `item`}
Bytes list_body(std::string_view key, std::uint32_t count, std::uint8_t item) {
  Bytes body;
  body.push_back(0x81);
  body.push_back(static_cast<std::uint8_t>(0xa0 + key.size()));
  for (const char letter : key)
    body.push_back(static_cast<std::uint8_t>(letter));
  body.push_back(0xdd);
  for (int shift = 24; shift >= 0; shift -= 8)
    body.push_back(static_cast<std::uint8_t>((count >> shift) & 0xff));
  body.resize(body.size() + count, item);
  return body;
}

TEST_CASE("lists beyond their limits are refused") {
  CHECK(decode_cluster_state(list_body("Events", kMaxEventSlots, 0xc0)).has_value());
  CHECK_FALSE(decode_cluster_state(list_body("Events", kMaxEventSlots + 1, 0xc0)).has_value());
  CHECK(decode_cluster_state(list_body("LeftMembers", 100'000, 0xa0)).has_value());
  CHECK_FALSE(
      decode_cluster_state(list_body("LeftMembers", kMaxStateMembers + 1, 0xa0)).has_value());
  CHECK(decode_query(list_body("Filters", kMaxQueryFilters, 0xa0)).has_value());
  CHECK_FALSE(decode_query(list_body("Filters", kMaxQueryFilters + 1, 0xa0)).has_value());
  CHECK(decode_key_response(list_body("Keys", kMaxResponseKeys, 0xa0)).has_value());
  CHECK_FALSE(decode_key_response(list_body("Keys", kMaxResponseKeys + 1, 0xa0)).has_value());
}

TEST_CASE("a slot of the ring holds a bounded number of events") {
  const auto state_with = [](std::uint32_t count) {
    Bytes body = from_hex("81a64576656e747391");
    const Bytes slot = list_body("Events", count, 0x80);
    body.insert(body.end(), slot.begin(), slot.end());
    return body;
  };
  CHECK(decode_cluster_state(state_with(kMaxEventsPerSlot)).has_value());
  CHECK_FALSE(decode_cluster_state(state_with(kMaxEventsPerSlot + 1)).has_value());
}

TEST_CASE("all slots together hold a bounded number of events") {
  const Bytes slot = list_body("Events", kMaxEventsPerSlot, 0x80);
  const auto state_with = [&](std::uint16_t slots) {
    Bytes body = from_hex("81a64576656e7473dc");
    body.push_back(static_cast<std::uint8_t>(slots >> 8));
    body.push_back(static_cast<std::uint8_t>(slots & 0xff));
    for (unsigned i = 0; i < slots; ++i)
      body.insert(body.end(), slot.begin(), slot.end());
    return body;
  };
  constexpr auto kFull = static_cast<std::uint16_t>(kMaxStateEvents / kMaxEventsPerSlot);
  CHECK(decode_cluster_state(state_with(kFull)).has_value());
  CHECK_FALSE(decode_cluster_state(state_with(kFull + 1)).has_value());
}

TEST_CASE("an ack carries a coordinate as Serf does") {
  const Json vectors = load_vectors("ack-payloads.json");
  REQUIRE(vectors.size() == 2);
  for (const Json& vector : vectors) {
    const Bytes payload = from_hex(vector["payload"].get<std::string>());
    const std::optional<Coordinate> coordinate = decode_ack_payload(payload);
    REQUIRE(coordinate.has_value());
    CHECK(coordinate->adjustment == vector["adjustment"].get<double>());
    CHECK(coordinate->error == vector["error"].get<double>());
    CHECK(coordinate->height == vector["height"].get<double>());
    for (std::size_t i = 0; i < coordinate->vec.size(); ++i) {
      CHECK(coordinate->vec[i] == vector["vec"][i].get<double>());
    }
    CHECK(encode_ack_payload(*coordinate) == payload);
    for_each_prefix(payload,
                    [](const Bytes& cut) { CHECK_FALSE(decode_ack_payload(cut).has_value()); });
    for_each_flip(payload,
                  [](const Bytes& bytes) { static_cast<void>(decode_ack_payload(bytes)); });
  }
}

TEST_CASE("an ack payload of another version, dimension or with figures that are none is nothing") {
  Coordinate coordinate;
  Bytes payload = encode_ack_payload(coordinate);
  payload.front() = 2;
  CHECK_FALSE(decode_ack_payload(payload).has_value());
  CHECK_FALSE(decode_ack_payload(from_hex("0180")).has_value());
  CHECK_FALSE(decode_ack_payload(from_hex("01c0")).has_value());
  CHECK_FALSE(decode_ack_payload(from_hex("0181a35665639100")).has_value());
  CHECK_FALSE(decode_ack_payload(from_hex("0181a3566563c0")).has_value());
  CHECK(decode_ack_payload(from_hex("0181a3566563980000000000000000")).has_value());
  CHECK_FALSE(decode_ack_payload(from_hex("0181a356656399000000000000000000")).has_value());
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    coordinate = {};
    coordinate.vec[7] = bad;
    CHECK_FALSE(decode_ack_payload(encode_ack_payload(coordinate)).has_value());
    coordinate = {};
    coordinate.height = -bad;
    CHECK_FALSE(decode_ack_payload(encode_ack_payload(coordinate)).has_value());
  }
}

}  // namespace
}  // namespace gossip::wire
