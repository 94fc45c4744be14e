#include "config/profile.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/go_duration.h"
#include "config/options.h"
#include "config/origins.h"
#include "config/text.h"

namespace gossip::config {
namespace {

constexpr Duration kShortestBroadcast = std::chrono::seconds(1);

std::optional<Timing> profile(const std::string& name) {
  if (name == "lan") return Timing::lan();
  if (name == "wan") return Timing::wan();
  if (name == "local") return Timing::local();
  return std::nullopt;
}

// What somebody has said, over what the profile says.
void take_said(const Settings& settings, Timing& timing) {
  for (const Option& option : options()) {
    if (settings.origins.count(name_of(option)) == 0) continue;
    if (const auto* period = std::get_if<ProtocolPeriod>(&option.target)) {
      timing.*period->member = settings.timing.*period->member;
    } else if (const auto* count = std::get_if<ProtocolCount>(&option.target)) {
      timing.*count->member = settings.timing.*count->member;
    }
  }
}

}  // namespace

Timing timing_of(const Settings& settings, std::vector<std::string>& warnings, Mistakes& mistakes) {
  const std::optional<Timing> known = profile(lower(settings.profile));
  if (!known) {
    mistakes.add_from(
        refuse(settings, "profile",
               "unknown profile \"" + settings.profile + "\", there are lan, wan and local"));
  }
  Timing timing = known.value_or(Timing::lan());
  take_said(settings, timing);
  if (timing.broadcast_timeout < kShortestBroadcast) {
    warnings.push_back(origin_of(settings, "broadcast_timeout") + ": " +
                       base::format_go_duration(timing.broadcast_timeout) +
                       " is too low, set to 1s");
    timing.broadcast_timeout = kShortestBroadcast;
  }
  const bool timeout_said = settings.origins.count("swim.probe_timeout") != 0;
  const bool interval_said = settings.origins.count("swim.probe_interval") != 0;
  // One of them may fit what the profile that was meant says of the other.
  const bool can_judge = known || (timeout_said && interval_said);
  if (can_judge && timing.probe_timeout > timing.probe_interval) {
    mistakes.add_from(refuse(settings, timeout_said ? "swim.probe_timeout" : "swim.probe_interval",
                             "the timeout of a probe (" +
                                 base::format_go_duration(timing.probe_timeout) +
                                 ") is longer than the interval (" +
                                 base::format_go_duration(timing.probe_interval) + ")"));
  }
  // A mistake in it has been told, here or of the profile; what else is wrong is seen without it.
  timing.probe_timeout = std::min(timing.probe_timeout, timing.probe_interval);
  return timing;
}

}  // namespace gossip::config
