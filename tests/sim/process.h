// One process of a world: an engine, the clock and the disk of its host, and what waits for it while it is frozen or
// busy. It turns inputs into calls of the engine; what comes out is the world's to carry out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gossip/engine.h"

#include "sim/agenda.h"
#include "sim/clock.h"
#include "sim/disk.h"
#include "sim/step.h"

namespace gossip::sim {

struct Process {
  // What the kernel keeps of datagrams for a process that does not read (net.core.rmem_default).
  static constexpr std::size_t kMaxBacklogBytes = 212'992;
  // What a datagram costs there besides its own bytes.
  static constexpr std::size_t kDatagramOverheadBytes = 768;

  HostId host = 0;
  std::unique_ptr<Engine> engine;  // null: does not run
  std::uint32_t run = 0;
  DriftingClock clock;
  Disk disk;

  // Frozen until then, or busy with the last input.
  TimePoint ready_at;
  Duration input_cost{};  // of a slow process
  // Until then its messages neither come nor go, while its timers run; what it has sent meanwhile.
  TimePoint muted_until;
  Effects held;
  std::deque<Input> backlog;
  std::size_t backlog_bytes = 0;  // of its datagrams
  std::uint64_t datagrams_dropped = 0;
  TimePoint timer_at = TimePoint::max();  // the earliest Timer on the agenda

  // Its host goes on joining the seeds that are no living members, once in this time.
  bool is_joining = false;
  bool was_member = false;  // of a cluster, in this run
  Tags tags;
  std::vector<QueryToken> to_answer;  // published in the turn that goes on

  [[nodiscard]] bool is_ready(TimePoint now) const { return ready_at <= now; }
  [[nodiscard]] bool is_muted(TimePoint now) const { return muted_until > now; }
  // False for a datagram that finds the buffer full.
  bool wait(Input input);
  [[nodiscard]] std::optional<Input> take_backlog();
  void clear_backlog();
};

// The records of the engine of `process`, into `rows`.
void read_rows(const Process& process, std::vector<Row>& rows);

}  // namespace gossip::sim
