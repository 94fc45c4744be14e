// gossip-experiment NAME [SETTING=VALUE …]: one run, its figures as JSON. run.py makes tables and plots of many.
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "sim/experiments/experiments.h"

namespace gossip::sim {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongArguments = 2;

struct Experiment {
  std::string_view name;
  Expected<Figures> (*run)(Settings& settings);
};

constexpr std::array<Experiment, 6> kExperiments = {{{"anomalies", block_members},
                                                     {"disturbances", disturb_members},
                                                     {"ends", end_members},
                                                     {"joins", join_at_once},
                                                     {"scale", measure_scale},
                                                     {"spread", spread_events}}};

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

int main(const std::vector<std::string>& args) {
  const std::string name = args.empty() ? "" : args.front();
  for (const Experiment& experiment : kExperiments) {
    if (experiment.name != name) continue;
    Settings settings({args.begin() + 1, args.end()});
    const Expected<Figures> figures = experiment.run(settings);
    if (figures) {
      print(*figures);
      return 0;
    }
    std::fprintf(stderr, "gossip-experiment: %s\n", figures.error().message.c_str());
    return figures.error().code == ErrorCode::InvalidArgument ? kWrongArguments : kFailed;
  }
  std::fprintf(stderr, "usage: gossip-experiment NAME [SETTING=VALUE ...]\nNAME is one of");
  for (const Experiment& experiment : kExperiments)
    std::fprintf(stderr, " %s", std::string(experiment.name).c_str());
  std::fprintf(stderr, "; tests/sim/experiments/experiments.h has their settings\n");
  return kWrongArguments;
}

}  // namespace
}  // namespace gossip::sim

int main(int count, char** values) {
  return gossip::sim::main({values + (count > 0 ? 1 : 0), values + count});
}
