#include "sim/report.h"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/go_duration.h"

namespace gossip::sim {
namespace {

using Seconds = std::chrono::duration<double>;

std::string hex(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

std::string share(double part) {
  char text[24];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * part);
  return text;
}

nlohmann::json as_json(const Scenario& scenario, const Outcome& outcome) {
  nlohmann::json json = {
      {"command", command_for(scenario)},
      {"seed", scenario.seed},
      {"nodes", scenario.nodes},
      {"faults", scenario.faults.to_string()},
      {"settings", describe_settings(scenario)},
      {"seconds", Seconds(outcome.length).count()},
      {"turns", outcome.turns},
      {"packets", outcome.packets},
      {"packet_bytes", outcome.packet_bytes},
      {"streams", outcome.streams},
      {"trace_hash", hex(outcome.trace_hash)},
      {"converged_after_seconds", nullptr},
      {"events_after_seconds", nullptr},
      {"convergence_bound_seconds", Seconds(outcome.bound).count()},
      {"broken", nullptr},
  };
  if (outcome.converged_after) {
    json["converged_after_seconds"] = Seconds(*outcome.converged_after).count();
  }
  if (outcome.events_after) {
    json["events_after_seconds"] = Seconds(*outcome.events_after).count();
  }
  if (outcome.broken) {
    json["broken"] = {{"promise", outcome.broken->promise},
                      {"violation", outcome.broken->violation},
                      {"at_seconds", Seconds(outcome.broken->at.time_since_epoch()).count()},
                      {"turn", outcome.broken->turn}};
  }
  return json;
}

}  // namespace

std::string round_time(Duration duration) {
  constexpr Duration kStep = std::chrono::milliseconds(100);
  return base::format_go_duration(duration / kStep * kStep);
}

std::string report(const Scenario& scenario, const Outcome& outcome, Format format) {
  if (format == Format::Json) return as_json(scenario, outcome).dump() + "\n";
  std::string settings = describe_settings(scenario);
  if (!settings.empty()) settings += "\n";
  std::string text = std::to_string(scenario.nodes) + " nodes, " + round_time(outcome.length) +
                     ", faults " + scenario.faults.to_string() + "\n" + settings +
                     std::to_string(outcome.turns) + " turns, " + std::to_string(outcome.packets) +
                     " packets, " + std::to_string(outcome.streams) + " streams, trace " +
                     hex(outcome.trace_hash) + "\n";
  if (outcome.converged_after) {
    text += "all agreed " + round_time(*outcome.converged_after) + " after the last fault (bound " +
            round_time(outcome.bound) + ")\n";
  }
  if (!outcome.broken) return text + "no promise was broken\n";
  const Broken& broken = *outcome.broken;
  return text + "BROKEN at " + round_time(broken.at.time_since_epoch()) + ", turn " +
         std::to_string(broken.turn) + ": " + broken.promise + "\n  " + broken.violation +
         "\n  again: " + command_for(scenario) + "\n";
}

void Tally::add(const Scenario& scenario, const Outcome& outcome) {
  if (worlds++ == 0) first_seed = scenario.seed;
  turns += outcome.turns;
  length += outcome.length;
  if (!outcome.converged_after) return;
  if (*outcome.converged_after > slowest) {
    slowest = *outcome.converged_after;
    slowest_seed = scenario.seed;
  }
  const double part = Seconds(*outcome.converged_after) / Seconds(outcome.bound);
  if (part > nearest_bound) {
    nearest_bound = part;
    nearest_seed = scenario.seed;
  }
}

std::string report(const Tally& tally, Format format) {
  if (format == Format::Json) {
    return nlohmann::json({{"broken", nullptr},
                           {"worlds", tally.worlds},
                           {"first_seed", tally.first_seed},
                           {"turns", tally.turns},
                           {"seconds", Seconds(tally.length).count()},
                           {"slowest_convergence_seconds", Seconds(tally.slowest).count()},
                           {"slowest_seed", tally.slowest_seed},
                           {"largest_share_of_bound", tally.nearest_bound},
                           {"largest_share_seed", tally.nearest_seed}})
               .dump() +
           "\n";
  }
  return std::to_string(tally.worlds) + " worlds, " + round_time(tally.length) +
         " of virtual time, " + std::to_string(tally.turns) + " turns: no promise was broken\n" +
         "slowest agreement after the last fault: " + round_time(tally.slowest) + " (seed " +
         std::to_string(tally.slowest_seed) +
         "); nearest to its bound: " + share(tally.nearest_bound) + " (seed " +
         std::to_string(tally.nearest_seed) + ")\n";
}

}  // namespace gossip::sim
