// `gossipctl keys rotate`: a new primary key for the whole cluster, in steps between which every member can
// read every other. The old key goes last, and only once each live member seals with the new one; whatever
// goes wrong stops it with both keys in place.
#pragma once

#include <string>
#include <vector>

#include "gossip/error.h"

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

// The keys that members seal with now, without `fresh`: those that the rotation removes at its end.
// WrongState: nothing to replace, or an agent that does not tell which of several keys is the primary one.
[[nodiscard]] Expected<std::vector<std::string>> keys_to_replace(const rpc::KeyResponse& listed,
                                                                 const std::string& fresh);

ExitCode rotate_keys(const KeysOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
