// What the kernel says of this process, under the names that Prometheus' own client libraries use.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gossip::agent::metrics {

struct ProcessFigures {
  double cpu_seconds = 0;         // user and system
  double start_time_seconds = 0;  // since 1970
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
// Of the line "btime N" in /proc/stat: when the system started, in seconds since 1970.
[[nodiscard]] std::optional<std::uint64_t> parse_boot_time(std::string_view text);

// Nothing where there is no /proc that says so.
[[nodiscard]] std::optional<ProcessFigures> process_figures();

}  // namespace gossip::agent::metrics
