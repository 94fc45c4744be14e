// What holds for settings, wherever they were read: they make a configuration that works, or an error.
#pragma once

#include "base/check.h"
#include "config/validate.h"

namespace gossip::fuzz {

inline void check_message(const Error& error) {
  GOSSIP_CHECK(!error.message.empty());
}

// Takes a copy: the files that it names are not for a fuzzer to read.
inline void check_settings(config::Settings settings) {
  settings.encrypt_key_file.clear();
  settings.keyring_file.clear();
  settings.rpc_auth_file.clear();
  config::Environment nothing;
  config::Mistakes mistakes;
  const config::AgentConfig config = config::validate(settings, nothing, mistakes);
  for (const Error& mistake : mistakes.told())
    check_message(mistake);
  if (!mistakes.empty()) return;
  GOSSIP_CHECK(check(config.node).has_value());
  GOSSIP_CHECK(config.rpc.max_clients > 0 && config.events.handler_queue > 0);
}

}  // namespace gossip::fuzz
