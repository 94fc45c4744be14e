// How many engines fit into one process, and how fast they are. The only experiment that looks at the real clock and
// at the process's memory.
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>

#include <unistd.h>

#include <malloc.h>

#include "sim/experiments/experiments.h"
#include "sim/experiments/lab.h"

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kMinute = 60s;

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0;
  double resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// What has been asked of the allocator and not given back.
double allocated_bytes() {
  const struct mallinfo2 heap = mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd);
}

// Real and CPU seconds since it was made.
class Stopwatch {
 public:
  [[nodiscard]] double real() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - real_).count();
  }
  [[nodiscard]] double cpu() const {
    return static_cast<double>(std::clock() - cpu_) / static_cast<double>(CLOCKS_PER_SEC);
  }

 private:
  std::chrono::steady_clock::time_point real_ = std::chrono::steady_clock::now();
  std::clock_t cpu_ = std::clock();
};

// Milliseconds from `at` to the last of the times, or nothing if they are fewer than `wanted`.
template <typename Seen>
std::vector<double> until_all(const std::vector<Seen>& seen, std::size_t wanted, TimePoint at) {
  if (seen.size() < wanted) return {};
  return {std::chrono::duration<double, std::milli>(seen.back().at - at).count()};
}

}  // namespace

Expected<Figures> measure_scale(Settings& settings) {
  LabSettings lab_settings = read_lab(settings, 10'000);
  if (Expected<void> checked = settings.check(); !checked) return tl::unexpected(checked.error());
  lab_settings.scenario.snapshots = Snapshots::None;
  const double nodes = lab_settings.scenario.nodes;
  const double before = allocated_bytes();
  const Stopwatch filling;
  Lab lab(lab_settings);
  World& world = lab.world;
  if (!lab.fill()) return fail(ErrorCode::LimitReached, "the queues do not empty");
  const double engine_bytes = (allocated_bytes() - before) / nodes;
  Figures figures = {{"fill_real_s", {filling.real()}},
                     {"fill_cpu_s", {filling.cpu()}},
                     {"bytes_per_engine", {engine_bytes}},
                     {"bytes_per_known_member", {engine_bytes / nodes}},
                     {"resident_bytes", {resident_bytes()}}};
  std::fprintf(stderr, "filled in %.0f s, %.0f bytes for each member that an engine knows\n",
               filling.real(), engine_bytes / nodes);

  const Stopwatch minute;
  const TimePoint began = world.now();
  world.at(began + 5s, [&world] { world.send_event(1); });
  world.at(began + 10s, [&world] { world.crash(2); });
  world.at(began + 20s, [&world] { world.leave(3); });
  lab.run_for(kMinute);
  const Recorder& seen = lab.recorder;
  const auto everybody = static_cast<std::size_t>(nodes);
  figures.insert(figures.end(),
                 {{"minute_real_s", {minute.real()}},
                  {"minute_cpu_s", {minute.cpu()}},
                  {"turns_per_cpu_s", {static_cast<double>(seen.turns) / minute.cpu()}},
                  {"packets_per_member_and_s", {static_cast<double>(seen.packets) / nodes / 60}},
                  {"event_at_all_ms", until_all(seen.events, everybody, began + 5s)},
                  {"crash_at_all_ms", until_all(seen.failed, everybody - 1, began + 10s)},
                  {"leave_at_all_ms", until_all(seen.left, everybody - 1, began + 20s)},
                  {"resident_bytes_at_end", {resident_bytes()}}});
  return figures;
}

}  // namespace gossip::sim
