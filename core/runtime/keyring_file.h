// The keys of a node that was given a keyring file instead of keys.
#pragma once

#include <string>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/error.h"

namespace gossip::runtime {

// Primary first, at least one. Errors name the path: those of files.h, and InvalidArgument for a file that is no
// list of keys or an empty one.
[[nodiscard]] Expected<std::vector<Bytes>> read_keyring_file(const std::string& path);

}  // namespace gossip::runtime
