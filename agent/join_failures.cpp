#include "agent/join_failures.h"

namespace gossip::agent {

std::string describe(const std::vector<JoinFailure>& failures) {
  std::string text;
  for (const JoinFailure& failure : failures) {
    if (!text.empty()) text += "; ";
    text += failure.address + ": " + failure.reason;
  }
  return text.empty() ? "nobody to join" : text;
}

}  // namespace gossip::agent
