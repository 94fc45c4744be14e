// gossipd's own configuration format. Everything of toml++ stays in one source.
#pragma once

#include <string>
#include <string_view>

#include "config/mistakes.h"
#include "config/settings.h"

namespace gossip::config {

// `path` is for the mistakes: InvalidArgument, "path:line:column: …", of an element of a list that one's place.
// What is right has been taken, of a text that is no TOML nothing.
void apply_toml(Settings& settings, std::string_view text, const std::string& path,
                Mistakes& mistakes);

}  // namespace gossip::config
