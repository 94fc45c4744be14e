#include "gossip/member.h"

namespace gossip {

std::string_view to_string(MemberStatus status) {
  switch (status) {
    case MemberStatus::None: return "none";
    case MemberStatus::Alive: return "alive";
    case MemberStatus::Leaving: return "leaving";
    case MemberStatus::Left: return "left";
    case MemberStatus::Failed: return "failed";
  }
  return "none";
}

}  // namespace gossip
