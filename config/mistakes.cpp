#include "config/mistakes.h"

#include <utility>

#include "base/check.h"

namespace gossip::config {

void Mistakes::add(Error mistake) {
  ++count_;
  if (told_.size() < kMostTold) told_.push_back(std::move(mistake));
}

void Mistakes::add_from(const Expected<void>& result) {
  if (!result) add(result.error());
}

std::vector<std::string> Mistakes::lines() const {
  std::vector<std::string> lines;
  lines.reserve(told_.size() + 1);
  for (const Error& mistake : told_)
    lines.push_back(mistake.message);
  if (count_ > told_.size()) {
    lines.push_back("and " + std::to_string(count_ - told_.size()) + " more mistakes");
  }
  return lines;
}

Error Mistakes::summary() const {
  GOSSIP_CHECK(!empty());
  Error error = told_.front();
  if (count_ > 1) {
    error.message +=
        " (and " + std::to_string(count_ - 1) + " more: gossipd --check-config tells them)";
  }
  return error;
}

}  // namespace gossip::config
