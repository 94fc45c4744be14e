#include "agent/reload.h"

#include <algorithm>
#include <array>
#include <initializer_list>

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
  constexpr std::array<std::string_view, 10> kTakenOver{"log_level",
                                                        "tags",
                                                        "role",
                                                        "leave_on_terminate",
                                                        "event_handlers",
                                                        "handler_queue",
                                                        "handler_timeout",
                                                        "skip_leave_on_interrupt",
                                                        "coalesce_events",
                                                        "coalesce_members"};
  std::vector<std::string_view> names = config::changed(before.settings, now.settings);
  names.erase(std::remove_if(names.begin(), names.end(),
                             [&](std::string_view name) {
                               return std::find(kTakenOver.begin(), kTakenOver.end(), name) !=
                                      kTakenOver.end();
                             }),
              names.end());
  // Files of keys keep their names when their contents change.
  const auto has_any = [&names](std::initializer_list<std::string_view> wanted) {
    return std::find_first_of(names.begin(), names.end(), wanted.begin(), wanted.end()) !=
           names.end();
  };
  // Except the keyring file, which follows the keys in use.
  if (before.settings.keyring_file.empty() &&
      before.node.encryption_keys != now.node.encryption_keys &&
      !has_any({"encrypt_key", "encrypt_key_file", "keyring_file"})) {
    names.emplace_back("encryption keys");
  }
  if (before.rpc.auth_key != now.rpc.auth_key && !has_any({"rpc_auth", "rpc_auth_file"})) {
    names.emplace_back("RPC token");
  }
  return names;
}

}  // namespace gossip::agent
