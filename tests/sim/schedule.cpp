#include "sim/schedule.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kShortestFault = 100ms;
constexpr Duration kLongestFault = 120s;
constexpr std::int64_t kMaxDriftPpm = 5000;

// Draws and arranges the faults of one world.
class Planner {
 public:
  explicit Planner(World& world)
      : world_(world),
        rng_(chance(world.scenario().seed, Purpose::Schedule)),
        end_(TimePoint{} + world.scenario().length) {}

  void start_everybody();
  void degrade_links();
  void degrade_streams();
  void trouble_interfaces();
  void cut_network();
  void trouble_processes();
  void end_processes();
  void leave_and_return();

 private:
  [[nodiscard]] bool has(Fault fault) const { return world_.scenario().faults.has(fault); }
  [[nodiscard]] HostId any_host() { return static_cast<HostId>(rng_.uniform(world_.host_count())); }
  // Seeds have names that everybody knows: they may go, but neither for good nor elsewhere.
  [[nodiscard]] bool is_seed(HostId host) const { return host < world_.scenario().seed_count; }
  [[nodiscard]] Duration fault_length() { return any_length(rng_, kShortestFault, kLongestFault); }
  [[nodiscard]] std::vector<bool> any_side();
  void cut_for(TimePoint from, Duration length, const std::vector<bool>& side,
               CutDirection direction);

  // Calls `each` with a time, again and again, until the faults end.
  template <typename Each>
  void often(Fault fault, Each each) {
    if (!has(fault)) return;
    const Duration gap = any_length(rng_, 5s, 90s);
    for (TimePoint when = TimePoint{} + around(rng_, gap); when < end_;
         when += 1ms + around(rng_, gap)) {
      each(when);
    }
  }
  // A change of a host's interface, for a while.
  template <typename Change>
  void trouble(Fault fault, Duration longest, Change change) {
    often(fault, [&](TimePoint when) {
      const HostId host = any_host();
      const TimePoint until = std::min(end_, when + any_length(rng_, kShortestFault, longest));
      Interface troubled;
      change(troubled);
      world_.at(when, [this_world = &world_, host, troubled] {
        this_world->links().interface(host) = troubled;
        this_world->network_changed();
      });
      world_.at(until, [this_world = &world_, host] {
        this_world->links().interface(host) = {};
        this_world->network_changed();
      });
    });
  }
  void return_later(HostId host, TimePoint ended, bool may_move);

  World& world_;
  base::Rng rng_;
  TimePoint end_;
};

void Planner::start_everybody() {
  const bool one_by_one = rng_.uniform(2) == 0;
  for (HostId host = 0; host < world_.host_count(); ++host) {
    if (has(Fault::Drift)) {
      const auto ppm = static_cast<std::int64_t>(rng_.uniform(2 * kMaxDriftPpm + 1));
      world_.set_drift(host, ppm - kMaxDriftPpm);
    }
    const Duration wait = one_by_one ? between(rng_, 0s, 20s) : between(rng_, 0s, 100ms);
    world_.at(TimePoint{} + wait, [this_world = &world_, host] { this_world->start(host); });
  }
}

void Planner::degrade_links() {
  LinkQuality quality;
  if (has(Fault::Loss)) quality.loss = 0.02 + 0.28 * rng_.unit();
  if (has(Fault::Delay)) {
    quality.delay = any_length(rng_, 1ms, 200ms);
    quality.jitter = any_length(rng_, 1ms, 100ms);
  }
  if (has(Fault::Reorder)) quality.late = 0.2 * rng_.unit();
  if (has(Fault::Duplicate)) quality.duplicate = 0.2 * rng_.unit();
  if (has(Fault::Corrupt)) quality.corrupt = 0.1 * rng_.unit();
  world_.links().set_quality(quality);
  world_.network_changed();
}

void Planner::degrade_streams() {
  StreamFaults faults;
  if (has(Fault::TcpHang)) faults.hang = 0.3 * rng_.unit();
  if (has(Fault::TcpReset)) faults.reset = 0.3 * rng_.unit();
  if (has(Fault::TcpCut)) faults.cut = 0.3 * rng_.unit();
  faults.in_pieces = rng_.uniform(2) == 0;
  world_.streams().set_faults(faults);
}

void Planner::trouble_interfaces() {
  trouble(Fault::OneWayLoss, kLongestFault, [&](Interface& troubled) {
    (rng_.uniform(2) == 0 ? troubled.egress_loss : troubled.ingress_loss) = 0.3 + 0.7 * rng_.unit();
  });
  trouble(Fault::Bursts, 3s,
          [&](Interface& troubled) { troubled.egress_loss = troubled.ingress_loss = 0.95; });
  trouble(Fault::SmallMtu, kLongestFault,
          [&](Interface& troubled) { troubled.max_datagram = 100 + rng_.uniform(1300); });
}

std::vector<bool> Planner::any_side() {
  std::vector<bool> side(world_.host_count());
  const bool is_one = rng_.uniform(3) == 0;
  if (is_one) {
    side[any_host()] = true;
    return side;
  }
  for (std::size_t i = 0; i < side.size(); ++i)
    side[i] = rng_.uniform(2) == 0;
  return side;
}

void Planner::cut_for(TimePoint from, Duration length, const std::vector<bool>& side,
                      CutDirection direction) {
  const auto id = std::make_shared<Links::CutId>();
  world_.at(from, [this_world = &world_, id, side, direction] {
    *id = this_world->links().cut(side, direction);
    this_world->network_changed();
  });
  world_.at(std::min(end_, from + length), [this_world = &world_, id] {
    this_world->links().mend(*id);
    this_world->network_changed();
  });
}

