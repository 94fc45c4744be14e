#include "agent/metrics/process.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include <sys/resource.h>
#include <unistd.h>

namespace gossip::agent::metrics {
namespace {

constexpr const char* kOwnStat = "/proc/self/stat";
// The fields of proc(5), counted from 1, of which the first two are the number and the name.
constexpr std::size_t kUserTicks = 14;
constexpr std::size_t kSystemTicks = 15;
constexpr std::size_t kStartTicks = 22;
constexpr std::size_t kVirtualBytes = 23;
constexpr std::size_t kResidentPages = 24;

std::string contents_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

double ticks() {
  return static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double seconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::uint64_t count_descriptors() {
  std::error_code failed;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", failed), end;
       !failed && entry != end; entry.increment(failed))
    ++count;
  return count > 0 ? count - 1 : 0;  // the one that reads the folder
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view line) {
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(name_end + 1);
  std::array<std::uint64_t, kResidentPages + 1> fields{};
  for (std::size_t field = 3; field < fields.size(); ++field) {
    const std::size_t begin = rest.find_first_not_of(" \n");
    if (begin == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(begin);
    const std::size_t end = std::min(rest.find_first_of(" \n"), rest.size());
    // Some are letters or negative; none of ours is.
    fields[field] = number(rest.substr(0, end)).value_or(0);
    rest.remove_prefix(end);
  }
  return ProcessStat{fields[kUserTicks], fields[kSystemTicks], fields[kStartTicks],
                     fields[kVirtualBytes], fields[kResidentPages]};
}

std::optional<ProcessFigures> process_figures() {
  const std::optional<ProcessStat> stat = parse_process_stat(contents_of(kOwnStat));
  if (!stat) return std::nullopt;
  rlimit descriptors{};
  (void)::getrlimit(RLIMIT_NOFILE, &descriptors);
  ProcessFigures figures;
  figures.cpu_seconds = static_cast<double>(stat->user_ticks + stat->system_ticks) / ticks();
  figures.resident_bytes =
      stat->resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  figures.virtual_bytes = stat->virtual_bytes;
  figures.open_descriptors = count_descriptors();
  figures.max_descriptors = descriptors.rlim_cur;
  return figures;
}

// Not by /proc/stat, which a hardened unit hides.
std::optional<double> process_start_time() {
  const std::optional<ProcessStat> stat = parse_process_stat(contents_of(kOwnStat));
  if (!stat) return std::nullopt;
  return seconds_of(CLOCK_REALTIME) - seconds_of(CLOCK_BOOTTIME) +
         static_cast<double>(stat->start_ticks) / ticks();
}

}  // namespace gossip::agent::metrics
