#include "swim/answers.h"

#include <utility>

#include "wire/swim_codec.h"

namespace gossip::swim {

Answers::Answers(Layer& layer, const Self& self, const Claims& claims, DeathEvidence& evidence)
    : layer_(layer), self_(self), claims_(claims), evidence_(evidence) {}

void Answers::receive(TimePoint now, const Address& from, const wire::Ping& ping, Outputs& out) {
  if (!ping.node.empty() && ping.node != self_.name()) {
    layer_.counters.drop(Drop::NotForUs);
    return;
  }
  if (const std::optional<members::Index> sender = claims_.node(ping.source.node)) {
    evidence_.heard_from_member(*sender, from);
  }
  const Recipient asker = recipient(now, from, ping.source);
  const ByteView payload = asker.member ? ByteView(payload_) : ByteView();
  out.emplace_back(
      answer(asker, wire::encode(wire::Ack{.sequence = ping.sequence, .payload = payload})));
}

Answers::Recipient Answers::recipient(TimePoint now, const Address& from,
                                      const wire::Source& source) {
  const std::optional<members::Index> member = claims_.node(source.node);
  const auto at_home = [&](const Address& address) {
    return member && same_endpoint(layer_.table.at(*member).address(), address);
  };
  const std::optional<IpAddress> ip = IpAddress::from_bytes(source.address);
  if (ip && !ip->is_unspecified() && source.port != 0) {
    const Address named{*ip, source.port};
    if (at_home(named)) return {named, member};
    if (same_endpoint(named, from)) return {from, std::nullopt};
    if (unknown_addresses_.take(now, 1) == 1) return {named, std::nullopt};
  }
  return {from, at_home(from) ? member : std::nullopt};
}

Send Answers::answer(const Recipient& recipient, Bytes message) {
  Send send{.to = recipient.to,
            .messages = {},
            .piggyback = recipient.member ? Piggyback::Allowed : Piggyback::None,
            .member = recipient.member};
  send.messages.push_back(std::move(message));
  return send;
}

}  // namespace gossip::swim
