// Pings made for others (gossip-wire §7.4): somebody cannot reach a member and asks us to try. Its ack is
// passed on; if none comes in time, a nack tells the asker that at least we can hear it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "gossip/address.h"
#include "gossip/time.h"

#include "swim/answers.h"
#include "swim/claims.h"
#include "swim/layer.h"
#include "swim/outputs.h"
#include "swim/self.h"
#include "wire/swim_messages.h"

namespace gossip::swim {

class Relay {
 public:
  static constexpr std::size_t kMaxPending = 1024;  // further ones are refused and counted

  Relay(Layer& layer, const Self& self, const Claims& claims, Answers& answers);

  void receive(TimePoint now, const Address& from, const wire::IndirectPing& request, Outputs& out);
  // Whether the ack is for a ping of ours.
  [[nodiscard]] bool receive(TimePoint now, const wire::Ack& ack, Outputs& out);
  void nack_due(std::uint32_t sequence, Outputs& out);

 private:
  struct Pending {
    std::uint32_t sequence = 0;  // of our ping
    std::uint32_t asked_as = 0;  // of the asker's
    Address asker;
    std::string asker_name;  // empty if it is no member
    TimePoint until;
  };

  [[nodiscard]] std::optional<members::Index> target_of(const wire::IndirectPing& request) const;
  [[nodiscard]] bool pending(const Address& asker, std::uint32_t sequence) const;
  [[nodiscard]] std::deque<Pending>::iterator find(std::uint32_t sequence);
  [[nodiscard]] Duration nack_delay() const;
  void forget_old(TimePoint now);
  void tell(const Pending& asker, Bytes message, Outputs& out) const;

  Layer& layer_;
  const Self& self_;
  const Claims& claims_;
  Answers& answers_;
  std::deque<Pending> pending_;  // oldest first; all wait equally long
};

}  // namespace gossip::swim
