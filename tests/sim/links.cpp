#include "sim/links.h"

#include <algorithm>
#include <utility>

#include "sim/chance.h"

namespace gossip::sim {
namespace {

// Inside one host nothing is lost.
constexpr Duration kLoopbackDelay = std::chrono::microseconds(20);
// How far a datagram that is overtaken lies behind, at most.
constexpr Duration kLatest = std::chrono::milliseconds(500);

}  // namespace

Links::Links(std::uint32_t host_count, base::Rng rng) : rng_(rng), interfaces_(host_count) {}

Links::CutId Links::cut(std::vector<bool> is_first, CutDirection direction) {
  cuts_.push_back({++last_cut_, std::move(is_first), direction});
  return last_cut_;
}

void Links::mend(CutId id) {
  std::erase_if(cuts_, [id](const Cut& cut) { return cut.id == id; });
}

void Links::heal() {
  cuts_.clear();
  quality_ = {};
  std::fill(interfaces_.begin(), interfaces_.end(), Interface{});
}

bool Links::is_clean() const {
  const bool quality_is_good = quality_.loss == 0 && quality_.late == 0 && quality_.corrupt == 0 &&
                               quality_.jitter + quality_.delay <= std::chrono::milliseconds(5);
  return cuts_.empty() && quality_is_good &&
         std::all_of(interfaces_.begin(), interfaces_.end(), [](const Interface& each) {
           return each.egress_loss == 0 && each.ingress_loss == 0 &&
                  each.max_datagram == kMaxDatagramBytes;
         });
}

bool Links::is_connected(HostId from, HostId to) const {
  return std::none_of(cuts_.begin(), cuts_.end(), [&](const Cut& cut) {
    if (cut.is_first[from] == cut.is_first[to]) return false;
    return cut.direction == CutDirection::Both || cut.is_first[from];
  });
}

bool Links::loses(HostId from, HostId to) {
  return happens(rng_, quality_.loss) || happens(rng_, interfaces_[from].egress_loss) ||
         happens(rng_, interfaces_[to].ingress_loss);
}

Duration Links::draw_delay() {
  return quality_.jitter == Duration{} ? quality_.delay
                                       : quality_.delay + around(rng_, quality_.jitter);
}

// One to four bytes, or the end is missing.
void Links::damage(Bytes& datagram) {
  if (datagram.empty()) return;
  if (rng_.uniform(8) == 0) {
    datagram.resize(rng_.uniform(datagram.size()));
    return;
  }
  for (std::uint64_t left = 1 + rng_.uniform(4); left > 0; --left) {
    datagram[rng_.uniform(datagram.size())] ^= static_cast<std::uint8_t>(1 + rng_.uniform(255));
  }
}

void Links::carry(HostId from, HostId to, Bytes datagram, std::vector<Arrival>& out) {
  if (from == to) {
    out.push_back({kLoopbackDelay, std::move(datagram), false});
    return;
  }
  const std::size_t limit = std::min(interfaces_[from].max_datagram, interfaces_[to].max_datagram);
  if (!is_connected(from, to) || datagram.size() > limit || loses(from, to)) return;
  if (happens(rng_, quality_.duplicate)) out.push_back({draw_delay(), datagram, false});
  const bool is_damaged = happens(rng_, quality_.corrupt);
  if (is_damaged) damage(datagram);
  Duration delay = draw_delay();
  if (happens(rng_, quality_.late)) delay += between(rng_, Duration{}, kLatest);
  out.push_back({delay, std::move(datagram), is_damaged});
}

std::optional<Duration> Links::carry_segment(HostId from, HostId to) {
  if (from == to) return kLoopbackDelay;
  if (!is_connected(from, to) || loses(from, to)) return std::nullopt;
  return draw_delay();
}

}  // namespace gossip::sim
