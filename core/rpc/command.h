// The names of the IPC protocol's commands, and which of them have bodies (rpc.md §5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gossip::rpc {

enum class Command : std::uint8_t {
  Handshake,
  Auth,
  Event,
  ForceLeave,
  Join,
  Members,
  MembersFiltered,
  Tags,
  Stream,
  Monitor,
  Stop,
  Leave,
  Query,
  Respond,
  InstallKey,
  UseKey,
  RemoveKey,
  ListKeys,
  Stats,
  GetCoordinate,
  Reload,  // gossipd's own, as the next two
  Seeds,
  Metrics,
};
inline constexpr std::size_t kCommandCount = 23;

// "members-filtered" …; names are case sensitive.
[[nodiscard]] std::string_view to_string(Command command);
[[nodiscard]] std::optional<Command> command_from(std::string_view name);
[[nodiscard]] bool has_request_body(Command command);
[[nodiscard]] bool has_response_body(Command command);

}  // namespace gossip::rpc
