// The faults that a world may have, by name, and sets of them as a person writes them: "loss,crash", "all", "none".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gossip/error.h"

namespace gossip::sim {

enum class Fault : std::uint8_t {
  Loss,        // every datagram may be lost
  OneWayLoss,  // what one host sends, or what it gets, may be lost, the other way not
  Bursts,      // nearly all of a host's datagrams are lost for a moment
  Delay,       // slow and unsteady links
  Reorder,     // single datagrams arrive much later than those after them
  Duplicate,   // a datagram arrives twice
  Corrupt,     // bytes of a datagram change on the way
  SmallMtu,    // a host's large datagrams are lost
  Partition,   // two sides that hear nothing of each other
  OneWay,      // one side hears the other, which does not hear it
  Flapping,    // a partition that comes and goes
  Crash,       // a process ends, its host answers connects with a refusal
  Restart,     // it comes back, with its snapshot or without
  PowerCut,    // a host falls silent; what its disk had not synced is lost
  Freeze,      // a process misses its timers, then handles its backlog
  Slow,        // a process needs long for every message
  Drift,       // clocks run fast or slow
  Move,        // a process comes back at another address
  FullDisk,    // nothing is saved for a while
  TcpHang,     // connections do not open, or say nothing any more
  TcpReset,    // connections break at any byte
  TcpCut,      // connections are closed at any byte, as if all had been said
  Leave,       // members leave and come back: no fault, but change
  Count,
};

[[nodiscard]] std::string_view to_string(Fault fault);

class FaultSet {
 public:
  constexpr FaultSet() = default;
  [[nodiscard]] static FaultSet all();
  // Names with commas between them, "all" or "none". Errors: InvalidArgument, with the name that was meant.
  [[nodiscard]] static Expected<FaultSet> parse(std::string_view text);

  void add(Fault fault) { bits_ |= bit(fault); }
  [[nodiscard]] bool has(Fault fault) const { return (bits_ & bit(fault)) != 0; }
  [[nodiscard]] bool empty() const { return bits_ == 0; }
  // As `parse` takes it.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(FaultSet, FaultSet) = default;

 private:
  static constexpr std::uint32_t bit(Fault fault) {
    return std::uint32_t{1} << static_cast<unsigned>(fault);
  }
  std::uint32_t bits_ = 0;
};

}  // namespace gossip::sim
