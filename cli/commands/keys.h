// `gossipctl keys`: shows and changes the encryption keys of the whole cluster.
#pragma once

#include <string>
#include <string_view>

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

[[nodiscard]] std::string format_key_list(const rpc::KeyResponse& keys);
[[nodiscard]] std::string format_keys_json(const rpc::KeyResponse& keys);
// A line for each member that reports something, and for each that does not answer; by name.
[[nodiscard]] std::string format_key_troubles(const rpc::KeyResponse& keys,
                                              std::string_view heading);
// Every member that was asked has done it.
[[nodiscard]] bool all_followed(const rpc::Response& response);

ExitCode run(const KeysOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
