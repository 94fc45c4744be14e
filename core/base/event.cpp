#include "gossip/event.h"

#include "base/overloaded.h"

namespace gossip {

std::string_view to_string(MemberEventKind kind) {
  switch (kind) {
    case MemberEventKind::Join: return "member-join";
    case MemberEventKind::Leave: return "member-leave";
    case MemberEventKind::Failed: return "member-failed";
    case MemberEventKind::Update: return "member-update";
    case MemberEventKind::Reap: return "member-reap";
  }
  return "member-join";
}

std::string_view kind_of(const Event& event) {
  return std::visit(
      base::Overloaded{[](const MemberEvent& members) { return to_string(members.kind); },
                       [](const UserEvent&) { return std::string_view("user"); },
                       [](const Query&) { return std::string_view("query"); }},
      event);
}

}  // namespace gossip
