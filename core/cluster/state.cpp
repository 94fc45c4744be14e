// Push/pull's user state (gossip-wire §8.8): what we say of the cluster, and what we take from a peer.
#include <algorithm>

#include "cluster/parts.h"
#include "wire/cluster_codec.h"

namespace gossip::cluster {

Bytes Cluster::local_state() const {
  wire::ClusterState state;
  state.member_time = parts_->member_clock.time();
  state.event_time = parts_->event_clock.time();
  state.query_time = parts_->query_clock.time();
  const members::Table& table = parts_->table;
  for (members::Index index = 0; index < table.end_index(); ++index) {
    if (!table.holds(index) || !table.at(index).is_member()) continue;
    const members::Record& record = table.at(index);
    state.status_times.emplace_back(record.name.view(), record.status_time);
    // Ourselves also while we leave: else this state tells a peer our leave's time as that of a join, and the
    // intent that follows is old to it. (Nobody refutes in our name, so the next time is still free.)
    const bool leaves =
        parts_->own == OwnCourse::Leaving && record.name.view() == parts_->config.node_name;
    if (record.status == MemberStatus::Left || leaves)
      state.left_members.push_back(record.name.view());
  }
  state.events = parts_->events.slots();
  return wire::encode(state);
}

Verdict Cluster::merge_state(TimePoint now, ByteView state, MergeKind kind, Outputs& out) {
  Parts& p = *parts_;
  if (state.empty()) return Verdict::Malformed;
  if (state[0] != static_cast<std::uint8_t>(wire::ClusterType::PushPull)) {
    return Verdict::Unknown;
  }
  std::optional<wire::ClusterState> theirs = wire::decode_cluster_state(state.subspan(1));
  if (!theirs) return Verdict::Malformed;

  const bool events_plausible = p.event_clock.is_plausible(theirs->event_time);
  p.merge_clock(p.member_clock, theirs->member_time);
  p.merge_clock(p.event_clock, theirs->event_time);
  p.merge_clock(p.query_clock, theirs->query_time);
  p.merge_statuses(now, *theirs, out);
  if (kind == MergeKind::JoinIgnoringOld && events_plausible) {
    p.events.ignore_before(theirs->event_time);
  }
  p.merge_events(*theirs, out);
  return Verdict::Taken;
}

// What bears the time of their clock has not been sent yet.
void Cluster::Parts::merge_clock(LamportClock& clock, LamportTime theirs) {
  if (theirs == 0) return;
  if (!clock.is_plausible(theirs - 1)) {
    counters.drop(Drop::Implausible);
    return;
  }
  clock.witness(theirs - 1);
}

// Departures first: their time is not told, but it must be later than the last one known of the member
// (upstream delegate.go, MergeRemoteState).
void Cluster::Parts::merge_statuses(TimePoint now, wire::ClusterState& state, Outputs& out) {
  if (!state.left_members.empty()) {  // else nothing is looked up
    std::ranges::sort(state.status_times);
    std::ranges::sort(state.left_members);
  }
  for (const std::string_view name : state.left_members) {
    const auto row = std::ranges::lower_bound(state.status_times, name, {},
                                              [](const auto& entry) { return entry.first; });
    const bool is_told = row != state.status_times.end() && row->first == name;
    const LamportTime time = next_after(is_told ? row->second : 0);
    if (leave_intent(now, {time, name, false}, Source::PushPull, out) != Verdict::Taken) continue;
    if (const std::optional<members::Index> member = statuses.find(name))
      let_refute(now, *member, out);
  }
  for (const auto& [name, time] : state.status_times) {
    if (std::ranges::binary_search(state.left_members, name)) continue;
    join_intent(now, {time, name}, Source::PushPull, out);
  }
}

void Cluster::Parts::merge_events(const wire::ClusterState& state, Outputs& out) {
  for (const std::optional<wire::EventSlot>& slot : state.events) {
    if (!slot) continue;
    for (const wire::SlotEvent& event : slot->events) {
      user_event({slot->time, event.name, event.payload, false}, out);
    }
  }
}

}  // namespace gossip::cluster
