#include "agent/rpc/peer_access.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gossip::agent::rpc {
namespace {

// A name's record, group members included; a larger group is refused with a clear error.
constexpr std::size_t kRecordBytes = std::size_t{256} * 1024;

std::optional<unsigned> number_from(const std::string& text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

bool is_account_number(const std::string& text) {
  return number_from(text).has_value();
}

Expected<uid_t> find_user(const std::string& text) {
  if (const std::optional<unsigned> number = number_from(text)) return *number;
  std::vector<char> buffer(kRecordBytes);
  passwd record{};
  passwd* found = nullptr;
  ::getpwnam_r(text.c_str(), &record, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return fail(ErrorCode::NotFound, "there is no user \"" + text + "\"");
  return found->pw_uid;
}

Expected<gid_t> find_group(const std::string& text) {
  if (const std::optional<unsigned> number = number_from(text)) return *number;
  std::vector<char> buffer(kRecordBytes);
  group record{};
  group* found = nullptr;
  ::getgrnam_r(text.c_str(), &record, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return fail(ErrorCode::NotFound, "there is no group \"" + text + "\"");
  return found->gr_gid;
}

std::string PeerIdentity::to_string() const {
  return "uid " + std::to_string(uid) + ", pid " + std::to_string(pid);
}

Expected<PeerIdentity> identify_peer(int descriptor) {
  ucred credentials{};
  socklen_t length = sizeof credentials;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
    return fail(ErrorCode::System,
                "cannot tell who connected: " + std::generic_category().message(errno));
  }
  PeerIdentity peer{credentials.pid, credentials.uid, {credentials.gid}};
  // Linux 4.13 and later; without it the effective group has to do.
  std::array<gid_t, 1024> groups{};
  length = sizeof groups;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &length) == 0) {
    const std::size_t count = std::min<std::size_t>(length / sizeof(gid_t), groups.size());
    peer.groups.insert(peer.groups.end(), groups.begin(),
                       groups.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return peer;
}

Expected<PeerAccess> PeerAccess::create(const std::vector<std::string>& users,
                                        const std::vector<std::string>& groups) {
  PeerAccess access;
  access.users_ = {0, ::geteuid()};
  for (const std::string& text : users) {
    const Expected<uid_t> user = find_user(text);
    if (!user) return fail(user.error().code, "rpc_uids: " + user.error().message);
    access.users_.insert(*user);
  }
  for (const std::string& text : groups) {
    const Expected<gid_t> group = find_group(text);
    if (!group) return fail(group.error().code, "rpc_gids: " + group.error().message);
    access.groups_.insert(*group);
  }
  return access;
}

bool PeerAccess::allows(const PeerIdentity& peer, gid_t socket_group) const {
  if (users_.contains(peer.uid)) return true;
  return std::any_of(peer.groups.begin(), peer.groups.end(), [&](gid_t group) {
    return groups_.empty() ? group == socket_group : groups_.contains(group);
  });
}

}  // namespace gossip::agent::rpc
