#include "gossip/member.h"

namespace gossip {

std::string_view to_string(MemberStatus status) {
  switch (status) {
    case MemberStatus::kNone: return "none";
    case MemberStatus::kAlive: return "alive";
    case MemberStatus::kLeaving: return "leaving";
    case MemberStatus::kLeft: return "left";
    case MemberStatus::kFailed: return "failed";
  }
  return "none";
}

}  // namespace gossip
