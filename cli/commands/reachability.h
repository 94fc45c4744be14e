// `gossipctl reachability`: asks every member for a sign of life.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

// The one reserved query that clients may send; every member of every version acknowledges it.
inline constexpr const char* kPingQuery = "_serf_ping";

// What came of the test; `live` and `acks` are names.
struct ReachabilityResult {
  std::size_t member_count = 0;
  std::vector<std::string> live;
  std::vector<std::string> acks;  // in order of arrival, each once
  std::chrono::nanoseconds query_time{};
  std::chrono::nanoseconds last_response{};
};
[[nodiscard]] std::string format_verdict(const ReachabilityResult& result);
[[nodiscard]] std::string format_reachability_json(const ReachabilityResult& result);

ExitCode run(const ReachabilityOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
