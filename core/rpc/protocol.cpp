#include "rpc/protocol.h"

namespace gossip::rpc {
namespace {

struct CommandOf {
  Command operator()(const HandshakeRequest& /*r*/) const { return Command::kHandshake; }
  Command operator()(const AuthRequest& /*r*/) const { return Command::kAuth; }
  Command operator()(const EventRequest& /*r*/) const { return Command::kEvent; }
  Command operator()(const ForceLeaveRequest& /*r*/) const { return Command::kForceLeave; }
  Command operator()(const JoinRequest& /*r*/) const { return Command::kJoin; }
  Command operator()(const MembersRequest& /*r*/) const { return Command::kMembers; }
  Command operator()(const MembersFilteredRequest& /*r*/) const {
    return Command::kMembersFiltered;
  }
  Command operator()(const TagsRequest& /*r*/) const { return Command::kTags; }
  Command operator()(const StreamRequest& /*r*/) const { return Command::kStream; }
  Command operator()(const MonitorRequest& /*r*/) const { return Command::kMonitor; }
  Command operator()(const StopRequest& /*r*/) const { return Command::kStop; }
  Command operator()(const LeaveRequest& /*r*/) const { return Command::kLeave; }
  Command operator()(const QueryRequest& /*r*/) const { return Command::kQuery; }
  Command operator()(const RespondRequest& /*r*/) const { return Command::kRespond; }
  Command operator()(const KeyRequest& request) const {
    switch (request.change) {
      case KeyChange::kInstall: return Command::kInstallKey;
      case KeyChange::kUse: return Command::kUseKey;
      case KeyChange::kRemove: return Command::kRemoveKey;
    }
    return Command::kInstallKey;
  }
  Command operator()(const ListKeysRequest& /*r*/) const { return Command::kListKeys; }
  Command operator()(const StatsRequest& /*r*/) const { return Command::kStats; }
  Command operator()(const GetCoordinateRequest& /*r*/) const { return Command::kGetCoordinate; }
};

}  // namespace

bool body_follows(Command command, std::string_view error) {
  return has_response_body(command) && error != kAuthenticationRequired &&
         error != kHandshakeRequired && error != kUnsupportedCommand && error != kPermissionDenied;
}

Command command_of(const Request& request) {
  return std::visit(CommandOf{}, request);
}

ResponseBody zero_body(Command command) {
  switch (command) {
    case Command::kJoin: return JoinResponse{};
    case Command::kMembers:
    case Command::kMembersFiltered: return MembersResponse{};
    case Command::kInstallKey:
    case Command::kUseKey:
    case Command::kRemoveKey:
    case Command::kListKeys: return KeyResponse{};
    case Command::kStats: return StatsResponse{};
    case Command::kGetCoordinate: return CoordinateResponse{};
    default: return NoBody{};
  }
}

}  // namespace gossip::rpc
