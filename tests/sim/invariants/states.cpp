// A member is in one state: it has one record, its SWIM state and its status fit each other, and the figures of
// `stats` count what is there. Nobody knows a member that no host is.
#include <array>
#include <cstddef>

#include "sim/invariants/families.h"

namespace gossip::sim {
namespace {

using members::SwimState;

// Which status can stand beside which state. Dead or left without a status: reaped, and not yet swept.
bool fit(SwimState state, MemberStatus status) {
  switch (state) {
    case SwimState::Alive:
    case SwimState::Suspect:
      return status == MemberStatus::Alive || status == MemberStatus::Leaving;
    case SwimState::Dead: return status != MemberStatus::Alive && status != MemberStatus::Leaving;
    case SwimState::Left: return status == MemberStatus::Left || status == MemberStatus::None;
    case SwimState::Absent: return status == MemberStatus::Failed || status == MemberStatus::Left;
  }
  return false;
}

std::string_view name_of(SwimState state) {
  switch (state) {
    case SwimState::Absent: return "absent";
    case SwimState::Alive: return "alive";
    case SwimState::Suspect: return "suspect";
    case SwimState::Dead: return "dead";
    case SwimState::Left: return "left";
  }
  return "?";
}

class States final : public Invariant {
 public:
  explicit States(std::uint32_t host_count) : seen_(host_count) {}

  std::string_view promise() const override { return "no member is in two states"; }

  std::optional<Violation> after(const Step& step) override {
    ++turn_;
    std::array<std::uint32_t, 5> counts{};
    for (const Row& row : step.rows) {
      if (row.member >= seen_.size()) {
        return who(step.host) + " knows " + who(kNobody) + " at " + row.address.to_string();
      }
      if (seen_[row.member] == turn_) return who(step.host) + " has two of " + who(row.member);
      seen_[row.member] = turn_;
      if (!fit(row.state, row.status)) {
        return who(step.host) + " has " + who(row.member) + " as " +
               std::string(name_of(row.state)) + " and " + std::string(to_string(row.status));
      }
      ++counts[static_cast<std::size_t>(row.status)];
    }
    return step.stats == nullptr ? std::nullopt : compare(step, counts);
  }

 private:
  static std::optional<Violation> compare(const Step& step,
                                          const std::array<std::uint32_t, 5>& counts) {
    const Gauges& gauges = step.stats->gauges;
    const std::uint32_t failed = counts[static_cast<std::size_t>(MemberStatus::Failed)];
    const std::uint32_t left = counts[static_cast<std::size_t>(MemberStatus::Left)];
    const std::uint32_t members = counts[static_cast<std::size_t>(MemberStatus::Alive)] +
                                  counts[static_cast<std::size_t>(MemberStatus::Leaving)] + failed +
                                  left;
    if (gauges.members == members && gauges.failed == failed && gauges.left == left) {
      return std::nullopt;
    }
    return who(step.host) + " counts " + std::to_string(gauges.members) + " members, " +
           std::to_string(gauges.failed) + " failed, " + std::to_string(gauges.left) +
           " left, and has " + std::to_string(members) + ", " + std::to_string(failed) + ", " +
           std::to_string(left);
  }

  std::uint64_t turn_ = 0;
  std::vector<std::uint64_t> seen_;  // in which turn
};

}  // namespace

std::unique_ptr<Invariant> one_state_per_member(std::uint32_t host_count) {
  return std::make_unique<States>(host_count);
}

}  // namespace gossip::sim
