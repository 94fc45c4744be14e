// Who may use a Unix socket: root, our own user, and those whom the settings name. The system vouches for a
// peer's user and groups; where `rpc_auth` is set its token is wanted besides.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <sys/types.h>

#include "gossip/error.h"

namespace gossip::agent::rpc {

struct PeerIdentity {
  pid_t pid = 0;
  uid_t uid = 0;
  std::vector<gid_t> groups;  // the effective one and the supplementary ones

  // "uid 1000, pid 4711", for log lines.
  [[nodiscard]] std::string to_string() const;
};

// Of the process that connected a Unix socket, as of that moment.
[[nodiscard]] Expected<PeerIdentity> identify_peer(int descriptor);

class PeerAccess {
 public:
  // Names or numbers. NotFound: the system does not know one.
  [[nodiscard]] static Expected<PeerAccess> create(const std::vector<std::string>& users,
                                                   const std::vector<std::string>& groups);

  // `socket_group` counts only if no groups were named.
  [[nodiscard]] bool allows(const PeerIdentity& peer, gid_t socket_group) const;

 private:
  std::set<uid_t> users_;  // root and ourselves included
  std::set<gid_t> groups_;
};

// Whether it is a user's or group's number, which nobody need be asked about.
[[nodiscard]] bool is_account_number(const std::string& text);
// A user's or group's number by its name, or the number itself. NotFound.
[[nodiscard]] Expected<uid_t> find_user(const std::string& text);
[[nodiscard]] Expected<gid_t> find_group(const std::string& text);

}  // namespace gossip::agent::rpc
