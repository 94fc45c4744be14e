// A world for an experiment: all processes run and know each other, and nothing is waiting to be told.
#pragma once

#include <cstdint>

#include "base/rng.h"
#include "sim/experiments/recorder.h"
#include "sim/experiments/settings.h"
#include "sim/scenario.h"
#include "sim/world.h"

namespace gossip::sim {

// Settings that every experiment has: nodes, seed, and how the engines differ from ours as shipped.
//   push=eager|tick     the first copy of a broadcast, at once or with memberlist's tick
//   grace=MS            restart_grace, 0 for none
//   alpha=N beta=N      suspicion_mult, and suspicion_max_timeout_mult; beta=1: a suspicion has one length (no
//                       LHA-Suspicion)
//   awareness=N         awareness_max_multiplier; 1: no LHA-Probe
//   buddy=on|off        whether a ping to a suspect says so (Buddy System)
//   serf_like=N         so many members follow Serf's rules (sim/serf_like.h); half and half, all, as you like
//   queue=N             max_queue_depth; shorter in larger worlds, where filling them is news of everybody
//   loss=SHARE delay=MS of every link
struct LabSettings {
  Scenario scenario;
  LinkQuality links;
  bool has_buddies = true;
  Settings::Progress progress;
};
[[nodiscard]] LabSettings read_lab(Settings& settings, std::uint32_t usual_nodes);

class Lab {
 public:
  explicit Lab(const LabSettings& settings);

  // Everybody starts and is told of everybody, over links that lose nothing; then they are as the settings say. False if
  // broadcasts are still waiting ten virtual minutes later.
  [[nodiscard]] bool fill();
  void run_for(Duration length) { world.run_until(world.now() + length); }
  // From now on the links are as the settings say.
  void use_links();
  [[nodiscard]] HostId any_host();

  Recorder recorder;
  World world;
  base::Rng rng;

 private:
  LinkQuality links_;

  [[nodiscard]] Bytes whole_state() const;
  [[nodiscard]] bool is_quiet() const;
};

}  // namespace gossip::sim
