// Ourselves among the nodes: our incarnation, our meta, the refutation of false claims, and our departure.
// Claims about us come from the network by way of swim/claims, which asks here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gossip/bytes.h"
#include "gossip/member.h"
#include "gossip/time.h"

#include "members/record.h"
#include "swim/awareness.h"
#include "swim/layer.h"
#include "swim/outputs.h"
#include "wire/swim_messages.h"

namespace gossip::swim {

class Self {
 public:
  Self(Layer& layer, Awareness& awareness);

  [[nodiscard]] std::string_view name() const { return layer_.config.node_name; }
  // Once our record stands in the table.
  [[nodiscard]] members::Index index() const { return index_.value(); }
  [[nodiscard]] bool started() const { return index_.has_value(); }
  void started_as(members::Index index) { index_ = index; }

  // What our pings say about where answers go. Valid as long as this object.
  [[nodiscard]] wire::Source source() const;
  // What is to be claimed about us next: with the next incarnation and this meta. Its views hold as long
  // as `meta` and this object, until the next call.
  [[nodiscard]] wire::Alive next_claim(ByteView meta);
  // Contradicts a claim of incarnation `accused` with a higher one, and takes it as a sign that we are slow.
  // At 2^32 − 1 there is none: upstream wraps to 0 there and never comes back; we repeat what we said.
  void refute(std::uint32_t accused, Outputs& out);

  // From here on nothing about us is refuted or taken.
  [[nodiscard]] bool leaving() const { return leaving_; }
  // The good-bye, to be fed to swim/claims. False the second time.
  [[nodiscard]] bool begin_leave();
  [[nodiscard]] wire::Dead good_bye() const;

 private:
  [[nodiscard]] std::uint32_t incarnation() const;

  Layer& layer_;
  Awareness& awareness_;
  std::optional<members::Index> index_;
  Versions versions_;
  bool leaving_ = false;
};

}  // namespace gossip::swim
