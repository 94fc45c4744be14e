// What a node is told before it starts. Plain values with Serf's defaults; `check` finds what cannot work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/error.h"
#include "gossip/member.h"
#include "gossip/time.h"

namespace gossip {

// Periods, limits and fan-outs of the protocol; one set for each profile (gossip-wire §6).
struct Timing {
  Duration tcp_timeout = std::chrono::seconds(10);
  std::uint32_t indirect_checks = 3;
  std::uint32_t retransmit_mult = 4;
  std::uint32_t suspicion_mult = 4;
  std::uint32_t suspicion_max_timeout_mult = 6;
  Duration push_pull_interval = std::chrono::seconds(30);
  Duration probe_interval = std::chrono::seconds(1);
  Duration probe_timeout = std::chrono::milliseconds(500);
  std::uint32_t awareness_max_multiplier = 8;
  // A suspected member whose host refuses TCP connections for so long, with nothing to contradict it, is dead before
  // its suspicion is over (core/swim/death_evidence.h). Longer than a restart of the process takes; 0: Serf's way.
  Duration restart_grace = std::chrono::seconds(2);
  Duration gossip_interval = std::chrono::milliseconds(200);
  std::uint32_t gossip_nodes = 3;
  Duration gossip_to_the_dead_time = std::chrono::seconds(30);
  // Serf's own periods, the same in every profile.
  Duration broadcast_timeout = std::chrono::seconds(5);
  Duration leave_propagate_delay = std::chrono::seconds(1);
  Duration reap_interval = std::chrono::seconds(15);
  Duration recent_intent_timeout = std::chrono::minutes(5);
  Duration reconnect_interval = std::chrono::seconds(30);
  Duration reconnect_timeout = std::chrono::hours(24);
  Duration tombstone_timeout = std::chrono::hours(24);
  Duration queue_check_interval = std::chrono::seconds(30);

  [[nodiscard]] static Timing lan();
  [[nodiscard]] static Timing wan();
  [[nodiscard]] static Timing local();
};

// User events from before our join: delivered here, or not (Serf's default).
enum class Replay : std::uint8_t { IgnoreOld, DeliverOld };

enum class Compression : std::uint8_t { Off, On };

// A dead member that comes back from another address: taken at once, or refused while memberlist
// remembers the old one, as Serf does (gossip-wire §7.2 step 5; docs/serf-compatibility.md).
enum class DeadMemberAddress : std::uint8_t { TakeNew, KeepOld };

// 4-byte and 16-byte forms of one IPv4 address: the same place, or a name conflict, as in Serf.
enum class AddressForm : std::uint8_t { SamePlace, ByteForByte };

// A member without versions, or with such as exclude ours: refused, but not the push/pull that tells of it; or believed
// as in Serf, where one of them makes every push/pull fail.
enum class MisfitVersions : std::uint8_t { Refuse, Believe };

// New broadcasts leave at once, and late confirmations of a suspicion leave time to refute; or both as in Serf, by ticks.
enum class FirstPush : std::uint8_t { Eager, OnTick };

// Another node claims our name: the members vote and the minority stops, or it is only said aloud.
enum class NameConflict : std::uint8_t { Vote, LogOnly };

// A member that is shown as leaving and is still there hears so until it refutes; or it may stay so to some for as
// long as it lives, as in Serf.
enum class FalseLeave : std::uint8_t { TellSubject, MayStand };

// Network coordinates: estimates of round trips, learnt from probes (gossip-wire §11).
enum class Coordinates : std::uint8_t { Off, On };

// After a leave, the next start forgets whom its snapshot names, or joins them again.
enum class RejoinAfterLeave : std::uint8_t { No, Yes };

struct Config {
  // Unique in the cluster, any bytes, at most kMaxNameBytes. Empty: Node takes the host's name.
  std::string node_name;
  // "ip[:port]" or "[v6][:port]"; port 0 lets the system choose. UDP and TCP share the port.
  std::string bind_addr = "0.0.0.0:7946";
  // What others are told instead of the bind address, "ip[:port]" (port 7946 if absent). Empty: the bind
  // address, or for 0.0.0.0 the host's first private address, as Serf chooses it.
  std::string advertise_addr;
  Tags tags;
  // Joined by Node::start. None is no error; none reachable is one.
  std::vector<std::string> start_join_addrs;
  Replay replay_on_join = Replay::IgnoreOld;

