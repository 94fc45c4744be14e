// The cluster's timers (gossip-wire §8.7): tombstones and old intents that fall due, one attempt at a
// failed member now and then, members to prune or to remind. Armed only while there is such work.
#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "gossip/config.h"
#include "gossip/time.h"

#include "base/rng.h"
#include "base/timers.h"
#include "cluster/intents.h"
#include "cluster/outputs.h"
#include "cluster/status.h"
#include "members/record.h"

namespace gossip::cluster {

// The intent because of which a member is shown as leaving, as others hear it.
[[nodiscard]] Broadcast intent_to_leave(const members::Record& record);

class Reaper {
 public:
  // Both outlive this.
  Reaper(const Timing& timing, base::Rng& rng);

  // Something is to be reaped or expires at `due`; runs at most once in a reap interval.
  void reap_by(TimePoint due);
  // There is a failed member to be tried.
  void member_failed(TimePoint now);
  // A member that is leaving is to be erased once it has had the time to leave.
  void prune_later(TimePoint now, members::Index member);
  // There is a member that is leaving: if it still is there when it has had the time to leave, it is told of the intent,
  // now and then, so that it can refute what it has not heard.
  void member_leaving(TimePoint now);
  // All of them have refuted or are gone.
  void nobody_leaving();
  // The member is alive again or erased: no prune.
  void forget(members::Index member);

  // Runs what is due. Our own leave ends the attempts at failed members.
  void advance(TimePoint now, OwnCourse own, Statuses& statuses, RecentIntents& intents,
               Outputs& out);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return timers_.next_deadline(); }

 private:
  enum class Kind : std::uint8_t { Reap, Reconnect, Prune, Remind };
  struct Timer {
    Kind kind = Kind::Reap;
    members::Index member = 0;  // of Prune
  };

  void reap(TimePoint now, Statuses& statuses, RecentIntents& intents, Outputs& out);
  void reconnect(TimePoint now, const Statuses& statuses, Outputs& out);
  void prune(TimePoint now, members::Index member, Statuses& statuses, Outputs& out);
  void remind(TimePoint now, const Statuses& statuses, Outputs& out);
  [[nodiscard]] Duration time_to_leave() const;

  const Timing* timing_;
  base::Rng* rng_;
  base::Timers<Timer> timers_;
  std::optional<TimePoint> reap_at_;
  std::optional<TimePoint> reaped_at_;
  bool reconnect_armed_ = false;
  bool reminder_armed_ = false;
  std::set<members::Index> to_prune_;
};

}  // namespace gossip::cluster
