#include "cli/progress.h"

#include <utility>

namespace gossip::cli {
namespace {

std::chrono::seconds passed(Progress::TimePoint begun, Progress::TimePoint now) {
  return std::chrono::duration_cast<std::chrono::seconds>(now - begun);
}

}  // namespace

void Progress::begin(std::string what, TimePoint now) {
  what_ = std::move(what);
  how_far_.clear();
  begun_ = now;
}

std::optional<std::string> Progress::line(TimePoint now) const {
  if (hidden_ || !begun_ || now - *begun_ < kPatience) {
    return std::nullopt;
  }
  return what_ + (how_far_.empty() ? "" : ": " + how_far_) + " (" +
         std::to_string(passed(*begun_, now).count()) + " s)";
}

std::optional<Progress::TimePoint> Progress::next_change(TimePoint now) const {
  if (hidden_ || !begun_) {
    return std::nullopt;
  }
  return *begun_ + passed(*begun_, now) + std::chrono::seconds(1);
}

}  // namespace gossip::cli
