// Keys and tokens: from the setting itself, a file, or the environment, so that they need not stand in `ps`.
#pragma once

#include <string>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/error.h"

#include "config/environment.h"
#include "config/settings.h"

namespace gossip::config {

inline constexpr const char* kEncryptKeyVariable = "GOSSIP_ENCRYPT_KEY";
// A service manager's LoadCredential=gossip.key puts it into $CREDENTIALS_DIRECTORY.
inline constexpr const char* kEncryptKeyCredential = "gossip.key";

// The key ring, primary key first; empty: no encryption. The variable counts where neither key nor key file
// is set, the credential where there is no other key and no keyring file. A key and a keyring file together are
// refused, as Serf does. Keys are well-formed base64 and of a length that AES takes. Errors: InvalidArgument, or
// those of read_file.
[[nodiscard]] Expected<std::vector<Bytes>> encryption_keys(const Settings& settings,
                                                           const Environment& environment);

// The token that RPC clients must present, "" for none.
[[nodiscard]] Expected<std::string> rpc_auth_key(const Settings& settings);

}  // namespace gossip::config
