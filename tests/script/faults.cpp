#include "script/faults.h"

namespace gossip::script {

void Faults::heal(const std::string& name) {
  cut_.erase(name);
  cut_udp_.erase(name);
  std::erase_if(rejected_, [&](const auto& rule) { return std::get<0>(rule) == name; });
}

bool Faults::passes(std::string_view a, std::string_view b) const {
  return a == b || (!cut_.contains(a) && !cut_.contains(b));
}

bool Faults::udp_passes(std::string_view a, std::string_view b) const {
  return passes(a, b) && !cut_udp_.contains(a) && !cut_udp_.contains(b);
}

bool Faults::rejects(std::string_view name, Traffic traffic, std::string_view from) const {
  const std::string to(name);
  return name != from && (rejected_.contains({to, traffic, std::string(from)}) ||
                          rejected_.contains({to, traffic, std::string()}));
}

std::optional<Address> Faults::translation(std::string_view name) const {
  const auto found = translated_.find(name);
  return found == translated_.end() ? std::nullopt : std::make_optional(found->second);
}

}  // namespace gossip::script
