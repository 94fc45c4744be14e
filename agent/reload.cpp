#include "agent/reload.h"

#include <algorithm>
#include <array>

#include "config/options.h"

namespace gossip::agent {

Tags merge_tags(const Tags& current, const Tags& configured_before, const Tags& configured_now) {
  Tags merged = current;
  for (const auto& [key, value] : configured_before) {
    if (configured_now.count(key) == 0) merged.erase(key);
  }
  for (const auto& [key, value] : configured_now) {
    const auto before = configured_before.find(key);
    if (before == configured_before.end() || before->second != value) merged[key] = value;
  }
  return merged;
}

std::vector<std::string_view> waiting_for_restart(const config::AgentConfig& before,
                                                  const config::AgentConfig& now) {
  constexpr std::array<std::string_view, 5> kTakenOver{
      "log_level", "tags", "role", "leave_on_terminate", "skip_leave_on_interrupt"};
  std::vector<std::string_view> names = config::changed(before.settings, now.settings);
  names.erase(std::remove_if(names.begin(), names.end(),
                             [&](std::string_view name) {
                               return std::find(kTakenOver.begin(), kTakenOver.end(), name) !=
                                      kTakenOver.end();
                             }),
              names.end());
  // Key files keep their names when their contents change.
  const bool other_keys = before.node.encryption_keys != now.node.encryption_keys;
  const bool other_token = before.rpc.auth_key != now.rpc.auth_key;
  if (names.empty() && other_keys) names.emplace_back("encryption keys");
  if (names.empty() && other_token) names.emplace_back("RPC token");
  return names;
}

}  // namespace gossip::agent
