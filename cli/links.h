// The way from this host to members' addresses: whether a TCP connection opens, and how large a packet the kernel believes to
// pass. Nothing of the gossip protocol is spoken.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gossip/address.h"
#include "gossip/error.h"

#include "cli/socket.h"

namespace gossip::cli {

struct Link {
  Address address;
  std::string tcp_error;   // "" if the connection opened
  std::optional<int> mtu;  // nothing if the kernel does not say
};

// So many connections are opened at once: as far as descriptors go.
inline constexpr std::size_t kMaxLinksAtOnce = 128;

struct Patience {
  std::chrono::milliseconds each;  // with one connection
  Deadline until;                  // with all of them
  int interrupts;                  // a descriptor that can be read once somebody wants this to end
  std::function<void()> waits;     // called each second while it lasts
};

// At most kMaxLinksAtOnce, all at once; in the order asked for. TimedOut: `until` or an interrupt came first.
[[nodiscard]] Expected<std::vector<Link>> check_links(std::span<const Address> addresses,
                                                      const Patience& patience);

}  // namespace gossip::cli
