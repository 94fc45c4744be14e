// Which host has which address, and what answers there. Addresses are 10.0.0.0/8; one that was given up is not given
// again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/address.h"

#include "sim/step.h"

namespace gossip::sim {

// What a packet finds at an address.
enum class Presence : std::uint8_t {
  Nobody,     // silence: no host, or without power
  NoProcess,  // a host whose kernel refuses
  Process,
};

class Directory {
 public:
  // Gives every host an address; nothing runs yet, the hosts have power.
  explicit Directory(std::uint32_t host_count);

  [[nodiscard]] std::uint32_t host_count() const {
    return static_cast<std::uint32_t>(hosts_.size());
  }
  [[nodiscard]] const Address& address(HostId host) const { return hosts_[host].address; }
  // kNobody for one that no host has now.
  [[nodiscard]] HostId host_at(const Address& address) const;
  [[nodiscard]] Presence presence(HostId host) const;
  // Of the present or the last run.
  [[nodiscard]] std::uint32_t run(HostId host) const { return hosts_[host].run; }

  void process_started(HostId host);
  void process_ended(HostId host) { hosts_[host].runs = false; }
  void set_power(HostId host, bool is_on) { hosts_[host].has_power = is_on; }
  // The host has a new address; nobody is at the old one.
  void move(HostId host);

 private:
  struct Host {
    Address address;
    std::uint32_t run = 0;
    bool runs = false;
    bool has_power = true;
  };
  void give_address(HostId host);

  std::vector<Host> hosts_;
  std::vector<HostId> owners_;  // by the number in the address
};

// "n7"
[[nodiscard]] std::string host_name(HostId host);
// kNobody for any other text.
[[nodiscard]] HostId host_named(std::string_view name);

}  // namespace gossip::sim
