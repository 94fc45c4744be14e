// What is wrong with the network and the hosts of a script's world: lost and refused packets, frozen processes,
// translated addresses. It only knows; the world acts on it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "gossip/address.h"

namespace gossip::script {

class Faults {
 public:
  // Nothing passes between `name` and anybody else.
  void cut(const std::string& name) { cut_.insert(name); }
  // UDP only: TCP still passes.
  void cut_udp(const std::string& name) { cut_udp_.insert(name); }
  // A firewall before `name` refuses what comes to it (ICMP port unreachable, RST): from `from`, or from everybody.
  enum class Traffic { Udp, Tcp };
  void reject(const std::string& name, Traffic traffic, const std::string& from) {
    rejected_.insert({name, traffic, from});
  }
  // All that is said above of `name` is over.
  void heal(const std::string& name);

  // Nobody lives at the address any more, but its host is up and refuses connections.
  void leave_host(const Address& address) { refusing_.insert(address); }
  void settle_at(const Address& address) { refusing_.erase(address); }
  // The host of `name` refuses datagrams too, once the process is gone.
  void tell_of_closed_port(const std::string& name) { tells_.insert(name); }

  // The process runs no code until it is thawed; its kernel still takes packets and connections.
  void freeze(const std::string& name) { frozen_.insert(name); }
  void thaw(const std::string& name) { frozen_.erase(name); }
  // What `name` sends comes from another address than the one that leads to it.
  void translate(const std::string& name, const Address& to) { translated_[name] = to; }

  [[nodiscard]] bool passes(std::string_view a, std::string_view b) const;
  [[nodiscard]] bool udp_passes(std::string_view a, std::string_view b) const;
  [[nodiscard]] bool rejects(std::string_view name, Traffic traffic, std::string_view from) const;
  [[nodiscard]] bool host_refuses(const Address& address) const {
    return refusing_.contains(address);
  }
  [[nodiscard]] bool tells_of_closed_port(std::string_view name) const {
    return tells_.contains(name);
  }
  [[nodiscard]] bool is_frozen(std::string_view name) const { return frozen_.contains(name); }
  [[nodiscard]] bool is_cut(std::string_view name) const { return cut_.contains(name); }
  [[nodiscard]] std::optional<Address> translation(std::string_view name) const;

 private:
  using Names = std::set<std::string, std::less<>>;
  Names cut_;
  Names cut_udp_;
  Names tells_;
  Names frozen_;
  std::set<std::tuple<std::string, Traffic, std::string>> rejected_;  // an empty source: everybody
  std::set<Address> refusing_;
  std::map<std::string, Address, std::less<>> translated_;
};

}  // namespace gossip::script
