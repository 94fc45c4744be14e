// gossipd's own configuration format. Everything of toml++ stays in one source.
#pragma once

#include <string>
#include <string_view>

#include "gossip/error.h"

#include "config/settings.h"

namespace gossip::config {

// `path` is for the errors: InvalidArgument, "path:line:column: …"; what stood before has been taken.
Expected<void> apply_toml(Settings& settings, std::string_view text, const std::string& path);

}  // namespace gossip::config
