// The file that keeps the tags over restarts, in Serf's format (docs/serf-compatibility.md).
#pragma once

#include <string>

#include "gossip/error.h"
#include "gossip/member.h"

namespace gossip::agent {

// No tags if there is no such file. Errors name the path, and the line where the file is at fault.
[[nodiscard]] Expected<Tags> read_tags_file(const std::string& path);

// Replaces the file in one step, so that it is whole after a power failure; mode 0600, or that of the file
// which was there. The caller has checked the tags' size. On an error the old file is untouched.
[[nodiscard]] Expected<void> write_tags_file(const std::string& path, const Tags& tags);

}  // namespace gossip::agent
