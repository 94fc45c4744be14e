// Keys and tokens: from the setting itself, a file, a descriptor or the environment, so that they need not stand
// in `ps`.
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

struct FoundKeys {
  std::vector<Bytes> keys;  // the primary one first; empty: no encryption
  std::string from;         // where they stand, for people
};

// The variable counts where neither key nor key file
// is set, the credential where there is no other key and no keyring file. A key and a keyring file together are
// refused, as Serf does. Keys are well-formed base64 and of a length that AES takes. Errors: InvalidArgument, or
// those of read_file.
[[nodiscard]] Expected<FoundKeys> encryption_keys(const Settings& settings,
                                                  Environment& environment);

// The token that RPC clients must present, "" for none.
[[nodiscard]] Expected<std::string> rpc_auth_key(const Settings& settings,
                                                 Environment& environment);

// The first line of a file, or of the open descriptor N where `path` is "fd:N". A descriptor is read at its first
// use and closed, so that no child of ours finds it; `environment` keeps the line for reloads.
[[nodiscard]] Expected<std::string> read_secret(const std::string& path, Environment& environment);

}  // namespace gossip::config
