// Where an agent answers RPC, as people write it: "unix:///run/gossipd/gossipd.sock", "/path/to.sock" or
// "host:port". Pure text; what exists on this machine is for its users to see.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gossip/error.h"

#include "rpc/protocol.h"

namespace gossip::rpc {

// The system's limit of a socket's path, without the closing zero.
inline constexpr std::size_t kMaxSocketPathBytes = 107;

struct UnixEndpoint {
  std::string path;  // absolute
};
struct TcpEndpoint {
  std::string host;  // a name or an IP address without brackets
  std::uint16_t port = 0;
};
using Endpoint = std::variant<UnixEndpoint, TcpEndpoint>;

// InvalidArgument: neither a path nor a host, a bad port, or none where there is no default; TooLarge: a
// path that no socket can have.
[[nodiscard]] Expected<Endpoint> parse_endpoint(
    std::string_view text, std::optional<std::uint16_t> default_port = kDefaultPort);
// The same, and paths that begin in `folder`, where somebody stands: "./a", "../a", "run/a", "a.sock". "": nobody knows
// where that is, and such a path is an error.
[[nodiscard]] Expected<Endpoint> parse_endpoint_in(
    std::string_view folder, std::string_view text,
    std::optional<std::uint16_t> default_port = kDefaultPort);
// "unix:///path", "host:port", "[v6]:port".
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

// The agent's default sockets, best first: of the system, of the login session (left out if
// `runtime_dir`, $XDG_RUNTIME_DIR, is empty), of the user.
[[nodiscard]] std::vector<std::string> default_socket_paths(std::uint64_t uid,
                                                            std::string_view runtime_dir);

}  // namespace gossip::rpc
