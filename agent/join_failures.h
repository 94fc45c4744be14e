// How a failed join is told in one line.
#pragma once

#include <string>
#include <vector>

#include "gossip/effects.h"

namespace gossip::agent {

// "10.0.0.1: connection refused; db: no such host".
[[nodiscard]] std::string describe(const std::vector<JoinFailure>& failures);

}  // namespace gossip::agent
