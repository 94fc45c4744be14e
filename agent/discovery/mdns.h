// When to ask for other agents by multicast DNS, what to answer them, and which of those found to join: a function
// of time and packets. Sockets and joins are the host's (discovery.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/time.h"

#include "agent/discovery/serf_service.h"
#include "agent/seeds/seeds.h"
#include "base/token_bucket.h"

namespace gossip::agent::discovery {

// How long who has answered is shown as found: as long as the records hold.
inline constexpr Duration kShownFor = std::chrono::seconds(kMdnsTtlSeconds);
inline constexpr std::size_t kMaxShown = 1024;

// As Serf's agent has them (its mdns.go).
inline constexpr Duration kAskInterval = std::chrono::seconds(60);
inline constexpr Duration kQuietInterval = std::chrono::milliseconds(100);

// The first question may be lost, as RFC 6762 §5.2 expects.
inline constexpr Duration kSecondQuestionAfter = std::chrono::seconds(1);
// Addresses that come one after the other do not put off the join for longer.
inline constexpr Duration kLongestCollection = std::chrono::seconds(1);
// How long after a question answers to us alone are listened to.
inline constexpr Duration kAnswerWindow = std::chrono::seconds(3);
// An address whose join failed is left alone for the interval, twice that after the next failure, and so on;
// one that was joined, and is no member all the same, for the longest time.
inline constexpr Duration kFirstRest = kAskInterval;
inline constexpr Duration kLongestRest = 16 * kAskInterval;

// Further addresses are not taken while so many are remembered.
inline constexpr std::size_t kMaxCandidates = 4096;
// The rest is joined when these are done.
inline constexpr std::size_t kMaxJoinedAtOnce = 32;
// Answers beyond these are not given.
inline constexpr double kAnswersPerSecond = 100;
inline constexpr double kAnswerBurst = 200;

// Where a packet came in: with the group's traffic, or at the port that questions leave from.
enum class Arrival : std::uint8_t { Group, Reply };

struct Ask {
  Bytes packet;  // to the group, over each family
};
struct Answer {
  Bytes packet;  // to whom the packet came from
};
struct JoinFound {
  std::vector<Address> addresses;  // answered by Mdns::joined
};
using MdnsEffect = std::variant<Ask, Answer, JoinFound>;
using MdnsEffects = std::vector<MdnsEffect>;

struct MdnsCounters {
  std::uint64_t questions_sent = 0;
  std::uint64_t answers_sent = 0;
  std::uint64_t malformed = 0;     // packets that are no DNS message
  std::uint64_t unsolicited = 0;   // answers to us alone, when we had not asked
  std::uint64_t rate_limited = 0;  // questions not answered
  std::uint64_t table_full = 0;    // addresses not taken
  std::uint64_t implausible = 0;   // addresses that nobody can be reached at
};

class Mdns {
 public:
  explicit Mdns(const Announcement& announcement);

  // Begins to ask.
  void start(TimePoint now) { ask_at_ = now; }
  // `out` gets at most one Answer.
  void receive(TimePoint now, Arrival arrival, ByteView packet, MdnsEffects& out);
  // Does what is due; `members` are the addresses of those that are alive and need no join, sorted, with
  // IPv4 in 4 bytes.
  void advance(TimePoint now, std::span<const Address> members, MdnsEffects& out);
  // How the JoinFound under way ended: all its addresses but these took part; `error` is the reason of one that did
  // not, its address first.
  void joined(TimePoint now, std::span<const Address> failed, std::string error = {});

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] const MdnsCounters& counters() const { return counters_; }
  // As of any other seed, but for what it is called; `members` as above.
  [[nodiscard]] seeds::SeedReport report(TimePoint now, std::span<const Address> members) const;

 private:
  enum class State : std::uint8_t { Found, Joining, Resting };
  struct Candidate {
    State state = State::Found;
    std::uint32_t failures = 0;  // in a row
    TimePoint rests_until{};
  };

  void answer(TimePoint now, const DnsMessage& query, MdnsEffects& out);
  void found(TimePoint now, const Address& address);
  [[nodiscard]] bool is_plausible(const Address& address) const;
  void make_room(TimePoint now);
  void ask(TimePoint now, MdnsEffects& out);
  void join_found(TimePoint now, std::span<const Address> members, MdnsEffects& out);
  void show(TimePoint now, const Address& address);
  [[nodiscard]] bool is_missing(const Address& address, std::span<const Address> members) const;

  SerfService service_;
  Address own_;
  base::TokenBucket answers_{kAnswersPerSecond, kAnswerBurst};
  std::map<Address, Candidate> candidates_;
  std::optional<TimePoint> ask_at_;
  std::optional<TimePoint> asked_at_;
  std::optional<TimePoint> found_first_at_;  // the oldest that waits
  std::optional<TimePoint> join_at_;
  bool joining_ = false;
  std::map<Address, TimePoint> shown_;  // who has answered lately, and when
  std::optional<TimePoint> heard_at_;
  std::optional<TimePoint> joined_at_;
  std::optional<TimePoint> join_begun_at_;  // the last one
  std::uint64_t joins_ = 0;                 // addresses
  std::string error_;                       // of the last join
  MdnsCounters counters_;
};

}  // namespace gossip::agent::discovery
