#include "swim/suspicion.h"

#include <algorithm>
#include <chrono>

#include "base/logarithm.h"
#include "swim/scaling.h"

namespace gossip::swim {

SuspicionTimes suspicion_times(const SuspicionRules& rules, std::size_t n) {
  std::uint32_t expected = rules.mult > 2 ? rules.mult - 2 : 0;
  // Neither the suspect nor we ourselves can confirm.
  if (n < std::size_t{expected} + 2) expected = 0;
  Duration shortest = suspicion_timeout(rules.mult, n, rules.probe_interval);
  return {.expected_confirmations = expected,
          .shortest = shortest,
          .longest = shortest * std::int64_t{rules.max_timeout_mult},
          .after_confirmation =
              rules.first_push == FirstPush::Eager ? rules.probe_interval : Duration::zero()};
}

Duration suspicion_length(const SuspicionTimes& times, std::uint32_t confirmations) {
  using Seconds = std::chrono::duration<double>;
  if (times.expected_confirmations == 0) return times.shortest;
  const double fraction = base::natural_log(std::uint64_t{confirmations} + 1) /
                          base::natural_log(std::uint64_t{times.expected_confirmations} + 1);
  const double longest = Seconds(times.longest).count();
  const double shortest = Seconds(times.shortest).count();
  const double milliseconds = 1000 * (longest - fraction * (longest - shortest));
  const Duration length = std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
  return std::max(length, times.shortest);
}

Suspicion::Suspicion(TimePoint since, const SuspicionTimes& times, std::string_view accuser)
    : since_(since),
      deadline_(since + (times.expected_confirmations > 0 ? times.longest : times.shortest)),
      times_(times),
      accusers_{std::string(accuser)} {}

bool Suspicion::confirm(TimePoint now, std::string_view accuser) {
  if (confirmations() >= times_.expected_confirmations) return false;
  if (std::find(accusers_.begin(), accusers_.end(), accuser) != accusers_.end()) return false;
  accusers_.emplace_back(accuser);
  const TimePoint by_formula = since_ + suspicion_length(times_, confirmations());
  if (times_.after_confirmation == Duration::zero()) {
    deadline_ = by_formula;
  } else {
    deadline_ = std::min(deadline_, std::max(by_formula, now + times_.after_confirmation));
  }
  return true;
}

std::uint32_t Suspicion::confirmations() const {
  return static_cast<std::uint32_t>(accusers_.size() - 1);
}

}  // namespace gossip::swim
