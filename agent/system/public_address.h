// Which addresses the whole Internet may reach: all that RFC 6890 and its registries do not set aside.
#pragma once

#include "gossip/address.h"

namespace gossip::agent {

// False for an address that is not set. An IPv4 address counts as such in either form.
[[nodiscard]] bool is_public(const IpAddress& ip);

}  // namespace gossip::agent
