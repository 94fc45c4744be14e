// The protocol's periods and counts: those of a profile, and over them what files and variables say.
#pragma once

#include <string>
#include <vector>

#include "gossip/config.h"
#include "gossip/error.h"

#include "config/settings.h"

namespace gossip::config {

// Errors: InvalidArgument for a profile that does not exist and for a probe that lasts longer than its interval;
// they begin with the origin of the setting.
[[nodiscard]] Expected<Timing> timing_of(const Settings& settings,
                                         std::vector<std::string>& warnings);

}  // namespace gossip::config