  // AES keys of 16, 24 or 32 bytes, the first one seals. Empty: no encryption.
  std::vector<Bytes> encryption_keys;
  // Rewritten when the cluster changes its keys (JSON list of base64, the first one seals). Without
  // `encryption_keys` the keys come from it, and it must hold some. Empty: keys live in memory only.
  std::string keyring_path;
  // Cluster label, at most 255 bytes (memberlist's; Serf's agent has none). Empty: none.
  std::string label;
  Compression compression = Compression::On;
  std::uint8_t protocol = 5;  // Serf's, 2..5

  // Members and clocks for the next start, in Serf's format (gossip-wire §10); made if it is not there. The
  // members that it names are joined again. Empty: none is kept.
  std::string snapshot_path;
  RejoinAfterLeave rejoin_after_leave = RejoinAfterLeave::No;

  Timing timing = Timing::lan();
  DeadMemberAddress dead_member_address = DeadMemberAddress::TakeNew;
  AddressForm address_form = AddressForm::SamePlace;
  MisfitVersions misfit_versions = MisfitVersions::Refuse;
  FirstPush first_push = FirstPush::Eager;
  NameConflict name_conflict = NameConflict::Vote;
  FalseLeave false_leave = FalseLeave::TellSubject;
  Coordinates coordinates = Coordinates::On;

  std::uint32_t max_members = 65536;     // further names are refused and counted
  std::uint32_t event_buffer = 512;      // Lamport slots of user events and of queries
  std::uint32_t max_queue_depth = 4096;  // broadcasts a queue holds; the oldest give way
  // At most kMaxUserEventBytes. Events beyond some 1,350 bytes fit no packet, and spread by push/pull alone.
  std::size_t user_event_size_limit = 512;
  std::size_t query_size_limit = 1024;           // of an encoded query
  std::size_t query_response_size_limit = 1024;  // of an encoded response
};

inline constexpr std::size_t kMaxNameBytes = 512;
inline constexpr std::size_t kMaxLabelBytes = 255;
inline constexpr std::size_t kMaxUserEventBytes = std::size_t{9} * 1024;
// An encoded query or answer leaves as one datagram, which is no longer than this.
inline constexpr std::size_t kMaxQueryBytes = 65'535;
inline constexpr std::uint32_t kMostMembers = 1'000'000;  // beyond what a push/pull can carry
inline constexpr std::uint32_t kMaxEventBuffer = 65'536;  // slots; peers refuse a state with more
inline constexpr std::uint32_t kMaxQueueDepth = 1'000'000;
inline constexpr std::uint32_t kMaxFanout = 1000;  // of Timing's counts; more is a slip
// Of Timing's periods, so that what is made of them stays far from the end of 64 bits: a suspicion of the longest
// probe interval under the largest multipliers, the exchanges of the largest cluster, and a member's tombstone.
inline constexpr std::uint32_t kMaxSuspicionMult = 100;
inline constexpr Duration kLongestProbe = std::chrono::hours(1);
inline constexpr Duration kLongestPeriod = std::chrono::hours(8'760);    // a year
inline constexpr Duration kLongestMemory = std::chrono::hours(876'000);  // a century
inline constexpr std::uint8_t kMinSerfProtocol = 2;
inline constexpr std::uint8_t kMaxSerfProtocol = 5;

// What in `config` cannot work: key lengths, protocol, name and label, and whatever is beyond the bounds above.
// Addresses are checked where they are resolved, tags where they are encoded.
[[nodiscard]] Expected<void> check(const Config& config);

}  // namespace gossip
