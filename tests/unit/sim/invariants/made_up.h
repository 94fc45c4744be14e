// A world that never was: turns of processes with made-up rows and effects, to show that an invariant fires.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/directory.h"
#include "sim/invariants/families.h"

namespace gossip::sim::made_up {

using namespace std::chrono_literals;

inline constexpr std::uint32_t kHosts = 3;

inline Row alive(HostId member, std::uint32_t incarnation = 1) {
  return {.member = member,
          .state = members::SwimState::Alive,
          .incarnation = incarnation,
          .status = MemberStatus::Alive};
}
inline Row row(HostId member, members::SwimState state, MemberStatus status) {
  return {.member = member, .state = state, .incarnation = 1, .status = status};
}

inline Effect event(MemberEventKind kind, HostId member) {
  Member told;
  told.name = host_name(member);
  return Publish{MemberEvent{kind, {told}}};
}
inline Effect user_event(std::string name, LamportTime time = 1) {
  return Publish{UserEvent{time, std::move(name), {}, Coalesce::No}};
}

class World {
 public:
  explicit World(std::unique_ptr<Invariant> invariant) : invariant_(std::move(invariant)) {
    truth.hosts.resize(kHosts);
    for (Fact& fact : truth.hosts)
      fact = {.runs = true, .run = 1, .is_healthy = true};
    truth.network_clean_since = TimePoint{};
  }

  // What host 0 does next, `after` the last turn; the invariant's judgement.
  std::optional<Violation> turn(StepKind kind, std::vector<Row> rows = {}, Effects effects = {}) {
    step.kind = kind;
    step.rows = rows;
    step.effects = effects;
    step.config = &config;
    step.truth = &truth;
    step.stats = kind == StepKind::Ended ? nullptr : &stats;
    return invariant_->after(step);
  }
  void pass(Duration time) {
    step.at += time;
    step.local_at += time;
  }
  std::optional<Violation> settled() { return invariant_->when_settled(truth); }

  Truth truth;
  Config config;
  Stats stats;
  Step step{.run = 1};

 private:
  std::unique_ptr<Invariant> invariant_;
};

}  // namespace gossip::sim::made_up
