// What the kernel says of this process, under the names that Prometheus' own client libraries use.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gossip::agent::metrics {

struct ProcessFigures {
  double cpu_seconds = 0;  // user and system
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_descriptors = 0;
  std::uint64_t max_descriptors = 0;
};

// What one line of /proc/PID/stat says (proc(5)); its name may hold spaces and brackets.
struct ProcessStat {
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  std::uint64_t start_ticks = 0;  // since the system's start
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
};
[[nodiscard]] std::optional<ProcessStat> parse_process_stat(std::string_view line);

// Nothing where there is no /proc that says so.
[[nodiscard]] std::optional<ProcessFigures> process_figures();
// When the process started, in seconds since 1970. By today's clocks, so ask once: two answers may differ.
[[nodiscard]] std::optional<double> process_start_time();

}  // namespace gossip::agent::metrics
