// What becomes of a datagram, or of a segment of TCP, between two hosts: loss, delay, and all the rest that a network
// does. Which fault begins when is the schedule's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/time.h"

#include "base/rng.h"
#include "sim/step.h"

namespace gossip::sim {

// Of every link, in each direction.
struct LinkQuality {
  Duration delay = std::chrono::microseconds(250);
  Duration jitter{};  // mean of what comes on top
  double loss = 0;
  double late = 0;  // of datagrams that others overtake
  double duplicate = 0;
  double corrupt = 0;
};

inline constexpr std::size_t kMaxDatagramBytes = 65507;

// Of one host's own interface.
struct Interface {
  double egress_loss = 0;
  double ingress_loss = 0;
  std::size_t max_datagram = kMaxDatagramBytes;
};

enum class CutDirection : std::uint8_t { Both, FromFirst };  // FromFirst: what the first side says

struct Arrival {
  Duration after{};
  Bytes datagram;
  bool is_damaged = false;
};

class Links {
 public:
  Links(std::uint32_t host_count, base::Rng rng);

  [[nodiscard]] const LinkQuality& quality() const { return quality_; }
  void set_quality(const LinkQuality& quality) { quality_ = quality; }
  [[nodiscard]] Interface& interface(HostId host) { return interfaces_[host]; }

  using CutId = std::uint32_t;
  // `is_first` says of each host which side it is on.
  CutId cut(std::vector<bool> is_first, CutDirection direction);
  void mend(CutId id);
  // Everything works again.
  void heal();
  // No packet is lost, cut off, late or damaged.
  [[nodiscard]] bool is_clean() const;

  [[nodiscard]] bool is_connected(HostId from, HostId to) const;
  // Appends every copy that arrives; none if it is lost.
  void carry(HostId from, HostId to, Bytes datagram, std::vector<Arrival>& out);
  // One segment of TCP, or an ICMP message: how long it takes, or nothing if it is lost.
  [[nodiscard]] std::optional<Duration> carry_segment(HostId from, HostId to);

 private:
  struct Cut {
    CutId id = 0;
    std::vector<bool> is_first;
    CutDirection direction = CutDirection::Both;
  };
  [[nodiscard]] Duration draw_delay();
  [[nodiscard]] bool loses(HostId from, HostId to);
  void damage(Bytes& datagram);

  base::Rng rng_;
  LinkQuality quality_;
  std::vector<Interface> interfaces_;
  std::vector<Cut> cuts_;
  CutId last_cut_ = 0;
};

}  // namespace gossip::sim
