// When to look seeds up, and whom of those found to join, for as long as the agent lives: a function of time, answers
// and the members alive. Alone it tries often, in a cluster whose seeds are partly missing all members together make
// some three attempts an interval, and a whole cluster is left in peace. Look-ups and joins are the host's (seeding.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gossip/address.h"
#include "gossip/effects.h"
#include "gossip/error.h"
#include "gossip/time.h"

#include "base/rng.h"
#include "config/seed_spec.h"

namespace gossip::agent::seeds {

// Alone, the pause between two attempts begins here and doubles up to the configured one.
inline constexpr Duration kFirstPause = std::chrono::seconds(1);
// How many attempts an interval all members of a cluster make together, whatever their number.
inline constexpr std::size_t kAttemptsPerInterval = 3;
// Joins under way at one time, of all seeds together.
inline constexpr std::size_t kMaxJoinsAtOnce = 3;
// Addresses tried in one attempt, chosen at random among those that are missing.
inline constexpr std::size_t kMaxTries = 8;
// Of one answer; what is beyond does not count.
inline constexpr std::size_t kMaxAnswer = 1024;
// A look at what has changed among the members: soon after one was lost, in a while after other news.
inline constexpr Duration kLookAfterLoss = std::chrono::milliseconds(200);
inline constexpr Duration kLookAfterNews = std::chrono::seconds(30);
// A complaint that says nothing new is logged so often.
inline constexpr Duration kSameComplaint = std::chrono::minutes(10);

struct Settings {
  Duration interval = std::chrono::seconds(30);  // what the pause alone grows to
  std::uint32_t max_retries = 0;  // after the first attempt, while nobody was met; 0: no limit
  Duration refresh =
      std::chrono::minutes(1);  // names of a whole cluster are looked up again; 0: never
};

using SeedId = std::uint32_t;

// Effects.
struct LookUp {
  SeedId seed = 0;
  config::SeedSpec spec;  // answered by Seeds::looked_up
};
struct JoinSeed {
  SeedId seed = 0;
  Address address;  // answered by Seeds::joined
};
struct Say {
  LogLevel level = LogLevel::Info;
  std::string text;
};
struct GiveUp {};  // no attempt is left
using SeedEffect = std::variant<LookUp, JoinSeed, Say, GiveUp>;
using SeedEffects = std::vector<SeedEffect>;

struct SeedAnswer {
  std::vector<Address> addresses;  // at most kMaxAnswer, IPv4 in 4 bytes
  std::string note;                // what was left out, for people; empty if nothing
};

// The cluster as it is now; both sorted, IPv4 in 4 bytes.
struct Sight {
  std::vector<Address> living;  // the other members that are alive
  std::vector<Address> own;     // where we are reached ourselves
};

struct SeedReport {
  std::string seed;  // as written
  std::string_view kind;
  std::string_view state;  // "looking up", "joining", "met", "missing", "only us", "waiting"
  std::vector<Address> answer;
  std::string error;  // why the last attempt met nobody, or whom it missed
  std::string note;
  std::uint64_t attempts = 0;
  std::uint64_t joins = 0;
  std::optional<TimePoint> looked_up_at;
  std::optional<TimePoint> joined_at;
  std::optional<TimePoint> next_at;
  std::optional<TimePoint> begun_at;  // of the attempt under way
};

class Seeds {
 public:
  explicit Seeds(const std::array<std::uint8_t, 32>& chance) : rng_(chance) {}

  // From now on these; a seed that is known already goes on as it was.
  void set(TimePoint now, const std::vector<config::SeedSpec>& specs, Settings settings);

  // How what was asked for ended. `advance` follows at once. Seeds that are gone are ignored.
  void looked_up(TimePoint now, SeedId id, Expected<SeedAnswer> answer);
  void joined(TimePoint now, SeedId id, const Address& address, const Expected<void>& result);
  // A member has failed or left; or something else has changed among them.
  void member_lost(TimePoint now) { look_by(now + kLookAfterLoss); }
  void members_changed(TimePoint now) { look_by(now + kLookAfterNews); }

  void advance(TimePoint now, const Sight& sight, SeedEffects& out);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  [[nodiscard]] std::vector<SeedReport> report(const Sight& sight) const;

 private:
  enum class Phase : std::uint8_t { Waiting, LookingUp, Joining };
  // How a seed stands with the members alive, from the best to the most urgent.
  enum class Standing : std::uint8_t {
    Whole,    // all that it names are members
    OnlyUs,   // it names nobody else
    Missing,  // somebody is no member, and we have others
    Alone,    // likewise, and we have nobody
  };
  // Of several addresses that fail for one reason any may be the last one.
  struct Trouble {
    std::string where;  // the address, or nothing
    std::string why;

    [[nodiscard]] std::string text() const { return where.empty() ? why : where + ": " + why; }
  };
  struct Seed {
    SeedId id = 0;
    config::SeedSpec spec;
    Phase phase = Phase::Waiting;
    Standing standing = Standing::Alone;  // when `due` was chosen
    std::optional<TimePoint> due;
    Duration pause = Duration::zero();  // the last one alone
    bool asked = false;                 // there has been an answer
    bool chosen = false;                // `to_try` is what this attempt tries
    std::vector<Address> answer;
    // Answered a join and are no member's address: behind a translation of addresses, or ourselves.
    std::set<Address> behind;
    std::vector<Address> to_try;  // in this attempt
    std::uint32_t under_way = 0;
    std::uint32_t joined_now = 0;  // in this attempt
    std::uint32_t failures = 0;    // in a row
    Trouble error;
    std::string note;
    std::string complaint;  // why, as logged last
    std::optional<TimePoint> complained_at;
    std::uint64_t attempts = 0;
    std::uint64_t joins = 0;
    std::optional<TimePoint> begun_at;  // the last attempt
    std::optional<TimePoint> looked_up_at;
    std::optional<TimePoint> joined_at;
  };

  [[nodiscard]] Seed* find(SeedId id);
  void look_by(TimePoint at);
  void look_again(TimePoint now, const Sight& sight);
  void begin(TimePoint now, Seed& seed, const Sight& sight, SeedEffects& out);
  void choose(Seed& seed, const Sight& sight);
  void go_on(TimePoint now, Seed& seed, const Sight& sight, SeedEffects& out);
  void end(TimePoint now, Seed& seed, const Sight& sight, SeedEffects& out);
  static void failed(TimePoint now, Seed& seed, SeedEffects& out);
  static void recovered(Seed& seed, SeedEffects& out);
  void wait(TimePoint now, Seed& seed, const Sight& sight);
  [[nodiscard]] bool used_up(const Sight& sight) const;
  [[nodiscard]] Duration about(Duration pause);
  [[nodiscard]] static Standing standing_of(const Seed& seed, const Sight& sight);
  [[nodiscard]] static bool is_missing(const Seed& seed, const Address& address,
                                       const Sight& sight);
  [[nodiscard]] static bool has_met(const Seed& seed, const Sight& sight);

  Settings settings_;
  base::Rng rng_;
  std::vector<Seed> seeds_;
  std::set<Address> under_way_;
  std::optional<TimePoint> look_at_;
  SeedId last_id_ = 0;
  bool met_once_ = false;
  bool gave_up_ = false;
};

}  // namespace gossip::agent::seeds
