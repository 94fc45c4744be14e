#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "sim/experiments/experiments.h"
#include "sim/experiments/lab.h"

namespace gossip::sim {
namespace {

// Later than this is not gossip, but a push/pull.
constexpr double kLate = 2000;

// Of all pairs of an event and a member: the median, 99 % and 99.9 %.
std::vector<double> quantiles(std::vector<double> pairs) {
  if (pairs.empty()) return {};
  std::ranges::sort(pairs);
  std::vector<double> found;
  for (const double share : {0.5, 0.99, 0.999}) {
    const auto place = static_cast<std::size_t>(share * static_cast<double>(pairs.size()));
    found.push_back(pairs[std::min(place, pairs.size() - 1)]);
  }
  return found;
}

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// When the k-th of them came, k from 1; they are sorted.
void add(std::vector<double>& figure, const std::vector<double>& times, double share,
         std::size_t all) {
  const auto k = static_cast<std::size_t>(std::ceil(share * static_cast<double>(all)));
  if (times.size() >= k) figure.push_back(times[k - 1]);
}

}  // namespace

Expected<Figures> spread_events(Settings& settings) {
  LabSettings lab_settings = read_lab(settings, 50);
  lab_settings.scenario.snapshots =
      Snapshots::None;  // nobody restarts, and 10,000 of them are gigabytes
  const auto count = static_cast<std::uint32_t>(
      settings.number("events", {.usual = 50, .low = 1, .high = 100'000}));
  const Duration gap = settings.time("gap", {.usual = 3000, .low = 1, .high = 3'600'000});
  const Duration patience = settings.time("patience", {.usual = 10'000, .high = 3'600'000});
  if (Expected<void> checked = settings.check(); !checked) return tl::unexpected(checked.error());
  Lab lab(lab_settings);
  if (!lab.fill()) return fail(ErrorCode::LimitReached, "the queues do not empty");

  std::vector<TimePoint> sent;
  for (std::uint32_t i = 0; i < count; ++i) {
    sent.push_back(lab.world.now());
    lab.world.send_event(lab.any_host());
    lab.run_for(gap);
  }
  // Until push/pulls must have brought the last of it: those are told apart by their times.
  lab.run_for(patience);
  std::map<std::string, std::vector<double>> times;
  for (const Recorder::Arrival& arrival : lab.recorder.events) {
    const std::size_t number = std::stoul(arrival.event.substr(arrival.event.find('-') + 1)) - 1;
    const double after = milliseconds(arrival.at - sent.at(number));
    times[arrival.event].push_back(after);
  }
  std::vector<double> half;
  std::vector<double> most;
  std::vector<double> all;
  std::vector<double> pairs;
  const std::size_t others = lab.world.host_count() - 1;
  double missing = 0;
  for (auto& [event, arrivals] : times) {
    std::ranges::sort(arrivals);
    arrivals.erase(arrivals.begin());  // its sender
    add(half, arrivals, 0.5, others);
    add(most, arrivals, 0.99, others);
    add(all, arrivals, 1, others);
    pairs.insert(pairs.end(), arrivals.begin(), arrivals.end());
    missing += static_cast<double>(others - arrivals.size());
  }
  const auto late =
      static_cast<double>(std::ranges::count_if(pairs, [](double after) { return after > kLate; }));
  return Figures{{"half", half},
                 {"most", most},
                 {"all", all},
                 {"missing", {missing}},
                 {"pairs", {static_cast<double>(pairs.size())}},
                 {"pair_quantiles", quantiles(pairs)},
                 {"late", {late}}};
}

}  // namespace gossip::sim
