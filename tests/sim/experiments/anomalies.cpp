// Dadgar, Phillips, Currey: Lifeguard (arXiv 1707.00788), the controlled anomalies.
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sim/experiments/experiments.h"
#include "sim/experiments/lab.h"

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

// After the last block: the longest suspicion under the usual settings is over by then, and the news has spread.
constexpr Duration kAfterwards = 60s;

struct Anomalies {
  std::uint32_t count = 4;
  Duration blocked = 8s;
  Duration pause = 1s;  // none: once
  Duration length = 120s;
};

std::set<HostId> choose(Lab& lab, std::uint32_t count) {
  std::set<HostId> chosen;
  while (chosen.size() < count)
    chosen.insert(lab.any_host());
  return chosen;
}

void block(Lab& lab, const std::set<HostId>& hosts, const Anomalies& anomalies) {
  const TimePoint end = lab.world.now() + anomalies.length;
  for (TimePoint at = lab.world.now(); at < end; at += anomalies.blocked + anomalies.pause) {
    const Duration blocked = std::min(anomalies.blocked, end - at);
    for (const HostId host : hosts)
      lab.world.at(at, [&lab, host, blocked] { lab.world.mute(host, blocked); });
    if (anomalies.pause == Duration{}) break;
  }
  lab.run_for(anomalies.length + kAfterwards);
}

// When each anomalous member was first called failed, and by the last of the healthy ones.
void add_latencies(const Lab& lab, const std::set<HostId>& anomalous, TimePoint began,
                   std::vector<double>& first, std::vector<double>& all) {
  for (const HostId subject : anomalous) {
    std::set<HostId> told;
    for (const Recorder::Report& report : lab.recorder.failed) {
      if (report.subject != subject || anomalous.contains(report.host)) continue;
      const double after = std::chrono::duration<double, std::milli>(report.at - began).count();
      if (told.empty()) first.push_back(after);
      if (!told.insert(report.host).second) continue;
      if (told.size() == lab.world.host_count() - anomalous.size()) all.push_back(after);
    }
  }
}

// Seconds, of each healthy member that calls another one failed; until the end if it never takes it back.
double wrong_seconds(const Lab& lab, const std::set<HostId>& anomalous) {
  std::map<std::pair<HostId, HostId>, TimePoint> returns;
  double seconds = 0;
  auto back = lab.recorder.joined.rbegin();
  // From the last to the first: the return that follows is the one seen before.
  for (auto report = lab.recorder.failed.rbegin(); report != lab.recorder.failed.rend(); ++report) {
    for (; back != lab.recorder.joined.rend() && back->at >= report->at; ++back)
      returns[{back->host, back->subject}] = back->at;
    if (anomalous.contains(report->host) || anomalous.contains(report->subject)) continue;
    const auto returned = returns.find({report->host, report->subject});
    const TimePoint until = returned == returns.end() ? lab.world.now() : returned->second;
    seconds += std::chrono::duration<double>(until - report->at).count();
  }
  return seconds;
}

}  // namespace

Expected<Figures> block_members(Settings& settings) {
  const LabSettings lab_settings = read_lab(settings, 128);
  const auto most = static_cast<double>(lab_settings.scenario.nodes);
  Anomalies anomalies;
  anomalies.count = static_cast<std::uint32_t>(
      settings.number("anomalous", {.usual = 4, .low = 1, .high = most}));
  anomalies.blocked = settings.time("blocked", {.usual = 8000, .low = 1, .high = 3'600'000});
  anomalies.pause = settings.time("pause", {.usual = 1000, .high = 3'600'000});
  anomalies.length = settings.time("length", {.usual = 120'000, .low = 1, .high = 3'600'000});
  if (Expected<void> checked = settings.check(); !checked) return tl::unexpected(checked.error());
  Lab lab(lab_settings);
  if (!lab.fill()) return fail(ErrorCode::LimitReached, "the queues do not empty");

  const std::set<HostId> anomalous = choose(lab, anomalies.count);
  const TimePoint began = lab.world.now();
  block(lab, anomalous, anomalies);
  double false_positives = 0;
  double at_healthy = 0;
  for (const Recorder::Report& report : lab.recorder.failed) {
    if (anomalous.contains(report.subject)) continue;
    ++false_positives;
    if (!anomalous.contains(report.host)) ++at_healthy;
  }
  std::vector<double> first;
  std::vector<double> all;
  add_latencies(lab, anomalous, began, first, all);
  return Figures{{"false_positives", {false_positives}},
                 {"at_healthy", {at_healthy}},
                 {"wrong_seconds", {wrong_seconds(lab, anomalous)}},
                 {"first", first},
                 {"all", all},
                 {"packets", {static_cast<double>(lab.recorder.packets)}},
                 {"bytes", {static_cast<double>(lab.recorder.packet_bytes)}}};
}

}  // namespace gossip::sim
