// What each member is to the cluster (gossip-wire §8.4, §8.5): alive, leaving, left or failed. Writes the
// cluster's half of the records and says what happened; when something falls due is the reaper's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gossip/config.h"
#include "gossip/engine.h"
#include "gossip/lamport_time.h"
#include "gossip/member.h"
#include "gossip/time.h"

#include "cluster/intents.h"
#include "cluster/outputs.h"
#include "members/table.h"

namespace gossip::cluster {

class Reaper;

// Whether we mean to stay: only then is an intent in our name a mistake.
enum class OwnCourse : std::uint8_t { Staying, Leaving };

// Refute: it says that we leave, and we do not.
enum class IntentOutcome : std::uint8_t { New, Old, Refute };

// Why a member is erased: its tombstone's time is over, or somebody asked for it (force-leave with prune).
enum class EraseCause : std::uint8_t { Expired, Forced };

class Statuses {
 public:
  // All references outlive this.
  Statuses(const Config& config, members::Table& table, Reaper& reaper);

  // swim's word about a node.
  void joined(members::Index member, std::optional<RecentIntent> intent, Outputs& out);
  void gone(TimePoint now, members::Index member, Outputs& out);
  void updated(members::Index member, Outputs& out);

  // Intents about a member that we know.
  IntentOutcome join_intent(members::Index member, LamportTime time);
  IntentOutcome leave_intent(TimePoint now, members::Index member, LamportTime time, Prune prune,
                             OwnCourse own, Outputs& out);

  // Forgets a member: member-reap, then Reaped. Never ourselves.
  void erase(members::Index member, EraseCause cause, Outputs& out);

  // The index of a member of the cluster; a record that only swim holds is none.
  [[nodiscard]] std::optional<members::Index> find(std::string_view name) const;
  [[nodiscard]] bool is_self(members::Index member) const;
  [[nodiscard]] bool has_other_alive() const;
  [[nodiscard]] std::size_t count(MemberStatus status) const;
  // Up, as far as we know: alive or leaving, ourselves included.
  [[nodiscard]] std::size_t live_count() const;
  [[nodiscard]] std::size_t member_count() const;
  // When a failed or left member is to be reaped; nothing for any other, and for ourselves.
  [[nodiscard]] std::optional<TimePoint> reap_time(members::Index member) const;
  [[nodiscard]] const members::Table& table() const { return *table_; }

 private:
  void set(members::Record& record, MemberStatus status);
  void watch(members::Index member);
  void force_left(members::Index member, Outputs& out);
  void prune(TimePoint now, members::Index member, Outputs& out);

  const Config* config_;
  members::Table* table_;
  Reaper* reaper_;
  std::array<std::size_t, 5> counts_{};  // by status; None is not counted
};

}  // namespace gossip::cluster
