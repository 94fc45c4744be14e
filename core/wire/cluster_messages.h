// Serf's messages as plain structs (gossip-wire §8.2, §9). Text and byte fields are views, as in
// wire/swim_messages.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/lamport_time.h"
#include "gossip/member.h"

namespace gossip::wire {

// The first byte of a Serf message, which travels inside a memberlist user message.
enum class ClusterType : std::uint8_t {
  Leave = 0,
  Join = 1,
  PushPull = 2,
  UserEvent = 3,
  Query = 4,
  QueryResponse = 5,
  ConflictResponse = 6,
  KeyRequest = 7,
  KeyResponse = 8,
  Relay = 9,
};

// Of a message with its type byte. No packet holds more once it is unfolded; a stream could, but nobody sends such.
inline constexpr std::size_t kMaxClusterMessageBytes = std::size_t{64} * 1024;

struct JoinIntent {
  LamportTime time = 0;
  std::string_view node;
};

struct LeaveIntent {
  LamportTime time = 0;
  std::string_view node;
  bool prune = false;
};

struct UserEventMessage {
  LamportTime time = 0;
  std::string_view name;
  ByteView payload;
  bool coalesce = false;
};

// Bits of a query's and of a response's flags.
inline constexpr std::uint32_t kQueryAckWanted = 1;
inline constexpr std::uint32_t kQueryNoBroadcast = 2;
inline constexpr std::uint32_t kResponseIsAck = 1;
// Ours, in an ack: no answer will follow. Serf looks at bit 1 alone (serf messages.go, Ack).
inline constexpr std::uint32_t kResponseNoAnswer = 0x100;

inline constexpr std::size_t kMaxQueryFilters = 256;

struct QueryMessage {
  LamportTime time = 0;
  std::uint32_t id = 0;
  ByteView address;
  std::uint16_t port = 0;
  std::string_view source_node;
  std::vector<ByteView> filters;
  std::uint32_t flags = 0;
  std::uint8_t relay_factor = 0;
  std::int64_t timeout_ns = 0;
  std::string_view name;
  ByteView payload;
};

struct QueryResponse {
  LamportTime time = 0;
  std::uint32_t id = 0;
  std::string_view from;
  std::uint32_t flags = 0;
  ByteView payload;
};

// A response on its way through another member: the header, then a whole Serf message.
struct Relay {
  ByteView address;
  std::uint16_t port = 0;
  std::string_view zone;
  std::string_view node;
  ByteView message;
};

// What a filter says, behind its own type byte.
inline constexpr std::size_t kMaxFilterNodes = 65'536;
struct NodeFilter {
  std::vector<std::string_view> nodes;
};
struct TagFilter {
  std::string_view tag;
  std::string_view expression;
};

struct ConflictResponse {
  std::string_view name;
  ByteView address;
  std::uint16_t port = 0;
  Tags tags;
  std::int64_t status = 0;
  Versions versions;
};

struct KeyRequest {
  ByteView key;
};

inline constexpr std::size_t kMaxResponseKeys = 4'096;

struct KeyResponse {
  bool result = false;
  std::string_view message;
  std::vector<std::string_view> keys;
  std::string_view primary_key;
};

// One event in a slot of the ring that push/pull carries.
struct SlotEvent {
  std::string_view name;
  ByteView payload;
};
struct EventSlot {
  LamportTime time = 0;
  std::vector<SlotEvent> events;
};

inline constexpr std::size_t kMaxEventSlots = 65'536;
inline constexpr std::size_t kMaxEventsPerSlot = 1'024;
inline constexpr std::size_t kMaxStateEvents = 262'144;   // in all slots together
inline constexpr std::size_t kMaxStateMembers = 327'680;  // as many as nodes in a push/pull

struct ClusterState {
  LamportTime member_time = 0;
  LamportTime event_time = 0;
  LamportTime query_time = 0;
  std::vector<std::pair<std::string_view, LamportTime>> status_times;
  std::vector<std::string_view> left_members;
  std::vector<std::optional<EventSlot>> events;  // in ring order, most of them none
};

}  // namespace gossip::wire
