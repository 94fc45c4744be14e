// What gossip-sim is asked to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gossip/error.h"

#include "sim/report.h"
#include "sim/scenario.h"

namespace gossip::sim {

enum class Task : std::uint8_t {
  Help,
  One,     // one world with the given flags
  Replay,  // one world that is drawn from its seed
  Seeds,   // those of a file
  Swarm,   // drawn worlds until the time is over
};

struct Request {
  Task task = Task::Help;
  Scenario scenario;  // of One and Replay
  std::string seeds_path;
  std::optional<std::uint64_t> seed;  // where a swarm begins; none: somewhere new
  Duration length{};                  // of a swarm, in real time
  Format format = Format::Text;
  bool trace = false;
};

// `args` without the program's name. Errors: InvalidArgument, with what is wrong and what would be right.
[[nodiscard]] Expected<Request> parse_command_line(const std::vector<std::string>& args);
[[nodiscard]] std::string help_text();

}  // namespace gossip::sim
