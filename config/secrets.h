// Keys and tokens: from the setting itself, a file, or the environment, so that they need not stand in `ps`.
#pragma once

#include <string>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/error.h"

#include "config/settings.h"

namespace gossip::config {

inline constexpr const char* kEncryptKeyVariable = "GOSSIP_ENCRYPT_KEY";

// The key ring, primary key first; empty: no encryption. `environment_key` (base64, may be empty) counts
// where neither key nor key file is set. A key and a keyring file together are refused, as Serf does.
// Keys are well-formed base64 and of a length that AES takes. Errors: InvalidArgument, or those of read_file.
[[nodiscard]] Expected<std::vector<Bytes>> encryption_keys(const Settings& settings,
                                                           const std::string& environment_key);

// The token that RPC clients must present, "" for none.
[[nodiscard]] Expected<std::string> rpc_auth_key(const Settings& settings);

}  // namespace gossip::config
