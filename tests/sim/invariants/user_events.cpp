// No user event is delivered twice to one process, nor again after a restart with a whole snapshot; and none that
// anybody alive has is missing at a member that was there before it, as long as the buffer reaches back to it.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "cluster/snapshot.h"
#include "sim/invariants/families.h"

namespace gossip::sim {
namespace {

// Names are unique in a world.
struct Sent {
  LamportTime time = 0;
  TimePoint first_seen;
};

struct Log {
  std::set<std::string, std::less<>> delivered;
  // A push/pull of ours, or anybody's with us, after which the cluster's events are ours too.
  std::optional<TimePoint> in_cluster_since;
  // What bears an earlier time counts as old here: it is from before the join, or of a side whose clock lay behind.
  LamportTime old_before = 0;
  LamportTime clock = 0;
  std::uint32_t buffer = 0;
};

class UserEvents final : public Invariant {
 public:
  explicit UserEvents(std::uint32_t host_count) : earlier_(host_count), logs_(host_count) {}

  std::string_view promise() const override {
    return "no event is delivered twice, or lost to a live connected member";
  }

  std::optional<Violation> after(const Step& step) override {
    if (step.kind == StepKind::Started) begin_run(step);
    if (step.stats == nullptr) return std::nullopt;
    Log& log = logs_.of(step);
    log.clock = step.stats->gauges.event_time;
    log.buffer = step.config->event_buffer;
    if (!log.in_cluster_since && has_joined(step)) {
      log.in_cluster_since = step.at;
      log.old_before = log.clock;
    }
    for (const Effect& effect : step.effects) {
      const auto* publish = std::get_if<Publish>(&effect);
      const auto* event = publish == nullptr ? nullptr : std::get_if<UserEvent>(&publish->event);
      if (event == nullptr) continue;
      sent_.try_emplace(event->name, Sent{event->time, step.at});
      if (!log.delivered.insert(event->name).second) {
        return who(step.host) + " delivered " + event->name + " twice";
      }
      if (earlier_[step.host].contains(event->name)) {
        return who(step.host) + " delivered " + event->name + " again after its restart";
      }
    }
    return std::nullopt;
  }

  std::optional<Violation> when_settled(const Truth& truth) override {
    LamportTime newest = 0;
    for (HostId host = 0; host < truth.hosts.size(); ++host) {
      if (truth.hosts[host].runs) newest = std::max(newest, logs_.at(host).clock);
    }
    for (const auto& [name, sent] : sent_) {
      if (std::optional<Violation> broken = find_missing(truth, name, sent, newest)) return broken;
    }
    return std::nullopt;
  }

 private:
  // What a snapshot that lost nothing covers must not come again. A leave starts anew.
  void begin_run(const Step& step) {
    std::set<std::string, std::less<>>& earlier = earlier_[step.host];
    cluster::Snapshot snapshot(0xFFFF);
    (void)snapshot.read(step.snapshot, step.config->rejoin_after_leave);
    if (step.snapshot_is_whole && snapshot.clocks().event > 0) {
      const auto& delivered = logs_.at(step.host).delivered;
      earlier.insert(delivered.begin(), delivered.end());
    } else {
      earlier.clear();
    }
  }

  static bool has_joined(const Step& step) {
    return std::ranges::any_of(step.effects, [](const Effect& effect) {
      const auto* finish = std::get_if<Finish>(&effect);
      const auto* join = finish == nullptr ? nullptr : std::get_if<JoinResult>(&finish->result);
      return join != nullptr && join->joined > 0;
    });
  }

  [[nodiscard]] std::optional<Violation> find_missing(const Truth& truth, const std::string& name,
                                                      const Sent& sent, LamportTime newest) const {
    HostId holder = kNobody;
    for (HostId host = 0; host < truth.hosts.size(); ++host) {
      if (truth.hosts[host].runs && logs_.at(host).delivered.contains(name)) holder = host;
    }
    if (holder == kNobody) return std::nullopt;
    for (HostId host = 0; host < truth.hosts.size(); ++host) {
      const Log& log = logs_.at(host);
      const bool was_there = log.in_cluster_since && *log.in_cluster_since < sent.first_seen &&
                             sent.time >= log.old_before;
      if (!truth.hosts[host].runs || truth.hosts[host].has_left || !was_there) continue;
      if (log.delivered.contains(name)) continue;
      if (newest - std::min(newest, sent.time) + 1 >= log.buffer) continue;
      return who(host) + " has never heard of " + name + ", which " + who(holder) + " has";
    }
    return std::nullopt;
  }

  std::map<std::string, Sent, std::less<>> sent_;
  std::vector<std::set<std::string, std::less<>>> earlier_;  // of a host's runs before this one
  PerProcess<Log> logs_;
};

}  // namespace

std::unique_ptr<Invariant> events_arrive_once(std::uint32_t host_count) {
  return std::make_unique<UserEvents>(host_count);
}

}  // namespace gossip::sim
