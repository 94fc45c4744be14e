// A C program's calls as the handler of a node.
#pragma once

#include "gossip/gossip.h"
#include "gossip/node.h"

namespace gossip::capi {

class Calls final : public MembershipHandler {
 public:
  // Of a shorter structure, an older header's, the calls that it lacks are not made.
  explicit Calls(const gossip_handler* handler);

  void member_join(const Member& member) override;
  void member_leave(const Member& member, LeaveReason reason) override;
  void member_update(const Member& member) override;
  void user_event(const UserEvent& event) override;
  QueryAnswer query(const Query& query) override;
  void stopped(const Error& why) override;
  void log(LogLevel level, std::string_view line) override;

 private:
  gossip_handler handler_{};
};

}  // namespace gossip::capi
