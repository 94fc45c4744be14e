// SRV records (RFC 2782) by the system's stub resolver: its servers, its search list, its time limits. Blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/error.h"

namespace gossip::agent::seeds {

// Addresses that one answer may bring along; a service without them is looked up by its name. Each of a few thousand
// records may name the host of each of a few thousand others.
inline constexpr std::size_t kMaxBroughtAlong = 4096;

struct Service {
  std::string host;
  std::uint16_t port = 0;
  std::vector<IpAddress> addresses;  // as far as the answer brings them along

  friend bool operator==(const Service&, const Service&) = default;
};

// What a DNS answer says: services in its order, priorities and weights left aside; a service at "." is none.
// Any bytes are fine. Errors: InvalidArgument for what is no answer, NotFound for one without services.
[[nodiscard]] Expected<std::vector<Service>> services_in(ByteView answer);

// Errors: as above; NotFound also for a name that does not exist, Unreachable when no server gave an answer.
[[nodiscard]] Expected<std::vector<Service>> query_services(const std::string& name);

}  // namespace gossip::agent::seeds
