// The protocol's periods and counts: those of a profile, and over them what files and variables say.
#pragma once

#include <string>
#include <vector>

#include "gossip/config.h"

#include "config/mistakes.h"
#include "config/settings.h"

namespace gossip::config {

// Mistakes: InvalidArgument for a profile that does not exist, in whose place lan's periods are taken, and for a probe
// that lasts longer than its interval; they begin with the origin of the setting.
[[nodiscard]] Timing timing_of(const Settings& settings, std::vector<std::string>& warnings,
                               Mistakes& mistakes);

}  // namespace gossip::config
