// Counters of one engine. They only grow, but for the figures in `Gauges`, which are of the moment.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gossip/lamport_time.h"
#include "gossip/time.h"

namespace gossip {

// Why input from the network changed nothing. Decoders return it, the engine counts it.
enum class Drop : std::uint8_t {
  Empty,           // no bytes where a message is due
  UnknownType,     // a type byte that nobody defines, or not at this place
  Malformed,       // msgpack, field types or ranges do not fit the message
  Truncated,       // cut short of an announced length
  WrongLabel,      // another cluster's label, or none where ours is set
  Undecryptable,   // no key of the ring opens it
  Plaintext,       // in the clear, where encryption is required
  BadChecksum,     // CRC-32 does not match
  BadCompression,  // unknown algorithm or damaged LZW stream
  TooDeep,         // wrapped in more layers than any honest sender makes
  TooLarge,        // beyond a limit that stands beside its message
  BadVersions,     // protocol versions that cannot be, or do not fit ours
  NotForUs,        // a ping that names another node
  UnknownTarget,   // asks us to talk to somebody who is no member
  Implausible,     // a Lamport time, incarnation or coordinate beyond reason
  RateLimited,     // more of a kind than we serve
  TableFull,       // max_members, or another table's limit
  StreamLimit,     // more TCP conversations than we hold
  Count,
};

// "empty", "unknown-type" …: stable names for logs and metrics.
[[nodiscard]] std::string_view to_string(Drop drop);

// How often something was measured, and what that came to in sum.
struct Durations {
  std::uint64_t count = 0;
  Duration sum{};

  void add(Duration one) {
    ++count;
    sum += one;
  }
};

// Round trips by how long they were: `counts[i]` of them up to bounds()[i] and longer than the bound before it, the
// last count those beyond all bounds.
struct RoundTripHistogram {
  static constexpr std::size_t kBoundCount = 12;
  [[nodiscard]] static const std::array<Duration, kBoundCount>& bounds();

  std::array<std::uint64_t, kBoundCount + 1> counts{};
  Durations all;

  void add(Duration round_trip);
};

struct Counters {
  std::uint64_t packets_received = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t packet_bytes_received = 0;
  std::uint64_t packet_bytes_sent = 0;
  std::uint64_t streams_accepted = 0;
  std::uint64_t streams_opened = 0;
  std::uint64_t stream_bytes_received = 0;
  std::uint64_t stream_bytes_sent = 0;
  std::uint64_t probes = 0;
  std::uint64_t probes_failed = 0;
  Durations probe_times;              // of those that are over, whatever came of them
  RoundTripHistogram round_trips;     // of those that were answered directly and in time
  std::uint64_t alive_claims = 0;     // believed, ours included
  std::uint64_t death_claims = 0;     // believed: members that died or left
  std::uint64_t suspicions = 0;       // raised here or taken over
  std::uint64_t refutations = 0;      // of claims about ourselves
  std::uint64_t evidence_checks = 0;  // connections to suspects, to see whether they are refused
  std::uint64_t evidence_contradicted = 0;      // a member that had refused one was heard from
  std::uint64_t evidence_brakes = 0;            // too many members were silent at once for a proof
  std::uint64_t deaths_proven = 0;              // by refused connections, by us
  std::uint64_t push_pulls = 0;                 // completed, either side
  std::uint64_t conflicts = 0;                  // two addresses claim one name
  std::uint64_t open_votes = 0;                 // about our own name, without a majority
  std::uint64_t broadcasts_shed = 0;            // out of a full queue, or too long for any packet
  std::uint64_t cluster_messages_received = 0;  // Serf's: intents, user events, queries, answers
  std::uint64_t cluster_bytes_received = 0;     // of them
  std::uint64_t cluster_messages_sent = 0;      // the same out of our queues, each copy
  std::uint64_t cluster_bytes_sent = 0;
  std::uint64_t user_events = 0;          // new ones, ours included
  std::uint64_t queries = 0;              // new ones, ours included, whether they are for us or not
  std::uint64_t queries_asked = 0;        // by us
  std::uint64_t queries_asked_again = 0;  // of single members that had not said anything
  std::uint64_t query_acks = 0;           // to queries of ours: the first of each member
  std::uint64_t query_responses = 0;      // likewise
  std::uint64_t query_duplicates = 0;     // what came again, mostly through relays
  std::uint64_t query_duplicate_acks = 0;  // of them
  std::uint64_t query_late_replies = 0;    // to queries of ours that were over
  std::uint64_t coordinates_refused = 0;   // from acks to our probes: counted under `dropped`, too
  Durations coordinate_moves;              // from our old one to the new, by each observation
  std::uint64_t snapshot_failures = 0;     // attempts to write it that failed
  std::uint64_t coordinate_resets = 0;     // our own had come to NaN or infinity
  std::array<std::uint64_t, static_cast<std::size_t>(Drop::Count)> dropped{};

  void drop(Drop why) { ++dropped[static_cast<std::size_t>(why)]; }
  [[nodiscard]] std::uint64_t dropped_for(Drop why) const {
    return dropped[static_cast<std::size_t>(why)];
  }
};

struct Gauges {
  std::uint32_t members = 0;  // of every status, ourselves included
  std::uint32_t failed = 0;
  std::uint32_t left = 0;
  std::uint32_t health_score = 0;  // 0 = healthy (Lifeguard's awareness)
  LamportTime member_time = 0;
  LamportTime event_time = 0;
  LamportTime query_time = 0;
  std::uint32_t intent_queue = 0;
  std::uint32_t event_queue = 0;
  std::uint32_t query_queue = 0;
  std::uint32_t swim_queue = 0;
  std::uint32_t open_streams = 0;
  std::uint64_t packets_sealed = 0;  // with the present primary key
  bool encrypted = false;
  bool coordinates = false;       // whether we keep them
  bool snapshot_failing = false;  // whether its file lacks what has happened
};

struct Stats {
  Counters counters;
  Gauges gauges;
};

}  // namespace gossip
