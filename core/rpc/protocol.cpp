#include "rpc/protocol.h"

namespace gossip::rpc {
namespace {

struct CommandOf {
  Command operator()(const HandshakeRequest& /*r*/) const { return Command::Handshake; }
  Command operator()(const AuthRequest& /*r*/) const { return Command::Auth; }
  Command operator()(const EventRequest& /*r*/) const { return Command::Event; }
  Command operator()(const ForceLeaveRequest& /*r*/) const { return Command::ForceLeave; }
  Command operator()(const JoinRequest& /*r*/) const { return Command::Join; }
  Command operator()(const MembersRequest& /*r*/) const { return Command::Members; }
  Command operator()(const MembersFilteredRequest& /*r*/) const { return Command::MembersFiltered; }
  Command operator()(const TagsRequest& /*r*/) const { return Command::Tags; }
  Command operator()(const StreamRequest& /*r*/) const { return Command::Stream; }
  Command operator()(const MonitorRequest& /*r*/) const { return Command::Monitor; }
  Command operator()(const StopRequest& /*r*/) const { return Command::Stop; }
  Command operator()(const LeaveRequest& /*r*/) const { return Command::Leave; }
  Command operator()(const QueryRequest& /*r*/) const { return Command::Query; }
  Command operator()(const RespondRequest& /*r*/) const { return Command::Respond; }
  Command operator()(const KeyRequest& request) const {
    switch (request.change) {
      case KeyChange::Install: return Command::InstallKey;
      case KeyChange::Use: return Command::UseKey;
      case KeyChange::Remove: return Command::RemoveKey;
    }
    return Command::InstallKey;
  }
  Command operator()(const ListKeysRequest& /*r*/) const { return Command::ListKeys; }
  Command operator()(const StatsRequest& /*r*/) const { return Command::Stats; }
  Command operator()(const GetCoordinateRequest& /*r*/) const { return Command::GetCoordinate; }
  Command operator()(const ReloadRequest& /*r*/) const { return Command::Reload; }
  Command operator()(const SeedsRequest& /*r*/) const { return Command::Seeds; }
  Command operator()(const MetricsRequest& /*r*/) const { return Command::Metrics; }
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
    case Command::Join: return JoinResponse{};
    case Command::Members:
    case Command::MembersFiltered: return MembersResponse{};
    case Command::InstallKey:
    case Command::UseKey:
    case Command::RemoveKey:
    case Command::ListKeys: return KeyResponse{};
    case Command::Stats: return StatsResponse{};
    case Command::GetCoordinate: return CoordinateResponse{};
    case Command::Reload: return ReloadResponse{};
    case Command::Seeds: return SeedsResponse{};
    case Command::Metrics: return MetricsResponse{};
    default: return NoBody{};
  }
}

}  // namespace gossip::rpc
