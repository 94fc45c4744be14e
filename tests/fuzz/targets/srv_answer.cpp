// agent/seeds/srv: any bytes are a DNS answer with services, or an error; and never more of them than the bytes hold.
#include "agent/seeds/srv.h"
#include "base/check.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::srv_answer(ByteView input) {
  namespace seeds = gossip::agent::seeds;
  const auto services = seeds::services_in(input);
  if (!services) {
    const bool told = services.error().code == gossip::ErrorCode::InvalidArgument ||
                      services.error().code == gossip::ErrorCode::NotFound;
    GOSSIP_CHECK(told && !services.error().message.empty());
    return;
  }
  GOSSIP_CHECK(!services->empty() && services->size() <= input.size());
  std::size_t addresses = 0;
  for (const seeds::Service& service : *services) {
    GOSSIP_CHECK(!service.host.empty());
    addresses += service.addresses.size();
  }
  GOSSIP_CHECK(addresses <= seeds::kMaxBroughtAlong);
}
