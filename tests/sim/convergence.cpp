#include "sim/convergence.h"

#include <algorithm>
#include <cmath>

#include "sim/directory.h"
#include "swim/scaling.h"

namespace gossip::sim {
namespace {

using members::SwimState;

const Row* find(std::span<const Row> rows, HostId member) {
  const auto row = std::ranges::find(rows, member, &Row::member);
  return row == rows.end() ? nullptr : &*row;
}

MemberStatus status_in(const View& view, HostId member) {
  const Row* const row = find(view.rows, member);
  return row == nullptr ? MemberStatus::None : row->status;
}

std::optional<std::string> check_running(const View& view, const Row* own, HostId member,
                                         const Fact& fact) {
  const std::string begin = host_name(view.host) + " sees " + host_name(member) + ", which runs, ";
  const Row* const row = find(view.rows, member);
  if (row == nullptr) return begin + "not at all";
  if (row->status != MemberStatus::Alive || row->state != SwimState::Alive) {
    return begin + "as " + std::string(to_string(row->status)) +
           (row->state == SwimState::Suspect ? " and suspect" : "");
  }
  if (!same_endpoint(row->address, fact.address)) {
    return begin + "at " + row->address.to_string() + " instead of " + fact.address.to_string();
  }
  if (own != nullptr && own->meta != row->meta) return begin + "with other tags than it has";
  return std::nullopt;
}

std::optional<std::string> check_gone(const View& view, const View& first, HostId member) {
  const MemberStatus status = status_in(view, member);
  if (status == MemberStatus::Alive || status == MemberStatus::Leaving) {
    return host_name(view.host) + " sees " + host_name(member) + ", which is gone, as " +
           std::string(to_string(status));
  }
  const MemberStatus other = status_in(first, member);
  // Each forgets the dead in its own time.
  if (status == other || status == MemberStatus::None || other == MemberStatus::None) {
    return std::nullopt;
  }
  return host_name(view.host) + " sees " + host_name(member) + " as " +
         std::string(to_string(status)) + ", " + host_name(first.host) + " as " +
         std::string(to_string(other));
}

}  // namespace

std::optional<std::string> difference(std::span<const View> views, const Truth& truth) {
  std::vector<const Row*> own(truth.hosts.size());
  for (const View& view : views)
    own[view.host] = find(view.rows, view.host);
  for (const View& view : views) {
    for (HostId member = 0; member < truth.hosts.size(); ++member) {
      const Fact& fact = truth.hosts[member];
      std::optional<std::string> differs = fact.runs
                                               ? check_running(view, own[member], member, fact)
                                               : check_gone(view, views.front(), member);
      if (differs) return differs;
    }
  }
  return std::nullopt;
}

Duration convergence_bound(const Timing& timing, const Reunion& reunion) {
  // A round of attempts that the faults still spoilt, and one that nothing spoils.
  const Duration reunion_time =
      2 * (reunion.seed_interval + timing.tcp_timeout * std::int64_t{reunion.seed_count});
  // Everybody probes everybody, those who think themselves unwell more slowly at first.
  const Duration probing =
      timing.probe_interval *
      (2 * std::int64_t{reunion.host_count} + 8 * std::int64_t{timing.awareness_max_multiplier});
  // Who is gone is found dead, who is there refutes.
  const Duration suspicion =
      swim::suspicion_timeout(timing.suspicion_mult, reunion.host_count, timing.probe_interval) *
      std::int64_t{timing.suspicion_max_timeout_mult};
  // What gossip missed comes by push/pull, if not in the first one then in the second.
  const Duration syncing =
      4 * swim::push_pull_interval(timing.push_pull_interval, reunion.host_count);
  return reunion_time + probing + suspicion + syncing;
}

Duration event_bound(const Timing& timing, std::uint32_t host_count) {
  return 10 * std::int64_t{host_count} *
         swim::push_pull_interval(timing.push_pull_interval, host_count);
}

}  // namespace gossip::sim
