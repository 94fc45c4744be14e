// The engine keeps no timer for nothing: a deadline that has come is never left standing, and an engine wakes up in vain
// no more often than its probes explain.
#include <algorithm>

#include "sim/invariants/families.h"

namespace gossip::sim {
namespace {

// A probe that is answered leaves one timer that finds nothing to do; so do suspicions that were refuted and the like.
// Each probe interval allows for so many, and a process may have saved up some.
constexpr double kIdleWakesPerProbe = 3;
constexpr double kMostSavedUp = 120;

struct TimerView {
  double allowance = kMostSavedUp;
  TimePoint at;
};

class NoTimers final : public Invariant {
 public:
  explicit NoTimers(std::uint32_t host_count) : views_(host_count) {}

  std::string_view promise() const override { return "the engine keeps no timer for nothing"; }

  std::optional<Violation> after(const Step& step) override {
    TimerView& view = views_.of(step);
    if (step.kind == StepKind::Started) view.at = step.local_at;
    if (step.kind != StepKind::Advance) return std::nullopt;
    if (step.deadline && *step.deadline <= step.local_at) {
      return who(step.host) + " ran its timers and leaves one standing that was due";
    }
    const double probes =
        std::chrono::duration<double>(step.local_at - view.at) /
        std::max(std::chrono::duration<double>(step.config->timing.probe_interval),
                 std::chrono::duration<double>(1e-3));
    view.at = step.local_at;
    view.allowance = std::min(kMostSavedUp, view.allowance + probes * kIdleWakesPerProbe);
    if (!step.effects.empty()) return std::nullopt;
    view.allowance -= 1;
    if (view.allowance >= 0) return std::nullopt;
    return who(step.host) + " wakes up again and again and does nothing";
  }

 private:
  PerProcess<TimerView> views_;
};

}  // namespace

std::unique_ptr<Invariant> no_timer_for_nothing(std::uint32_t host_count) {
  return std::make_unique<NoTimers>(host_count);
}

}  // namespace gossip::sim
