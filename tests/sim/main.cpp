// gossip-sim: see `gossip-sim --help`. The only part of the simulator that knows real time and real chance.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <limits>
#include <random>

#include "sim/command_line.h"
#include "sim/report.h"
#include "sim/run.h"
#include "sim/terminal.h"

namespace gossip::sim {
namespace {

using RealClock = std::chrono::steady_clock;

constexpr int kBroken = 1;
constexpr int kWrongArguments = 2;
// Turns before a broken promise that are shown.
constexpr std::uint64_t kLastTurns = 40;

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// What led to it: the same world again, which ends at the same turn, with its last turns told.
void show_last_turns(const Scenario& scenario, const Broken& broken) {
  print("the last turns:\n");
  Commentary commentary;
  commentary.trace = print;
  commentary.first_turn = broken.turn < kLastTurns ? 0 : broken.turn - kLastTurns;
  commentary.last_turn = broken.turn;
  (void)run(scenario, commentary);
}

int run_one(const Scenario& scenario, Format format, bool trace) {
  Commentary commentary;
  commentary.progress = Progress(scenario.length);
  if (trace) {
    commentary.trace = print;
    commentary.last_turn = std::numeric_limits<std::uint64_t>::max();
  }
  const Outcome outcome = run(scenario, commentary);
  if (outcome.broken && !trace && format == Format::Text)
    show_last_turns(scenario, *outcome.broken);
  print(report(scenario, outcome, format));
  return outcome.broken ? kBroken : 0;
}

int run_swarm(const Request& request) {
  std::uint64_t seed = request.seed.value_or(std::random_device{}());
  // First of all: a run that is cut short can be repeated.
  const std::string beginning = "swarm of drawn worlds, from seed " + std::to_string(seed) + "\n";
  if (request.format == Format::Text) {
    print(beginning);
  } else {
    std::fputs(beginning.c_str(), stderr);
  }
  const auto end =
      RealClock::now() + std::chrono::duration_cast<RealClock::duration>(request.length);
  Tally tally;
  do {
    const Scenario scenario = draw_scenario(seed++);
    const Outcome outcome = run(scenario);
    if (outcome.broken) {
      if (request.format == Format::Text) show_last_turns(scenario, *outcome.broken);
      print(report(scenario, outcome, request.format));
      return kBroken;
    }
    tally.add(scenario, outcome);
  } while (RealClock::now() < end);
  print(report(tally, request.format));
  return 0;
}

// "SEED" or "SEED what it was"; empty lines and those that begin with # are for people.
int run_seeds(const Request& request) {
  std::ifstream file(request.seeds_path);
  if (!file) {
    std::fprintf(stderr, "gossip-sim: cannot read %s\n", request.seeds_path.c_str());
    return kWrongArguments;
  }
  Tally tally;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::string word = line.substr(0, line.find(' '));
    const Expected<Request> replay = parse_command_line({"replay", word});
    if (!replay) {
      std::fprintf(stderr, "gossip-sim: %s: %s\n", request.seeds_path.c_str(),
                   replay.error().message.c_str());
      return kWrongArguments;
    }
    const Outcome outcome = run(replay->scenario);
    if (outcome.broken) {
      if (request.format == Format::Text) show_last_turns(replay->scenario, *outcome.broken);
      print(report(replay->scenario, outcome, request.format));
      return kBroken;
    }
    tally.add(replay->scenario, outcome);
  }
  print(report(tally, request.format));
  return tally.worlds == 0 ? kBroken : 0;
}

int perform(const Request& request) {
  switch (request.task) {
    case Task::Help: print(help_text()); return 0;
    case Task::One:
    case Task::Replay: return run_one(request.scenario, request.format, request.trace);
    case Task::Seeds: return run_seeds(request);
    case Task::Swarm: return run_swarm(request);
  }
  return kWrongArguments;
}

int main(const std::vector<std::string>& args) {
  const Expected<Request> request = parse_command_line(args);
  if (!request) {
    std::fprintf(stderr, "gossip-sim: %s\n", request.error().message.c_str());
    return kWrongArguments;
  }
  return written("gossip-sim", perform(*request));
}

}  // namespace
}  // namespace gossip::sim

int main(int count, char** values) {
  return gossip::sim::main({values + (count > 0 ? 1 : 0), values + count});
}
