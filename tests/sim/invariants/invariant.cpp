#include "sim/invariants/invariant.h"

#include "sim/directory.h"
#include "sim/invariants/families.h"

namespace gossip::sim {

Invariants all_invariants(std::uint32_t host_count) {
  Invariants all;
  all.push_back(incarnations_never_fall(host_count));
  all.push_back(one_state_per_member(host_count));
  all.push_back(status_moves_along(host_count));
  all.push_back(suspects_can_refute(host_count));
  all.push_back(limits_hold(host_count));
  all.push_back(clocks_never_fall(host_count));
  all.push_back(events_arrive_once(host_count));
  all.push_back(queries_get_one_answer(host_count));
  all.push_back(no_timer_for_nothing(host_count));
  all.push_back(streams_are_used_well(host_count));
  return all;
}

std::string who(HostId host) {
  return host == kNobody ? "a member that no host is" : host_name(host);
}

}  // namespace gossip::sim
