// What will happen in a world, in the order of time and then of being put here: the only queue that there is, so
// that equal seeds give equal runs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/effects.h"
#include "gossip/time.h"

#include "base/timers.h"
#include "sim/step.h"

namespace gossip::sim {

using ConnectionId = std::uint64_t;

// Who has opened the connection, or who has accepted it.
enum class Side : std::uint8_t { Dialler, Acceptor };
[[nodiscard]] constexpr Side other(Side side) {
  return side == Side::Dialler ? Side::Acceptor : Side::Dialler;
}

// Something for a process to hear of. It may have to wait in its host's kernel.
struct Input {
  StepKind kind = StepKind::Packet;
  Address peer{};  // of Packet, PacketRefused, Accepted
  Bytes bytes{};   // of Packet, StreamBytes
  ConnectionId connection = 0;
  Side side = Side::Dialler;
  StreamEnd end = StreamEnd::Closed;
  SavedFile file = SavedFile::Snapshot;
  bool is_saved = true;
};

struct Happening {
  enum class What : std::uint8_t {
    Deliver,  // `input` to this run of the host's process
    Timer,    // the process's engine may have work
    Ready,    // the process goes on with its backlog
    SynTry,   // a connection: its first packet leaves, perhaps not for the first time
    SynArrives,
    OpenTimeout,
    SegmentTry,      // from `side`
    SegmentArrives,  // at `side`; `input.bytes`, or the end of the stream if there are none
    ResetArrives,    // at `side`
    Act,             // of the schedule or the workload
  };
  What what = What::Act;
  HostId host = kNobody;
  std::uint32_t run = 0;
  ConnectionId connection = 0;
  Side side = Side::Dialler;
  Input input{};
  std::function<void()> act{};
};

class Agenda {
 public:
  [[nodiscard]] TimePoint now() const { return now_; }
  // Not before now.
  void add(TimePoint at, Happening happening);
  // When the next one is.
  [[nodiscard]] std::optional<TimePoint> next() const { return order_.next_deadline(); }
  // The next one; the time becomes its own. There is one.
  [[nodiscard]] Happening take();
  // Nothing happens before `to`.
  void pass(TimePoint to) { now_ = to; }

 private:
  TimePoint now_;
  // The heap moves numbers, not what they stand for.
  base::Timers<std::uint32_t> order_;
  std::vector<Happening> happenings_;
  std::vector<std::uint32_t> free_;
};

}  // namespace gossip::sim
