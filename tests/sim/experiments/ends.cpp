#include <algorithm>
#include <string>
#include <vector>

#include "sim/experiments/experiments.h"
#include "sim/experiments/lab.h"

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kBefore = 10s;  // of which the load is told

enum class Ending : std::uint8_t { Silent, Process, Pause, Restart };

Ending ending_of(const std::string& word) {
  if (word == "process") return Ending::Process;
  if (word == "pause") return Ending::Pause;
  return word == "restart" ? Ending::Restart : Ending::Silent;
}

void end(World& world, HostId host, Ending ending, Duration absent) {
  switch (ending) {
    case Ending::Silent: world.cut_power(host); break;
    case Ending::Process: world.crash(host); break;
    case Ending::Pause: world.freeze(host, absent); break;
    case Ending::Restart:
      world.crash(host);
      world.at(world.now() + absent, [&world, host] { world.start(host); });
      break;
  }
}

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

using Reports = std::vector<Recorder::Report>;

Reports about(const Reports& reports, HostId subject) {
  Reports chosen;
  std::ranges::copy_if(reports, std::back_inserter(chosen),
                       [&](const auto& report) { return report.subject == subject; });
  return chosen;
}

}  // namespace

Expected<Figures> end_members(Settings& settings) {
  LabSettings lab_settings = read_lab(settings, 50);
  const auto count =
      static_cast<std::uint32_t>(settings.number("count", {.usual = 1, .low = 1, .high = 10'000}));
  const Duration gap = settings.time("gap", {.usual = 120'000, .low = 1, .high = 3'600'000});
  const Duration absent = settings.time("absent", {.usual = 1000, .low = 1, .high = 3'600'000});
  const Ending ending = ending_of(settings.word("kind", {"silent", "process", "pause", "restart"}));
  if (Expected<void> checked = settings.check(); !checked) return tl::unexpected(checked.error());
  // Who stays away goes for good; two must be left to tell of the last.
  const bool comes_back = ending == Ending::Pause || ending == Ending::Restart;
  if (!comes_back && count > lab_settings.scenario.nodes - 2) {
    return fail(ErrorCode::InvalidArgument, "count is at most nodes - 2, as each ends for good");
  }
  Lab lab(lab_settings);
  if (!lab.fill()) return fail(ErrorCode::LimitReached, "the queues do not empty");

  lab.run_for(kBefore);
  const double per_member = static_cast<double>(lab.recorder.packets) /
                            static_cast<double>(lab.world.host_count()) /
                            std::chrono::duration<double>(kBefore).count();
  std::vector<double> suspected;
  std::vector<double> first;
  std::vector<double> all;
  double failures = 0;
  double others = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    HostId host = lab.any_host();
    while (lab.world.process(host).engine == nullptr)
      host = lab.any_host();
    lab.recorder.begin_anew();
    const TimePoint at = lab.world.now();
    end(lab.world, host, ending, absent);
    lab.run_for(gap);
    const Reports suspicions = about(lab.recorder.suspected, host);
    const Reports deaths = about(lab.recorder.failed, host);
    if (!suspicions.empty()) suspected.push_back(milliseconds(suspicions.front().at - at));
    if (!deaths.empty()) {
      first.push_back(milliseconds(deaths.front().at - at));
      all.push_back(milliseconds(deaths.back().at - at));
    }
    failures += static_cast<double>(deaths.size());
    others += static_cast<double>(lab.recorder.failed.size() - deaths.size());
  }
  return Figures{{"suspected", suspected}, {"first", first},     {"all", all},
                 {"failures", {failures}}, {"others", {others}}, {"packets", {per_member}}};
}

}  // namespace gossip::sim
