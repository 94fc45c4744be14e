#include "coordinate/client.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "coordinate/coordinate.h"

namespace gossip::coordinate {

namespace {

// Serf's tuning: how far one observation changes the error and the position, and how weak gravity is.
constexpr double kErrorWeight = 0.25;
constexpr double kForceWeight = 0.25;
constexpr double kGravityRho = 150.0;

// Divisors are at least that.
constexpr double kLeast = 1.0e-6;

}  // namespace

double LatencyFilter::add(double round_trip) {
  samples_[oldest_] = round_trip;
  oldest_ = static_cast<std::uint8_t>((oldest_ + 1U) % samples_.size());
  if (count_ < samples_.size()) ++count_;
  const auto [a, b, c] = samples_;
  if (count_ == 1) return a;
  if (count_ == 2) return std::max(a, b);
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

Client::Outcome Client::observe(const Coordinate& other, Duration round_trip,
                                LatencyFilter& filter) {
  if (!is_valid(other) || round_trip < Duration::zero() || round_trip > kMaxRoundTrip) {
    return Outcome::Refused;
  }
  const double seconds = filter.add(in_seconds(round_trip));
  approach(other, seconds);
  adjust(other, seconds);
  gravitate();
  if (is_valid(coordinate_)) return Outcome::Moved;
  coordinate_ = {};
  return Outcome::Reset;
}

// Vivaldi itself: the further off the estimate, and the surer the other one, the further we move.
void Client::approach(const Coordinate& other, double round_trip) {
  const double distance = in_seconds(estimated_round_trip(coordinate_, other));
  const double observed = std::max(round_trip, kLeast);
  const double wrongness = std::abs(distance - observed) / observed;
  const double total_error = std::max(coordinate_.error + other.error, kLeast);
  const double weight = coordinate_.error / total_error;
  const double error =
      kErrorWeight * weight * wrongness + coordinate_.error * (1.0 - kErrorWeight * weight);
  coordinate_.error = std::min(error, kMaxError);
  const double force = kForceWeight * weight * (observed - distance);
  coordinate_ = apply_force(coordinate_, force, other, rng_);
}

// What the estimates miss on the average is put on each; half of it, since the other side adds its own.
void Client::adjust(const Coordinate& other, double round_trip) {
  misses_[oldest_miss_] = round_trip - raw_distance(coordinate_, other);
  oldest_miss_ = (oldest_miss_ + 1) % misses_.size();
  const double sum = std::accumulate(misses_.begin(), misses_.end(), 0.0);
  coordinate_.adjustment = sum / (2.0 * static_cast<double>(misses_.size()));
}

// All are drawn to the origin a little, or the whole cluster would drift.
void Client::gravitate() {
  const Coordinate origin;
  const double distance = in_seconds(estimated_round_trip(origin, coordinate_));
  const double pull = distance / kGravityRho;
  coordinate_ = apply_force(coordinate_, -(pull * pull), origin, rng_);
}

}  // namespace gossip::coordinate
