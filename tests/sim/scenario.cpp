#include "sim/scenario.h"

#include <algorithm>

#include "base/go_duration.h"
#include "sim/chance.h"

namespace gossip::sim {
namespace {

constexpr std::uint32_t kMaxDrawnNodes = 24;

// Half of the worlds have a few faults, so that each is also seen nearly alone.
FaultSet draw_faults(base::Rng& rng) {
  const double share = rng.uniform(2) == 0 ? 0.12 : 0.5;
  FaultSet faults;
  for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Fault::Count); ++i) {
    if (happens(rng, share)) faults.add(static_cast<Fault>(i));
  }
  return faults;
}

void draw_config(base::Rng& rng, Config& config) {
  if (happens(rng, 0.3)) {
    config.encryption_keys.assign(1, Bytes(16 + 8 * rng.uniform(3), 0x5A));
  }
  if (happens(rng, 0.2)) config.label = "simulated";
  if (happens(rng, 0.3)) config.compression = Compression::Off;
  if (happens(rng, 0.15)) config.first_push = FirstPush::OnTick;
  if (happens(rng, 0.1)) config.coordinates = Coordinates::Off;
  if (happens(rng, 0.2)) config.replay_on_join = Replay::DeliverOld;
  if (happens(rng, 0.2)) config.timing = Timing::local();
  if (happens(rng, 0.1)) config.event_buffer = 64;
  // Short lives of the dead, so that partitions and absences outlast them.
  if (happens(rng, 0.3)) {
    config.timing.reconnect_timeout =
        any_length(rng, std::chrono::minutes(1), std::chrono::hours(1));
    config.timing.tombstone_timeout =
        any_length(rng, std::chrono::minutes(1), std::chrono::hours(1));
  }
}

}  // namespace

Scenario draw_scenario(std::uint64_t seed) {
  base::Rng rng = chance(seed, Purpose::Scenario);
  Scenario scenario;
  scenario.seed = seed;
  scenario.is_drawn = true;
  scenario.nodes = 2 + static_cast<std::uint32_t>(rng.uniform(kMaxDrawnNodes - 1));
  scenario.length = any_length(rng, std::chrono::minutes(1), std::chrono::minutes(20));
  scenario.faults = draw_faults(rng);
  draw_config(rng, scenario.config);
  scenario.seed_count = std::min(scenario.nodes, 1 + static_cast<std::uint32_t>(rng.uniform(3)));
  scenario.event_every = any_length(rng, std::chrono::milliseconds(200), std::chrono::minutes(1));
  scenario.query_every = any_length(rng, std::chrono::seconds(2), std::chrono::minutes(2));
  scenario.tags_every = any_length(rng, std::chrono::seconds(5), std::chrono::minutes(5));
  if (happens(rng, 0.2)) {
    scenario.serf_like = static_cast<std::uint32_t>(rng.uniform(scenario.nodes + 1));
  }
  return scenario;
}

Scenario plain_scenario(std::uint64_t seed, std::uint32_t nodes, Duration length, FaultSet faults) {
  Scenario scenario;
  scenario.seed = seed;
  scenario.nodes = nodes;
  scenario.length = length;
  scenario.faults = faults;
  scenario.seed_count = std::min<std::uint32_t>(nodes, 3);
  return scenario;
}

std::string describe_settings(const Scenario& scenario) {
  const Config& config = scenario.config;
  const Config usual;
  std::string text;
  const auto say = [&text](bool differs, const std::string& what) {
    if (differs) text += (text.empty() ? "" : ", ") + what;
  };
  say(scenario.serf_like > 0, std::to_string(scenario.serf_like) + " nodes by Serf's rules");
  say(!config.encryption_keys.empty(), "encrypted");
  say(!config.label.empty(), "labelled");
  say(config.compression == Compression::Off, "uncompressed");
  say(config.first_push == FirstPush::OnTick, "no eager push");
  say(config.coordinates == Coordinates::Off, "no coordinates");
  say(config.replay_on_join == Replay::DeliverOld, "joins with old events");
  say(config.timing.gossip_interval != usual.timing.gossip_interval, "local profile");
  say(config.event_buffer != usual.event_buffer,
      "event buffer " + std::to_string(config.event_buffer));
  say(config.timing.reconnect_timeout != usual.timing.reconnect_timeout,
      "failed members forgotten after " +
          base::format_go_duration(config.timing.reconnect_timeout / std::chrono::seconds(1) *
                                   std::chrono::seconds(1)));
  return text;
}

std::string command_for(const Scenario& scenario) {
  if (scenario.is_drawn) return "gossip-sim replay " + std::to_string(scenario.seed);
  const std::string serf_like =
      scenario.serf_like == 0 ? "" : " --serf-like " + std::to_string(scenario.serf_like);
  return "gossip-sim --nodes " + std::to_string(scenario.nodes) + serf_like + " --seed " +
         std::to_string(scenario.seed) + " --for " + base::format_go_duration(scenario.length) +
         " --faults " + scenario.faults.to_string();
}

}  // namespace gossip::sim
