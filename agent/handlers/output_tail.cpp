#include "agent/handlers/output_tail.h"

#include <algorithm>

namespace gossip::agent {

void OutputTail::append(std::string_view bytes) {
  total_ += bytes.size();
  kept_ += bytes.substr(bytes.size() - std::min(bytes.size(), limit_));
  if (kept_.size() > 2 * limit_) kept_.erase(0, kept_.size() - limit_);
}

std::string_view OutputTail::text() const {
  return std::string_view(kept_).substr(kept_.size() - std::min(kept_.size(), limit_));
}

}  // namespace gossip::agent
