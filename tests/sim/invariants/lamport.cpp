// Lamport clocks never go back, also not over a restart: they go on from what the snapshot says.
#include <algorithm>

#include "cluster/snapshot.h"
#include "sim/invariants/families.h"

namespace gossip::sim {
namespace {

struct Clocks {
  LamportTime member = 0;
  LamportTime event = 0;
  LamportTime query = 0;
};

// Errs on the lower side for a text that says nothing of a clock.
Clocks clocks_in(std::string_view snapshot) {
  cluster::Snapshot parsed(0xFFFF);
  (void)parsed.read(snapshot, RejoinAfterLeave::No);
  const cluster::Clocks& clocks = parsed.clocks();
  return {clocks.member, clocks.event, clocks.query};
}

class LamportClocks final : public Invariant {
 public:
  explicit LamportClocks(std::uint32_t host_count) : clocks_(host_count) {}

  std::string_view promise() const override { return "Lamport clocks never go back"; }

  std::optional<Violation> after(const Step& step) override {
    if (step.stats == nullptr) return std::nullopt;
    Clocks& known = clocks_.of(step);
    if (step.kind == StepKind::Started) known = clocks_in(step.snapshot);
    const Gauges& gauges = step.stats->gauges;
    const auto fell = [&](std::string_view clock, LamportTime from, LamportTime to) {
      return who(step.host) + ": its " + std::string(clock) + " clock went from " +
             std::to_string(from) + " to " + std::to_string(to);
    };
    if (gauges.member_time < known.member) {
      return fell("member", known.member, gauges.member_time);
    }
    if (gauges.event_time < known.event) return fell("event", known.event, gauges.event_time);
    if (gauges.query_time < known.query) return fell("query", known.query, gauges.query_time);
    known = {gauges.member_time, gauges.event_time, gauges.query_time};
    return std::nullopt;
  }

 private:
  PerProcess<Clocks> clocks_;
};

}  // namespace

std::unique_ptr<Invariant> clocks_never_fall(std::uint32_t host_count) {
  return std::make_unique<LamportClocks>(host_count);
}

}  // namespace gossip::sim
