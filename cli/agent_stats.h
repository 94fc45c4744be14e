// One figure out of an agent's stats, of whichever kind the agent is.
#pragma once

#include <string>
#include <string_view>

#include "rpc/protocol.h"

namespace gossip::cli {

// "" if there is no such section or key.
[[nodiscard]] inline std::string stat_of(const rpc::StatsSections& stats, std::string_view section,
                                         std::string_view key) {
  const auto found = stats.find(std::string(section));
  if (found == stats.end()) return {};
  const auto value = found->second.find(std::string(key));
  return value == found->second.end() ? "" : value->second;
}

}  // namespace gossip::cli
