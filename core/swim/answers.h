// Answers to pings, and where answers go. Whoever can forge a packet chooses the addresses inside it, so
// they are obeyed only as far as they lead to members: no reflector, no amplifier.
#pragma once

#include <optional>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/time.h"

#include "base/token_bucket.h"
#include "swim/claims.h"
#include "swim/death_evidence.h"
#include "swim/layer.h"
#include "swim/outputs.h"
#include "swim/self.h"
#include "wire/swim_messages.h"

namespace gossip::swim {

class Answers {
 public:
  Answers(Layer& layer, const Self& self, const Claims& claims, DeathEvidence& evidence);

  void receive(TimePoint now, const Address& from, const wire::Ping& ping, Outputs& out);
  void set_payload(Bytes payload) { payload_ = std::move(payload); }

  struct Recipient {
    Address to;
    std::optional<members::Index> member;  // of the address, if it is a known one
  };
  // Who asked: the sender's own word if it names a member's address or the place the packet came from.
  // Otherwise the packet's source, but for a few a second: a member may ask before we hear that it joined.
  [[nodiscard]] Recipient recipient(TimePoint now, const Address& from, const wire::Source& source);
  // To strangers nothing is added: our answer stays about as long as their question.
  [[nodiscard]] static Send answer(const Recipient& recipient, Bytes message);

 private:
  static constexpr double kUnknownAddressesPerSecond = 20;

  Layer& layer_;
  const Self& self_;
  const Claims& claims_;
  DeathEvidence& evidence_;
  base::TokenBucket unknown_addresses_{kUnknownAddressesPerSecond, kUnknownAddressesPerSecond};
  Bytes payload_;
};

}  // namespace gossip::swim
