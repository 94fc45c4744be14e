// agent/discovery: any bytes are a DNS message or none; what was read survives its own encoding, and the service
// makes no more of it than its limits allow.
#include "agent/discovery/dns_message.h"

#include "agent/discovery/serf_service.h"
#include "base/check.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::dns_message(ByteView input) {
  namespace discovery = gossip::agent::discovery;
  const auto message = discovery::decode_dns(input);
  if (!message.has_value()) return;
  const gossip::Bytes encoded = discovery::encode_dns(*message);
  const auto again = discovery::decode_dns(encoded);
  // Opaque data keeps its length and the rest may only shrink, but a service's target is written out.
  if (encoded.size() <= discovery::kMaxDnsMessageBytes) {
    GOSSIP_CHECK(again.has_value() && *again == *message);
  }
  const discovery::SerfService service(
      {"test", "node1", "vm", gossip::Address::parse("10.9.8.1", 7946).value()});
  GOSSIP_CHECK(service.found_in(*message).size() <= discovery::kMaxFoundAddresses);
  if (const auto answer = service.answer_to(*message)) GOSSIP_CHECK(answer->answers.size() <= 5);
}
