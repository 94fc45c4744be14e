// Which agent to talk to, and with which token: from flags, environment and the default sockets. Only looks;
// connecting is the socket's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/error.h"

#include "cli/options.h"
#include "rpc/endpoint.h"

namespace gossip::cli {

// What choosing looks at besides flags.
struct Surroundings {
  std::vector<std::string>
      rpc_addr;  // values of the environment variables that are set, best first
  std::vector<std::string> rpc_auth;
  std::vector<std::string> default_sockets;  // paths, best first
  std::string folder;                        // where relative paths begin; "" if nobody knows
};
[[nodiscard]] Surroundings read_surroundings();

// The flag, else the environment, else the first default socket that exists. Unreachable if none does: the
// message names them and says how to start an agent. Of a flag or a variable a path may be relative; a name alone is one if
// it ends in ".sock", or if it is that of a socket of ours or of root.
[[nodiscard]] Expected<rpc::Endpoint> choose_endpoint(const AgentOptions& options,
                                                      const Surroundings& around);

// Nothing if there is none to give. Fails when the file cannot be read or holds no token.
[[nodiscard]] Expected<std::optional<std::string>> choose_token(const AgentOptions& options,
                                                                const Surroundings& around);

// "no agent answers at WHERE (REASON): start one with 'gossipd', or name another with --rpc-addr".
[[nodiscard]] Error no_agent_at(std::string_view where, std::string_view reason);

}  // namespace gossip::cli
