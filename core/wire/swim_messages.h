// memberlist's messages as plain structs (gossip-wire §5). Text and byte fields are views: of the received
// bytes after decoding, of the sender's own memory before encoding. They hold as long as those do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gossip/bytes.h"
#include "gossip/config.h"
#include "gossip/member.h"

namespace gossip::wire {

// The first byte of a message (gossip-wire §2.1).
enum class MessageType : std::uint8_t {
  Ping = 0,
  IndirectPing = 1,
  Ack = 2,
  Suspect = 3,
  Alive = 4,
  Dead = 5,
  PushPull = 6,
  Compound = 7,
  User = 8,
  Compress = 9,
  Encrypt = 10,
  Nack = 11,
  HasCrc = 12,
  Error = 13,
  Label = 244,
};

inline constexpr std::size_t kMaxMetaBytes = 512;
inline constexpr std::size_t kMaxStreamBytes = std::size_t{20} * 1024 * 1024;
// A row that names its fields takes 63 bytes and more, so no honest state is refused for this. Shorter ones could come
// by the million, and each costs us eighty.
inline constexpr std::size_t kMaxPushPullNodes = kMaxStreamBytes / 64;

// Where answers go, if the sender says so: an address of 4 or 16 bytes, or nothing.
struct Source {
  ByteView address;
  std::uint16_t port = 0;
  std::string_view node;
};

struct Ping {
  std::uint32_t sequence = 0;
  std::string_view node;  // intended recipient; empty: anyone
  Source source;
};

struct IndirectPing {
  std::uint32_t sequence = 0;
  ByteView target;
  std::uint16_t port = 0;
  std::string_view node;
  bool nack = false;
  Source source;
};

struct Ack {
  std::uint32_t sequence = 0;
  ByteView payload;
};

struct Nack {
  std::uint32_t sequence = 0;
};

struct ErrorReply {
  std::string_view error;
};

struct Suspect {
  std::uint32_t incarnation = 0;
  std::string_view node;
  std::string_view from;
};

struct Dead {
  std::uint32_t incarnation = 0;
  std::string_view node;
  std::string_view from;  // equal to `node`: left on purpose
};

struct Alive {
  std::uint32_t incarnation = 0;
  std::string_view node;
  ByteView address;  // 4 or 16 bytes, else the receiver drops the message
  std::uint16_t port = 0;
  ByteView meta;
  ByteView versions;  // 6 bytes, or fewer from odd senders
};

// The state numbers of push/pull.
enum class NodeStateKind : std::uint8_t { Alive = 0, Suspect = 1, Dead = 2, Left = 3 };

// One row of a push/pull.
struct NodeState {
  std::string_view name;
  ByteView address;
  std::uint16_t port = 0;
  ByteView meta;
  std::uint32_t incarnation = 0;
  NodeStateKind state = NodeStateKind::Alive;
  ByteView versions;
};

}  // namespace gossip::wire