void Planner::cut_network() {
  // Some outlast the memory of the dead, where that is short.
  const Duration longest = std::max<Duration>(
      kLongestFault, std::min<Duration>(world_.scenario().length / 2,
                                        3 * world_.scenario().config.timing.reconnect_timeout));
  often(Fault::Partition, [&](TimePoint when) {
    cut_for(when, any_length(rng_, kShortestFault, longest), any_side(), CutDirection::Both);
  });
  often(Fault::OneWay, [&](TimePoint when) {
    cut_for(when, fault_length(), any_side(), CutDirection::FromFirst);
  });
  often(Fault::Flapping, [&](TimePoint when) {
    const std::vector<bool> side = any_side();
    const Duration period = any_length(rng_, 500ms, 20s);
    for (int i = 0; i < 6 && when < end_; ++i, when += 2 * period)
      cut_for(when, period, side, CutDirection::Both);
  });
}

void Planner::trouble_processes() {
  often(Fault::Freeze, [&](TimePoint when) {
    const HostId host = any_host();
    const Duration length = any_length(rng_, kShortestFault, 60s);
    world_.at(when, [this_world = &world_, host, length] { this_world->freeze(host, length); });
  });
  often(Fault::Slow, [&](TimePoint when) {
    const HostId host = any_host();
    const Duration cost = any_length(rng_, 1ms, 200ms);
    world_.at(when, [this_world = &world_, host, cost] { this_world->set_input_cost(host, cost); });
    world_.at(std::min(end_, when + fault_length()),
              [this_world = &world_, host] { this_world->set_input_cost(host, {}); });
  });
  often(Fault::FullDisk, [&](TimePoint when) {
    const HostId host = any_host();
    world_.at(when, [this_world = &world_, host] { this_world->fill_disk(host, true); });
    world_.at(std::min(end_, when + fault_length()),
              [this_world = &world_, host] { this_world->fill_disk(host, false); });
  });
}

void Planner::return_later(HostId host, TimePoint ended, bool may_move) {
  if (!has(Fault::Restart) && !is_seed(host) && !may_move) return;
  const TimePoint when = std::min(end_, ended + any_length(rng_, 50ms, kLongestFault));
  const Memory memory = rng_.uniform(3) == 0 ? Memory::Lost : Memory::Kept;
  const bool moves = may_move && !is_seed(host);
  world_.at(when, [this_world = &world_, host, memory, moves] {
    if (moves) this_world->move(host);
    this_world->start(host, memory);
  });
}

void Planner::end_processes() {
  const auto crash = [&](TimePoint when, bool may_move) {
    const HostId host = any_host();
    world_.at(when, [this_world = &world_, host] { this_world->crash(host); });
    return_later(host, when, may_move);
  };
  often(Fault::Crash, [&](TimePoint when) { crash(when, false); });
  if (!has(Fault::Crash)) often(Fault::Restart, [&](TimePoint when) { crash(when, false); });
  often(Fault::Move, [&](TimePoint when) { crash(when, true); });
  often(Fault::PowerCut, [&](TimePoint when) {
    const HostId host = any_host();
    world_.at(when, [this_world = &world_, host] { this_world->cut_power(host); });
    return_later(host, when, false);
  });
}

void Planner::leave_and_return() {
  often(Fault::Leave, [&](TimePoint when) {
    const HostId host = any_host();
    if (is_seed(host)) return;
    world_.at(when, [this_world = &world_, host] { this_world->leave(host); });
    if (rng_.uniform(4) != 0) {
      const TimePoint back = std::min(end_, when + any_length(rng_, 8s, kLongestFault));
      world_.at(back, [this_world = &world_, host] { this_world->start(host); });
    }
  });
  // Whoever is away for good is sent off by somebody.
  often(Fault::Leave, [&](TimePoint when) {
    const HostId host = any_host();
    const HostId target = any_host();
    world_.at(when, [this_world = &world_, host, target] {
      if (!this_world->truth().hosts[target].runs) this_world->force_leave(host, target);
    });
  });
}

}  // namespace

void schedule_faults(World& world) {
  Planner planner(world);
  planner.start_everybody();
  planner.degrade_links();
  planner.degrade_streams();
  planner.trouble_interfaces();
  planner.cut_network();
  planner.trouble_processes();
  planner.end_processes();
  planner.leave_and_return();
}

void schedule_workload(World& world, TimePoint end) {
  const Scenario& scenario = world.scenario();
  base::Rng rng(seed_for(scenario.seed, Purpose::Workload, 1));
  const auto again = [&](Duration mean, auto act) {
    if (mean <= Duration{}) return;
    for (TimePoint when = TimePoint{} + around(rng, mean); when < end;
         when += 1ms + around(rng, mean)) {
      const auto host = static_cast<HostId>(rng.uniform(world.host_count()));
      world.at(when, [&world, host, act] { (world.*act)(host); });
    }
  };
  again(scenario.event_every, &World::send_event);
  again(scenario.query_every, &World::send_query);
  again(scenario.tags_every, &World::change_tags);
}

void heal(World& world) {
  world.links().heal();
  world.streams().set_faults({});
  for (HostId host = 0; host < world.host_count(); ++host) {
    world.set_input_cost(host, {});
    world.thaw(host);
    world.fill_disk(host, false);
    if (host < world.scenario().seed_count) world.start(host);
  }
  world.network_changed();
}

}  // namespace gossip::sim
