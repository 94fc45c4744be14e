// Addresses of this test run alone: 127.61.x.y, x from the process, so that runs do not meet.
#pragma once

#include <string>

#include <unistd.h>

namespace gossip::e2e {

// Different hosts for different `host`, 1 to 254.
inline std::string own_ip(int host) {
  return "127.61." + std::to_string(getpid() % 250 + 1) + "." + std::to_string(host);
}

}  // namespace gossip::e2e
