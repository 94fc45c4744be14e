#include "gossip/event.h"

#include "base/overloaded.h"

namespace gossip {

std::string_view to_string(MemberEventKind kind) {
  switch (kind) {
    case MemberEventKind::kJoin: return "member-join";
    case MemberEventKind::kLeave: return "member-leave";
    case MemberEventKind::kFailed: return "member-failed";
    case MemberEventKind::kUpdate: return "member-update";
    case MemberEventKind::kReap: return "member-reap";
  }
  return "member-join";
}

std::string_view kind_of(const Event& event) {
  return std::visit(
      base::Overloaded{[](const MemberEvent& members) { return to_string(members.kind); },
                       [](const UserEvent&) { return std::string_view("user"); }},
      event);
}

}  // namespace gossip
