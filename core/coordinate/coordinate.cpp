#include "coordinate/coordinate.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace gossip::coordinate {

namespace {

using Vector = std::array<double, kCoordinateDimensions>;

// Seconds: nearer than that is the same spot.
constexpr double kSameSpot = 1.0e-6;
constexpr double kNanosecondsPerSecond = 1.0e9;

Vector difference(const Vector& a, const Vector& b) {
  Vector result{};
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = a[i] - b[i];
  return result;
}

double magnitude(const Vector& vector) {
  double sum = 0.0;
  for (const double figure : vector)
    sum += figure * figure;
  return std::sqrt(sum);
}

Vector scaled(Vector vector, double factor) {
  for (double& figure : vector)
    figure *= factor;
  return vector;
}

Vector random_direction(base::Rng& rng) {
  Vector direction{};
  for (double& figure : direction)
    figure = rng.unit() - 0.5;
  const double length = magnitude(direction);
  if (length > kSameSpot) return scaled(direction, 1.0 / length);
  direction = {};
  direction[0] = 1.0;
  return direction;
}

// Truncated; what no Duration holds is the lowest one, as the conversion of Go on amd64 gives.
Duration from_seconds(double seconds) {
  constexpr double kLimit = 0x1p63;
  const double nanoseconds = seconds * kNanosecondsPerSecond;
  if (!(nanoseconds > -kLimit && nanoseconds < kLimit)) return Duration::min();
  return Duration(static_cast<std::int64_t>(nanoseconds));
}

}  // namespace

bool is_valid(const Coordinate& coordinate) {
  return std::all_of(coordinate.vec.begin(), coordinate.vec.end(),
                     [](double figure) { return std::isfinite(figure); }) &&
         std::isfinite(coordinate.error) && std::isfinite(coordinate.adjustment) &&
         std::isfinite(coordinate.height);
}

bool is_plausible(const Coordinate& coordinate) {
  const double furthest = in_seconds(kMaxRoundTrip);
  return is_valid(coordinate) && coordinate.error >= 0.0 && coordinate.error <= kMaxError &&
         coordinate.height >= 0.0 && std::abs(coordinate.adjustment) <= furthest &&
         magnitude(coordinate.vec) + coordinate.height <= furthest;
}

double raw_distance(const Coordinate& a, const Coordinate& b) {
  return magnitude(difference(a.vec, b.vec)) + a.height + b.height;
}

double in_seconds(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  const Duration rest = duration - seconds;
  return static_cast<double>(seconds.count()) +
         static_cast<double>(rest.count()) / kNanosecondsPerSecond;
}

Coordinate apply_force(const Coordinate& coordinate, double force, const Coordinate& other,
                       base::Rng& rng) {
  const Vector away = difference(coordinate.vec, other.vec);
  const double apart = magnitude(away);
  const bool same_spot = !(apart > kSameSpot);
  const Vector unit = same_spot ? random_direction(rng) : scaled(away, 1.0 / apart);
  Coordinate moved = coordinate;
  for (std::size_t i = 0; i < unit.size(); ++i)
    moved.vec[i] += unit[i] * force;
  if (!same_spot) {
    const double height = (moved.height + other.height) * force / apart + moved.height;
    moved.height = std::max(height, kMinHeight);  // a NaN stays one
  }
  return moved;
}

}  // namespace gossip::coordinate

namespace gossip {

Duration estimated_round_trip(const Coordinate& a, const Coordinate& b) {
  const double raw = coordinate::raw_distance(a, b);
  const double adjusted = raw + a.adjustment + b.adjustment;
  return coordinate::from_seconds(adjusted > 0.0 ? adjusted : raw);
}

}  // namespace gossip
