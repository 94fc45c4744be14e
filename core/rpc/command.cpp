#include "rpc/command.h"

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

}  // namespace gossip::rpc
