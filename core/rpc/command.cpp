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
    {Command::Handshake, "handshake", true, false},
    {Command::Auth, "auth", true, false},
    {Command::Event, "event", true, false},
    {Command::ForceLeave, "force-leave", true, false},
    {Command::Join, "join", true, true},
    {Command::Members, "members", false, true},
    {Command::MembersFiltered, "members-filtered", true, true},
    {Command::Tags, "tags", true, false},
    {Command::Stream, "stream", true, false},
    {Command::Monitor, "monitor", true, false},
    {Command::Stop, "stop", true, false},
    {Command::Leave, "leave", false, false},
    {Command::Query, "query", true, false},
    {Command::Respond, "respond", true, false},
    {Command::InstallKey, "install-key", true, true},
    {Command::UseKey, "use-key", true, true},
    {Command::RemoveKey, "remove-key", true, true},
    {Command::ListKeys, "list-keys", false, true},
    {Command::Stats, "stats", false, true},
    {Command::GetCoordinate, "get-coordinate", true, true},
    {Command::Reload, "reload", false, true},
    {Command::Seeds, "seeds", false, true},
    {Command::Metrics, "metrics", false, true},
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
