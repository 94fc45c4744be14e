// `gossipctl top`: members, events and traffic as they are now, drawn anew on a terminal until Ctrl-C.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "gossip/member.h"

#include "cli/commands/members.h"
#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"
#include "rpc/protocol.h"

namespace gossip::cli {

struct Frame {
  rpc::StatsSections stats;
  std::vector<Member> members;     // sorted by name
  RoundTrips rtts;                 // to the agent, by name
  std::deque<std::string> events;  // lines, the newest last
  // Bytes of gossip in a second; nothing in the first frame, and from a Serf agent.
  std::optional<double> received_per_second = std::nullopt;
  std::optional<double> sent_per_second = std::nullopt;
};

struct ScreenSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// Lines that fit `size`, where there is one; those that failed stand first among the members.
[[nodiscard]] std::string format_frame(const Frame& frame, std::optional<ScreenSize> size);

// The same figures and members for programs, without events.
[[nodiscard]] std::string format_frame_json(const Frame& frame);

ExitCode run(const TopOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
