// gossip-experiment NAME [SETTING=VALUE …]: one run, its figures as JSON. run.py makes tables and plots of many.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <malloc.h>

#include "base/nearest.h"
#include "sim/experiments/experiments.h"
#include "sim/terminal.h"

namespace gossip::sim {
namespace {

constexpr std::string_view kProgram = "gossip-experiment";
constexpr int kFailed = 1;
constexpr int kWrongArguments = 2;

struct Experiment {
  std::string_view name;
  std::string_view what;
  Expected<Figures> (*run)(Settings& settings);
};

constexpr std::array<Experiment, 6> kExperiments = {{
    {"anomalies", "Lifeguard's: the messages of some members neither come nor go, now and then",
     block_members},
    {"disturbances", "Rapid's: some members crash, do not hear or are not heard", disturb_members},
    {"ends", "how a member's end is noticed, or its absence is not taken for one", end_members},
    {"joins", "everybody starts at once and joins the first", join_at_once},
    {"scale", "many engines in one process: a steady minute, an event, a crash, a leave",
     measure_scale},
    {"spread", "how long user events take to all members", spread_events},
}};

constexpr std::string_view kUsage =
    "gossip-experiment NAME [SETTING=VALUE ...]: one run in the simulator, its figures as JSON\n"
    "Settings stand with what they usually are, and where they may be; of words the first is "
    "usual.\n"
    "tests/sim/experiments/experiments.h says what the figures are.\n";

void print(const Figures& figures) {
  std::string text = "{";
  for (const auto& [name, values] : figures) {
    text += (text.size() > 1 ? ", \"" : "\"") + name + "\": [";
    for (std::size_t i = 0; i < values.size(); ++i)
      text += (i == 0 ? "" : ", ") + std::to_string(values[i]);
    text += "]";
  }
  std::puts((text + "}").c_str());
}

// Its name, and below it the settings in lines that fit a terminal.
std::string describe(const Experiment& experiment) {
  constexpr std::size_t kWidth = 96;
  Settings settings = Settings::to_describe({});
  (void)experiment.run(settings);
  std::string text = "\n" + std::string(experiment.name) + ": " + std::string(experiment.what);
  std::size_t used = kWidth;
  for (const std::string& setting : settings.described()) {
    const bool fits = used + setting.size() + 2 <= kWidth;
    text += fits ? "  " : "\n    ";
    used = (fits ? used + 2 : 4) + setting.size();
    text += setting;
  }
  return text + "\n";
}

bool asks_help(const std::string& word) {
  return word == "--help" || word == "-help" || word == "-h";
}

void print_help(std::string_view of) {
  std::string text(kUsage);
  const auto is_meant = [of](const Experiment& each) { return each.name == of; };
  const bool all = std::ranges::none_of(kExperiments, is_meant);
  for (const Experiment& experiment : kExperiments) {
    if (all || is_meant(experiment)) text += describe(experiment);
  }
  std::fputs(text.c_str(), stdout);
}

int main(const std::vector<std::string>& args) {
  const std::string name = args.empty() ? "" : args.front();
  if (std::ranges::any_of(args, asks_help)) {
    print_help(name);
    return written(kProgram, 0);
  }
  for (const Experiment& experiment : kExperiments) {
    if (experiment.name != name) continue;
    Settings settings({args.begin() + 1, args.end()}, Progress());
    const Expected<Figures> figures = experiment.run(settings);
    if (figures) {
      print(*figures);
      return written(kProgram, 0);
    }
    std::fprintf(stderr, "gossip-experiment: %s\n", figures.error().message.c_str());
    return figures.error().code == ErrorCode::InvalidArgument ? kWrongArguments : kFailed;
  }
  std::string names;
  std::vector<std::string_view> known;
  for (const Experiment& experiment : kExperiments) {
    names += " " + std::string(experiment.name);
    known.push_back(experiment.name);
  }
  if (!name.empty()) {
    const std::string_view meant = base::nearest(name, known);
    std::fprintf(stderr, "gossip-experiment: there is no experiment %s%s\n", name.c_str(),
                 meant.empty() ? "" : (", did you mean " + std::string(meant) + "?").c_str());
  }
  std::fprintf(
      stderr,
      "usage: gossip-experiment NAME [SETTING=VALUE ...]\nNAME is one of%s; gossip-experiment "
      "--help lists their settings\n",
      names.c_str());
  return kWrongArguments;
}

}  // namespace
}  // namespace gossip::sim

int main(int count, char** values) {
  // As the daemon has it (agent/system/spare_memory): else the room of push/pulls stays, with little things in it.
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);  // NOLINT(concurrency-mt-unsafe): one thread
  return gossip::sim::main({values + (count > 0 ? 1 : 0), values + count});
}
