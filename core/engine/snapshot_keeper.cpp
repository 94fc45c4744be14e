#include "engine/snapshot_keeper.h"

#include <utility>
#include <variant>

#include "base/earlier.h"

namespace gossip::engine {
namespace {

std::string describe(const cluster::SnapshotFlaws& flaws) {
  std::string text;
  const auto count = [&text](std::size_t number, std::string_view what) {
    if (number == 0) return;
    text.append(text.empty() ? "" : ", ").append(std::to_string(number)).append(" ").append(what);
  };
  count(flaws.unknown_lines, "unknown");
  count(flaws.bad_lines, "without a usable address or number");
  count(flaws.is_torn ? 1 : 0, "without an end");
  count(flaws.over_limit, "beyond the limit of members");
  if (!flaws.example.empty()) text.append("; the first is \"").append(flaws.example).append("\"");
  return text;
}

}  // namespace

SnapshotKeeper::SnapshotKeeper(const Config& config)
    : config_(config), snapshot_(config.max_members) {}

bool SnapshotKeeper::read(std::string_view last_run, Effects& out) {
  const cluster::Snapshot::Reading reading = snapshot_.read(last_run, config_.rejoin_after_leave);
  if (reading.flaws.any()) {
    out.emplace_back(
        Log{LogLevel::Warn, "serf: skipped lines of the snapshot: " + describe(reading.flaws)});
  }
  if (reading.leave_ignored) {
    out.emplace_back(Log{LogLevel::Info, "serf: Ignoring previous leave in snapshot"});
  }
  // So that flaws are told once, and the leave counts for no later start either.
  rewrite_is_due_ = reading.flaws.any() || reading.leave_ignored;
  return !last_run.empty() || !config_.snapshot_path.empty();
}

std::vector<SnapshotKeeper::Contact> SnapshotKeeper::contacts() const {
  std::vector<Contact> all;
  all.reserve(snapshot_.peers().size());
  for (const auto& [name, peer] : snapshot_.peers())
    all.push_back({name, peer.address, peer.as});
  return all;
}

void SnapshotKeeper::forget(std::string_view name) {
  snapshot_.forget(name);
}

void SnapshotKeeper::note(const Event& event) {
  if (config_.snapshot_path.empty()) return;
  snapshot_.note(event);
  if (std::holds_alternative<MemberEvent>(event)) clock_is_due_ = true;
}

void SnapshotKeeper::leave() {
  snapshot_.note_leave();
}

void SnapshotKeeper::settle(TimePoint now, const cluster::Clocks& clocks, Effects& out) {
  if (config_.snapshot_path.empty()) return;
  snapshot_.note_event_time(clocks.event);
  snapshot_.note_query_time(clocks.query);
  if (std::exchange(clock_is_due_, false)) {
    clock_at_.reset();
    snapshot_.note_member_time(clocks.member);
  } else if (!clock_at_ && clocks.member > snapshot_.clocks().member) {
    clock_at_ = now + kClockInterval;
  }
  if (std::exchange(rewrite_is_due_, false) || (!is_broken_ && snapshot_.wants_rewrite())) {
    is_broken_ = false;
    out.emplace_back(Save{SavedFile::Snapshot, SaveMode::Replace, snapshot_.rewrite()});
    return;
  }
  std::string lines = snapshot_.take_lines();
  if (lines.empty() || is_broken_) return;
  out.emplace_back(Save{SavedFile::Snapshot, SaveMode::Append, std::move(lines)});
}

void SnapshotKeeper::saved(TimePoint now, const Expected<void>& result, Effects& out) {
  if (result.has_value()) {
    // A rewrite that began before the failure mends nothing.
    if (is_broken_ || !std::exchange(is_told_, false)) return;
    out.emplace_back(Log{LogLevel::Info, "serf: the snapshot is complete again"});
    return;
  }
  is_broken_ = true;
  if (!std::exchange(is_told_, true)) {
    out.emplace_back(
        Log{LogLevel::Warn, "serf: cannot write the snapshot: " + result.error().message +
                                "; trying again every 30 seconds"});
  }
  if (!retry_at_) retry_at_ = now + kRetryInterval;
}

void SnapshotKeeper::advance(TimePoint now) {
  if (clock_at_ && *clock_at_ <= now) {
    clock_at_.reset();
    clock_is_due_ = true;
  }
  if (retry_at_ && *retry_at_ <= now) {
    retry_at_.reset();
    rewrite_is_due_ = true;
  }
}

std::optional<TimePoint> SnapshotKeeper::next_deadline() const {
  return base::earlier(clock_at_, retry_at_);
}

}  // namespace gossip::engine
