// Refusals that prove a process gone (docs/design.md, "A refused connection is evidence"): the host of a suspected
// member refuses our TCP connections, twice, a restart grace apart, and nothing speaks against it. Then the member is
// declared dead before Lifeguard's time; whatever is less certain takes that time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "gossip/address.h"
#include "gossip/time.h"

#include "base/token_bucket.h"
#include "members/record.h"
#include "swim/awareness.h"
#include "swim/claims.h"
#include "swim/layer.h"
#include "swim/outputs.h"
#include "swim/self.h"

namespace gossip::swim {

// Whether a helper has told us that the probe's target is silent there too.
enum class Nacked : std::uint8_t { No, Yes };

class DeathEvidence {
 public:
  // Of all members together; a check that finds no room is put off.
  static constexpr double kChecksPerSecond = 20;
  // More members than kMassCount and a tenth of all that are suspected, or died within kMassTime, are one event with
  // one cause, which may be ours: nothing is proven for kBrakeTime.
  static constexpr std::size_t kMassCount = 3;
  static constexpr Duration kMassTime = std::chrono::seconds(10);
  static constexpr Duration kBrakeTime = std::chrono::seconds(60);

  DeathEvidence(Layer& layer, const Self& self, Claims& claims, const Awareness& awareness);

  // What our probes find out. The target's host has refused a connection:
  void refused(TimePoint now, members::Index target, Outputs& out);
  // Nobody reached the target; its suspicion has begun, or another accuser has come.
  void probe_failed(TimePoint now, members::Index target, Nacked nack);
  // It was reached.
  void answered(TimePoint now, members::Index target);
  // A helper has answered us.
  void helper_answered(TimePoint now) { heard_anybody_ = now; }

  // What speaks against it: a packet from the member's address, or a connection that it took; one from its host; a
  // packet that names it as its sender. The last one also tells where its packets come from.
  void heard_from(const Address& place);
  void heard_from_host(const IpAddress& host);
  void heard_from_member(members::Index member, const Address& place);

  // Timer::Kind::Evidence.
  void check_due(TimePoint now, members::Index member, Outputs& out);
  // How a check of ours has ended; false if it was none.
  [[nodiscard]] bool checked(TimePoint now, std::uint32_t id, Listener listener, Outputs& out);
  // Claims were taken: cases that are over are forgotten, and their timers.
  void review();

 private:
  // As the member was when the first connection was refused: news about it end the case.
  struct Case {
    Address address;
    std::uint32_t incarnation = 0;
    std::optional<TimePoint> refused_since;  // nothing has contradicted it since
    bool accused = false;                    // by our own probe
    bool nacked = false;
    std::uint32_t check = 0;  // the one under way, or 0
  };
  // One for each suspect that a probe of ours was refused by: at most one new one in a probe interval.
  using Cases = std::map<members::Index, Case>;

  [[nodiscard]] bool is_on() const;
  [[nodiscard]] bool holds(members::Index member, const Case& about) const;
  [[nodiscard]] Cases::iterator find(members::Index member);
  Cases::iterator close(Cases::iterator at);
  Cases::iterator contradict(Cases::iterator at);
  void schedule(members::Index member, TimePoint at);
  void refused_again(TimePoint now, Cases::iterator at, Outputs& out);
  // What is missing for a proof; nothing if it is complete.
  [[nodiscard]] std::optional<std::string_view> doubt(TimePoint now, members::Index member,
                                                      const Case& about) const;
  [[nodiscard]] bool somebody_else_agrees(members::Index member, const Case& about) const;
  [[nodiscard]] bool is_at_home(const members::Record& record) const;
  [[nodiscard]] bool brake(TimePoint now, Outputs& out);
  void conclude(TimePoint now, Cases::iterator at, Outputs& out);

  Layer& layer_;
  const Self& self_;
  Claims& claims_;
  const Awareness& awareness_;
  Cases cases_;
  base::TokenBucket checks_{kChecksPerSecond, kChecksPerSecond};
  std::optional<TimePoint> heard_anybody_;  // of our probes' targets and helpers
  TimePoint braked_until_ = TimePoint::min();
};

}  // namespace gossip::swim
