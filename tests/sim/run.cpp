#include "sim/run.h"

#include <vector>

#include "sim/convergence.h"
#include "sim/invariants/invariant.h"
#include "sim/schedule.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace gossip::sim {
namespace {

// How often it is looked whether all is well again.
constexpr Duration kLookInterval = std::chrono::seconds(1);
// What comes after that: nothing may change any more.
constexpr Duration kCalm = std::chrono::seconds(60);
constexpr std::uint64_t kTurnsPerProgress = 1 << 14;

class Inspector final : public Observer {
 public:
  Inspector(const Scenario& scenario, const Commentary& commentary)
      : config_(scenario.config),
        commentary_(commentary),
        invariants_(all_invariants(scenario.nodes)) {}

  bool observe(const Step& step, const Input* input) override {
    ++outcome_.turns;
    hash_.add(step, input);
    count(step);
    if (commentary_.trace && outcome_.turns >= commentary_.first_turn &&
        outcome_.turns <= commentary_.last_turn) {
      commentary_.trace(describe(step, input, config_));
    }
    if (commentary_.progress && outcome_.turns % kTurnsPerProgress == 0) {
      commentary_.progress(step.at.time_since_epoch(), outcome_.turns);
    }
    for (const auto& invariant : invariants_) {
      if (std::optional<Violation> violation = invariant->after(step)) {
        break_promise(invariant->promise(), std::move(*violation), step.at);
        return false;
      }
    }
    return true;
  }

  // The first invariant that does not hold yet.
  std::optional<Broken> unsettled(const Truth& truth, TimePoint now) {
    for (const auto& invariant : invariants_) {
      if (std::optional<Violation> violation = invariant->when_settled(truth)) {
        return Broken{std::string(invariant->promise()), std::move(*violation), now,
                      outcome_.turns};
      }
    }
    return std::nullopt;
  }

  void break_promise(std::string_view promise, Violation violation, TimePoint at) {
    outcome_.broken = {std::string(promise), std::move(violation), at, outcome_.turns};
  }

  Outcome& outcome() {
    outcome_.trace_hash = hash_.value();
    return outcome_;
  }

 private:
  void count(const Step& step) {
    for (const Effect& effect : step.effects) {
      if (const auto* packet = std::get_if<SendPacket>(&effect)) {
        ++outcome_.packets;
        outcome_.packet_bytes += packet->datagram.size();
      } else if (std::holds_alternative<OpenStream>(effect)) {
        ++outcome_.streams;
      }
    }
  }

  const Config& config_;
  const Commentary& commentary_;
  Invariants invariants_;
  TraceHash hash_;
  Outcome outcome_;
};

std::vector<View> all_views(const World& world) {
  std::vector<View> views;
  for (HostId host = 0; host < world.host_count(); ++host) {
    if (world.process(host).engine == nullptr) continue;
    read_rows(world.process(host), views.emplace_back(View{host, {}}).rows);
  }
  return views;
}

std::optional<Broken> find_difference(const World& world, const Outcome& outcome) {
  std::optional<std::string> differs = difference(all_views(world), world.truth());
  if (!differs) return std::nullopt;
  return Broken{"all views are equal some time after the network heals", std::move(*differs),
                world.now(), outcome.turns};
}

// Waits until `missing` finds nothing any more, for at most `bound`. False if an invariant broke or it took too long.
template <typename Missing>
bool wait_until(World& world, Outcome& outcome, Duration bound, Missing missing) {
  const TimePoint give_up_at = world.now() + bound;
  while (true) {
    if (!world.run_until(world.now() + kLookInterval)) return false;
    std::optional<Broken> still = missing();
    if (!still) return true;
    if (world.now() < give_up_at) continue;
    outcome.broken = std::move(still);
    return false;
  }
}

// After the last fault: first the views, then the events.
bool settle(World& world, Inspector& inspector) {
  Outcome& outcome = inspector.outcome();
  const Timing& timing = world.scenario().config.timing;
  const TimePoint healed_at = world.now();
  outcome.bound = convergence_bound(timing, {.host_count = world.host_count(),
                                             .seed_count = world.scenario().seed_count,
                                             .seed_interval = World::kSeedInterval});
  const auto differs = [&] { return find_difference(world, outcome); };
  if (!wait_until(world, outcome, outcome.bound, differs)) return false;
  outcome.converged_after = world.now() - healed_at;
  const auto lacks = [&] { return inspector.unsettled(world.truth(), world.now()); };
  if (!wait_until(world, outcome, event_bound(timing, world.host_count()), lacks)) return false;
  outcome.events_after = world.now() - healed_at;
  return true;
}

}  // namespace

Outcome run(const Scenario& scenario, const Commentary& commentary) {
  Inspector inspector(scenario, commentary);
  World world(scenario, inspector);
  schedule_faults(world);
  const TimePoint end = TimePoint{} + scenario.length;
  schedule_workload(world, end);
  if (world.run_until(end)) {
    heal(world);
    if (settle(world, inspector) && world.run_until(world.now() + kCalm)) {
      inspector.outcome().broken = find_difference(world, inspector.outcome());
    }
  }
  Outcome outcome = inspector.outcome();
  outcome.length = world.now().time_since_epoch();
  return outcome;
}

}  // namespace gossip::sim
