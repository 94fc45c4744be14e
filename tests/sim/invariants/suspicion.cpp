// A live member that is suspected gets the chance to refute: whoever suspects it waits at least as long as Lifeguard's
// shortest suspicion, and where nothing is lost and both processes are well, it is never declared dead at all.
#include <algorithm>
#include <cstddef>

#include "sim/invariants/families.h"
#include "swim/scaling.h"

namespace gossip::sim {
namespace {

using members::SwimState;

// Answers to a probe that began before the network was whole, and the rest of what was under way then.
constexpr Duration kAftermath = std::chrono::seconds(20);

struct Suspected {
  bool is_suspect = false;
  bool is_live = false;
  TimePoint since;        // on the process's clock
  Duration shortest{};    // from the number of nodes at that time
  std::uint32_t run = 0;  // of the suspect
};

struct SuspicionView {
  std::vector<Suspected> members;
  std::size_t nodes = 0;
};

std::string milliseconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) +
         " ms";
}

class Suspicions final : public Invariant {
 public:
  explicit Suspicions(std::uint32_t host_count) : host_count_(host_count), views_(host_count) {}

  std::string_view promise() const override {
    return "a live, reachable member that is suspected gets the chance to refute";
  }

  std::optional<Violation> after(const Step& step) override {
    if (step.kind == StepKind::Ended) return std::nullopt;
    SuspicionView& view = views_.of(step);
    view.members.resize(host_count_);
    std::size_t nodes = 0;
    for (const Row& row : step.rows)
      nodes += row.state == SwimState::Absent || row.retired ? 0 : 1;
    // A suspicion may have begun in the middle of the turn.
    const std::size_t fewest_nodes = std::min(nodes, view.nodes);
    view.nodes = nodes;
    for (const Row& row : step.rows) {
      if (row.member >= host_count_ || row.member == step.host) continue;
      Suspected& suspected = view.members[row.member];
      if (std::optional<Violation> broken = check(step, suspected, row)) return broken;
      note(step, suspected, row, fewest_nodes);
    }
    return std::nullopt;
  }

 private:
  static std::optional<Violation> check(const Step& step, const Suspected& before, const Row& row) {
    const Fact& fact = step.truth->hosts[row.member];
    // Nobody can be reached at an address that it has left.
    const bool is_there = fact.runs && !fact.has_left && same_endpoint(row.address, fact.address);
    if (row.state != SwimState::Dead || !before.is_live || !is_there) return std::nullopt;
    if (step.kind == StepKind::Advance && before.is_suspect && before.run == fact.run &&
        step.local_at - before.since < before.shortest) {
      return who(step.host) + " gave " + who(row.member) + ", which lives, " +
             milliseconds(step.local_at - before.since) + " to refute instead of " +
             milliseconds(before.shortest);
    }
    return calm_for(step, row.member) > patience(step, before)
               ? std::optional(who(step.host) + " declared " + who(row.member) +
                               " dead, which lives, on a network without faults")
               : std::nullopt;
  }

  // How long the network has been whole and both processes well.
  static Duration calm_for(const Step& step, HostId member) {
    const Truth& truth = *step.truth;
    if (!truth.network_clean_since) return Duration::zero();
    Duration calm = step.at - *truth.network_clean_since;
    // Whoever is not well may accuse others, and everybody hears it.
    for (const Fact& fact : truth.hosts) {
      if (fact.runs && !fact.is_healthy) return Duration::zero();
      if (fact.runs) calm = std::min(calm, step.at - fact.healthy_since);
    }
    return truth.hosts[member].is_healthy ? calm : Duration::zero();
  }

  // A suspicion from before the calm may run out in it.
  static Duration patience(const Step& step, const Suspected& before) {
    return kAftermath +
           before.shortest * std::int64_t{step.config->timing.suspicion_max_timeout_mult};
  }

  static void note(const Step& step, Suspected& suspected, const Row& row, std::size_t nodes) {
    const Timing& timing = step.config->timing;
    const bool is_suspect = row.state == SwimState::Suspect;
    if (is_suspect && (!suspected.is_suspect || suspected.since != row.state_since)) {
      suspected.since = row.state_since;
      suspected.run = step.truth->hosts[row.member].run;
    }
    if (is_suspect != suspected.is_suspect || !is_suspect) {
      suspected.shortest =
          swim::suspicion_timeout(timing.suspicion_mult, nodes, timing.probe_interval);
    }
    suspected.is_suspect = is_suspect;
    suspected.is_live = is_suspect || row.state == SwimState::Alive;
  }

  std::uint32_t host_count_;
  PerProcess<SuspicionView> views_;
};

}  // namespace

std::unique_ptr<Invariant> suspects_can_refute(std::uint32_t host_count) {
  return std::make_unique<Suspicions>(host_count);
}

}  // namespace gossip::sim
