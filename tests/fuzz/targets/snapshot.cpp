// cluster/snapshot: any bytes are a snapshot; what was read from them is the same after a rewrite.
#include "cluster/snapshot.h"

#include "base/check.h"
#include "fuzz/targets.h"

namespace {

using gossip::RejoinAfterLeave;
using gossip::cluster::Snapshot;

constexpr std::size_t kMaxPeers = 64;

void check_round_trip(std::string_view text, RejoinAfterLeave rejoin) {
  Snapshot first(kMaxPeers);
  (void)first.read(text, rejoin);
  GOSSIP_CHECK(first.peers().size() <= kMaxPeers);
  GOSSIP_CHECK(first.take_lines().empty());
  const std::string whole = first.rewrite();

  Snapshot second(kMaxPeers);
  GOSSIP_CHECK(!second.read(whole, RejoinAfterLeave::No).flaws.any());
  GOSSIP_CHECK(second.clocks().member == first.clocks().member);
  GOSSIP_CHECK(second.clocks().event == first.clocks().event);
  GOSSIP_CHECK(second.clocks().query == first.clocks().query);
  GOSSIP_CHECK(second.peers().size() == first.peers().size());
  GOSSIP_CHECK(second.rewrite() == whole);
}

}  // namespace

void gossip::fuzz::target::snapshot(ByteView input) {
  const std::string_view text = as_text(input);
  check_round_trip(text, RejoinAfterLeave::No);
  check_round_trip(text, RejoinAfterLeave::Yes);
}
