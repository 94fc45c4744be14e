// Suresh et al.: Stable and consistent membership at scale with Rapid (USENIX ATC 2018), its faults.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/experiments/experiments.h"
#include "sim/experiments/lab.h"

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLook = 1s;

enum class Disturbance : std::uint8_t { Crash, Ingress, Egress };

struct Plan {
  Disturbance kind = Disturbance::Crash;
  double lost = 1;
  Duration on = 20s;
  Duration off = 20s;
  Duration length = 300s;
};

void disturb(Lab& lab, const std::vector<HostId>& faulty, const Plan& plan) {
  if (plan.kind == Disturbance::Crash) {
    for (const HostId host : faulty)
      lab.world.cut_power(host);
    return;
  }
  const auto set_loss = [&lab, faulty, kind = plan.kind](double loss) {
    for (const HostId host : faulty) {
      Interface& interface = lab.world.links().interface(host);
      (kind == Disturbance::Ingress ? interface.ingress_loss : interface.egress_loss) = loss;
    }
    lab.world.network_changed();
  };
  const TimePoint end = lab.world.now() + plan.length;
  for (TimePoint at = lab.world.now(); at < end; at += plan.on + plan.off) {
    lab.world.at(at, [set_loss, lost = plan.lost] { set_loss(lost); });
    if (plan.off == Duration{}) break;
    lab.world.at(at + plan.on, [set_loss] { set_loss(0); });
  }
}

// Looks at the healthy members once a second.
class Watch {
 public:
  Watch(const Lab& lab, const std::vector<HostId>& faulty) : lab_(lab) {
    std::vector<bool> is_faulty(lab.world.host_count(), false);
    for (const HostId host : faulty)
      is_faulty[host] = true;
    for (HostId host = 0; host < lab.world.host_count(); ++host) {
      if (!is_faulty[host]) healthy_.push_back(host);
    }
  }

  void look() {
    std::set<std::uint32_t> now;
    for (const HostId host : healthy_) {
      const Gauges& gauges = lab_.world.process(host).engine->stats().gauges;
      now.insert(gauges.members - gauges.failed - gauges.left);
    }
    sizes_.insert(now.begin(), now.end());
    if (now.size() > 1) ++differ_;
  }

  [[nodiscard]] double sizes() const { return static_cast<double>(sizes_.size()); }
  [[nodiscard]] double seconds_of_difference() const { return differ_; }
  [[nodiscard]] std::size_t healthy_count() const { return healthy_.size(); }

 private:
  const Lab& lab_;
  std::vector<HostId> healthy_;
  std::set<std::uint32_t> sizes_;
  double differ_ = 0;
};

// Of each faulty member: when the first healthy one called it failed, and when all had done so at least once.
struct Removal {
  std::vector<double> first;
  std::vector<double> all;
  double changes = 0;
  double wrong = 0;
};

Removal removals(const Lab& lab, const std::set<HostId>& faulty, TimePoint began) {
  Removal found;
  std::map<HostId, std::set<HostId>> told;
  for (const Recorder::Report& report : lab.recorder.failed) {
    if (faulty.contains(report.host)) continue;
    if (!faulty.contains(report.subject)) {
      ++found.wrong;
      continue;
    }
    ++found.changes;
    const double after = std::chrono::duration<double, std::milli>(report.at - began).count();
    std::set<HostId>& who = told[report.subject];
    if (who.empty()) found.first.push_back(after);
    if (!who.insert(report.host).second) continue;
    if (who.size() == lab.world.host_count() - faulty.size()) found.all.push_back(after);
  }
  for (const Recorder::Report& report : lab.recorder.joined) {
    if (!faulty.contains(report.host) && faulty.contains(report.subject)) ++found.changes;
  }
  return found;
}

}  // namespace

Expected<Figures> disturb_members(Settings& settings) {
  const LabSettings lab_settings = read_lab(settings, 100);
  Plan plan;
  const std::string kind = settings.word("kind", {"crash", "ingress", "egress"});
  if (kind != "crash") plan.kind = kind == "ingress" ? Disturbance::Ingress : Disturbance::Egress;
  const double most = lab_settings.scenario.nodes - 1.0;
  const auto count =
      static_cast<std::size_t>(settings.number("faulty", {.usual = 1, .low = 1, .high = most}));
  plan.lost = settings.number("lost", {.usual = 1, .high = 1});
  plan.on = settings.time("on", {.usual = 20'000, .low = 1, .high = 3'600'000});
  plan.off = settings.time("off", {.usual = 20'000, .high = 3'600'000});
  plan.length = settings.time("length", {.usual = 300'000, .low = 1000, .high = 3'600'000});
  if (Expected<void> checked = settings.check(); !checked) return tl::unexpected(checked.error());
  Lab lab(lab_settings);
  if (!lab.fill()) return fail(ErrorCode::LimitReached, "the queues do not empty");

  std::set<HostId> faulty;
  while (faulty.size() < count)
    faulty.insert(lab.any_host());
  const std::vector<HostId> hosts(faulty.begin(), faulty.end());
  Watch watch(lab, hosts);
  const TimePoint began = lab.world.now();
  disturb(lab, hosts, plan);
  for (Duration passed{}; passed < plan.length; passed += kLook) {
    lab.run_for(kLook);
    watch.look();
  }
  const Removal removal = removals(lab, faulty, began);
  return Figures{{"sizes", {watch.sizes()}},
                 {"differ", {watch.seconds_of_difference()}},
                 {"first", removal.first},
                 {"all", removal.all},
                 {"changes", {removal.changes}},
                 {"wrong", {removal.wrong}},
                 {"packets", {static_cast<double>(lab.recorder.packets)}}};
}

}  // namespace gossip::sim
