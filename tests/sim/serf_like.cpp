#include "sim/serf_like.h"

namespace gossip::sim {

void make_serf_like(Config& config) {
  config.first_push = FirstPush::OnTick;
  config.timing.restart_grace = Duration::zero();
  config.dead_member_address = DeadMemberAddress::KeepOld;
  config.address_form = AddressForm::ByteForByte;
  config.misfit_versions = MisfitVersions::Believe;
}

bool is_serf_like(HostId host, std::uint32_t count, std::uint32_t nodes) {
  const auto before = [&](std::uint64_t hosts) { return hosts * count / nodes; };
  return before(std::uint64_t{host} + 1) > before(host);
}

}  // namespace gossip::sim
