// What this host calls itself.
#pragma once

#include <optional>
#include <string>

namespace gossip::config {

// Nothing if the system does not say.
[[nodiscard]] std::optional<std::string> host_name();

}  // namespace gossip::config
