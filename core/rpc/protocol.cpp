#include "rpc/protocol.h"

#include <algorithm>
#include <array>

namespace gossip::rpc {
namespace {

struct CommandRow {
  Command command;
  std::string_view name;
  bool request_body;
  bool response_body;
};

// In the order of the enumerators, so that a command is its row's index.
constexpr std::array<CommandRow, kCommandCount> kCommands{{
    {Command::kHandshake, "handshake", true, false},
    {Command::kAuth, "auth", true, false},
    {Command::kEvent, "event", true, false},
    {Command::kForceLeave, "force-leave", true, false},
    {Command::kJoin, "join", true, true},
    {Command::kMembers, "members", false, true},
    {Command::kMembersFiltered, "members-filtered", true, true},
    {Command::kTags, "tags", true, false},
    {Command::kStream, "stream", true, false},
    {Command::kMonitor, "monitor", true, false},
    {Command::kStop, "stop", true, false},
    {Command::kLeave, "leave", false, false},
    {Command::kQuery, "query", true, false},
    {Command::kRespond, "respond", true, false},
    {Command::kInstallKey, "install-key", true, true},
    {Command::kUseKey, "use-key", true, true},
    {Command::kRemoveKey, "remove-key", true, true},
    {Command::kListKeys, "list-keys", false, true},
    {Command::kStats, "stats", false, true},
    {Command::kGetCoordinate, "get-coordinate", true, true},
}};

const CommandRow& row(Command command) {
  return kCommands[static_cast<std::size_t>(command)];
}

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

std::string_view to_string(Command command) {
  return row(command).name;
}

std::optional<Command> command_from(std::string_view name) {
  const auto* found =
      std::find_if(kCommands.begin(), kCommands.end(),
                   [name](const CommandRow& candidate) { return candidate.name == name; });
  if (found == kCommands.end()) return std::nullopt;
  return found->command;
}

bool has_request_body(Command command) {
  return row(command).request_body;
}

bool has_response_body(Command command) {
  return row(command).response_body;
}

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
