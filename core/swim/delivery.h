// News that some members must be known to have, our good-bye: a few of them are pinged with it in the same
// packet, others in their place while acks are missing. The ordinary broadcast goes on beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/time.h"

#include "members/record.h"
#include "swim/layer.h"
#include "swim/outputs.h"
#include "swim/self.h"
#include "wire/swim_messages.h"

namespace gossip::swim {

class Delivery {
 public:
  // So many that have it for certain spread it further than any number of packets that may be lost.
  static constexpr std::size_t kEnough = 3;
  // Pings whose acks count, the newest: with a long broadcast timeout there is no end to silence.
  static constexpr std::size_t kMaxAsked = 64;

  Delivery(Layer& layer, const Self& self) : layer_(layer), self_(self) {}

  // `news`: encoded messages, type byte first, in the order in which others must take them. To be called once.
  // Departed follows when kEnough members have acked, or all that live; at once if there are none.
  void begin(TimePoint now, std::vector<Bytes> news, Outputs& out);
  // Whether the ack is for a ping of ours.
  [[nodiscard]] bool receive(const wire::Ack& ack, Outputs& out);
  // A gossip interval has passed: silent members are asked again, or others instead.
  void ask(TimePoint now, Outputs& out);

 private:
  struct Asked {
    std::uint32_t sequence = 0;
    members::Index member = 0;
  };

  [[nodiscard]] std::vector<members::Index> waiting(std::size_t count) const;
  [[nodiscard]] bool is_over() const;
  void finish(Outputs& out);

  Layer& layer_;
  const Self& self_;
  std::vector<Bytes> news_;  // empty: nothing to deliver
  std::deque<Asked> asked_;  // oldest first
  std::vector<members::Index> acked_;
};

}  // namespace gossip::swim
