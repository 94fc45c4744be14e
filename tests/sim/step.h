// One turn of one process as the invariants see it, and what is true in the world meanwhile, which no process knows.
// Plain values: a test makes them up to show that an invariant fires.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gossip/config.h"
#include "gossip/effects.h"
#include "gossip/stats.h"
#include "gossip/time.h"

#include "members/record.h"

namespace gossip::sim {

using HostId = std::uint32_t;
inline constexpr HostId kNobody = 0xFFFFFFFF;

enum class StepKind : std::uint8_t {
  Started,
  Packet,
  PacketRefused,
  Accepted,
  Opened,
  StreamBytes,
  StreamEnded,
  Saved,
  Advance,
  Command,
  Ended,  // the process is gone; there is nothing else to see
};

[[nodiscard]] std::string_view to_string(StepKind kind);

// What a process believes of a member.
struct Row {
  HostId member = kNobody;  // kNobody: no host has that name
  members::SwimState state = members::SwimState::Absent;
  std::uint32_t incarnation = 0;
  MemberStatus status = MemberStatus::None;
  LamportTime status_time = 0;
  TimePoint state_since{};  // on the process's own clock
  Address address{};
  std::string_view meta{};  // encoded tags
  bool retired = false;     // not counted any more
};

// One host in truth.
struct Fact {
  bool runs = false;
  std::uint32_t run = 0;      // of its process: 1, 2, …
  TimePoint healthy_since{};  // neither frozen nor slow nor new since then
  bool is_healthy = false;
  bool has_moved = false;  // at least once
  bool has_left = false;   // its last run has said good-bye
  Address address{};
};

struct Truth {
  std::vector<Fact> hosts;
  std::optional<TimePoint> network_clean_since;  // nothing is lost, cut or late since then
};

// Whatever it shows of the engine is of the moment after the turn.
struct Step {
  TimePoint at{};
  TimePoint local_at{};  // on the process's clock
  HostId host = 0;
  std::uint32_t run = 0;
  StepKind kind = StepKind::Advance;
  StreamId stream = 0;  // of the four kinds of steps of streams: which it is about
  const Config* config = nullptr;
  std::span<const Effect> effects{};
  std::span<const Row> rows{};  // every record that the engine has, in no order that means anything
  const Stats* stats = nullptr;
  std::optional<TimePoint> deadline{};
  std::string_view snapshot{};    // of Started: what the last run left
  bool snapshot_is_whole = true;  // nothing that it wrote is missing
  const Truth* truth = nullptr;
};

}  // namespace gossip::sim
