#include "swim/spread.h"

#include <algorithm>
#include <iterator>

#include "base/logarithm.h"

namespace gossip::swim {
namespace {

constexpr std::size_t kManyMembers = 10;
constexpr std::uint32_t kCopiesForMany = 12;
// What a stall of a peer must not swallow with the wave.
constexpr std::uint32_t kCopiesForTicks = 2;
// Reaches all in the first wave in 87 of 100 cases.
constexpr std::size_t kFanoutMargin = 2;

}  // namespace

std::uint32_t spread_limit(std::uint32_t serf_limit, std::size_t n) {
  if (n >= kManyMembers) return std::max(serf_limit, kCopiesForMany);
  const auto others = static_cast<std::uint32_t>(n > 0 ? n - 1 : 0);
  return std::max(serf_limit, others + kCopiesForTicks);
}

std::size_t eager_fanout(std::uint32_t limit, std::size_t n) {
  if (n < 2) return 0;
  std::size_t wanted = n - 1;
  if (n >= kManyMembers) {
    wanted = static_cast<std::size_t>(base::natural_log(n)) + 1 + kFanoutMargin;  // ⌈ln n⌉ + 2
  }
  const std::size_t spare = limit > kCopiesForTicks ? limit - kCopiesForTicks : 1;
  return std::min({wanted, spare, n - 1});
}

std::size_t tick_haste(std::size_t queued_bytes, std::size_t tick_bytes) {
  return std::clamp(queued_bytes / tick_bytes, std::size_t{1}, kMaxHaste);
}

std::optional<TimePoint> Spread::wave_at(TimePoint now, ClaimKind kind, std::string_view subject) {
  bool rested = !last_wave_ || now >= *last_wave_ + kGatherTime;
  TimePoint wave = now;
  if (!rested) wave = now < *last_wave_ ? *last_wave_ : *last_wave_ + kGatherTime;
  Subjects& subjects = kind == ClaimKind::Alive ? alive_ : accused_;
  if (kind != ClaimKind::Other && !subjects.may_go(wave, subject)) return std::nullopt;
  last_wave_ = wave;
  return wave;
}

std::size_t Spread::admit(TimePoint now, std::size_t wanted) {
  return packets_.take(now, wanted);
}

bool Spread::Subjects::may_go(TimePoint wave, std::string_view subject) {
  if (wave >= pruned_at + kSubjectRest) {
    std::erase_if(waves, [&](const auto& entry) { return entry.second + kSubjectRest <= wave; });
    pruned_at = wave;
  }
  const auto last = waves.find(subject);
  if (last != waves.end()) {
    if (wave < last->second + kSubjectRest) return false;
    last->second = wave;
    return true;
  }
  if (waves.size() >= kMaxSubjects) return false;
  waves.emplace(subject, wave);
  return true;
}

}  // namespace gossip::swim
