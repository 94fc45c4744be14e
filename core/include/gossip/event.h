// What the engine tells its subscribers, in the order in which it happened.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/lamport_time.h"
#include "gossip/member.h"
#include "gossip/query.h"

namespace gossip {

enum class MemberEventKind : std::uint8_t { Join, Leave, Failed, Update, Reap };

// "member-join", "member-leave", "member-failed", "member-update", "member-reap".
[[nodiscard]] std::string_view to_string(MemberEventKind kind);

// `members` holds each member as it was when the event was made.
struct MemberEvent {
  MemberEventKind kind = MemberEventKind::Join;
  std::vector<Member> members;
};

// Whether receivers may keep only the newest of several user events of one name.
enum class Coalesce : std::uint8_t { No, Yes };

struct UserEvent {
  LamportTime time = 0;
  std::string name;
  Bytes payload;
  Coalesce coalesce = Coalesce::No;  // what the sender allows
};

// Internal queries ("_serf_…") are answered inside and never shown.
using Event = std::variant<MemberEvent, UserEvent, Query>;

// "member-join" …, "user" or "query".
[[nodiscard]] std::string_view kind_of(const Event& event);

}  // namespace gossip
