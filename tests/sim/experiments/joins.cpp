#include <algorithm>
#include <set>
#include <vector>

#include "sim/experiments/experiments.h"
#include "sim/experiments/lab.h"

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kStartTime = 100ms;
constexpr Duration kLook = 10ms;
constexpr Duration kSizesEvery = 1s;
constexpr Duration kLongest = 10min;

std::uint32_t known_by(const World& world, HostId host) {
  const Process& process = world.process(host);
  return process.engine == nullptr ? 0 : process.engine->stats().gauges.members;
}

}  // namespace

Expected<Figures> join_at_once(Settings& settings) {
  LabSettings lab_settings = read_lab(settings, 50);
  // Everybody is news here.
  lab_settings.scenario.config.max_queue_depth = Config().max_queue_depth;
  lab_settings.scenario.seed_count = 1;
  lab_settings.scenario.snapshots = Snapshots::None;
  if (Expected<void> checked = settings.check(); !checked) return tl::unexpected(checked.error());
  Lab lab(lab_settings);
  World& world = lab.world;
  lab.use_links();
  world.start(0);
  lab.run_for(10s);
  const TimePoint began = world.now();
  for (HostId host = 1; host < world.host_count(); ++host)
    world.at(began + between(lab.rng, 0s, kStartTime), [&world, host] { world.start(host); });

  std::vector<double> done;
  std::vector<bool> is_done(world.host_count(), false);
  std::set<std::uint32_t> sizes;
  TimePoint next_sizes = began + kSizesEvery;
  while (done.size() < world.host_count() && world.now() < began + kLongest) {
    lab.run_for(kLook);
    if (world.now() >= next_sizes) {
      next_sizes += kSizesEvery;
      for (HostId host = 0; host < world.host_count(); ++host)
        sizes.insert(known_by(world, host));
    }
    for (HostId host = 0; host < world.host_count(); ++host) {
      if (is_done[host] || known_by(world, host) < world.host_count()) continue;
      is_done[host] = true;
      done.push_back(std::chrono::duration<double, std::milli>(world.now() - began).count());
    }
  }
  if (done.size() < world.host_count()) {
    return fail(ErrorCode::TimedOut, "not all know each other after ten virtual minutes");
  }
  return Figures{
      {"half", {done[done.size() / 2]}},
      {"all", {done.back()}},
      {"sizes", {static_cast<double>(sizes.size())}},
      {"packets", {static_cast<double>(lab.recorder.packets)}},
      {"bytes", {static_cast<double>(lab.recorder.packet_bytes + lab.recorder.stream_bytes)}}};
}

}  // namespace gossip::sim
