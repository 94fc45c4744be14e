// A listening Unix socket and its place in the file system: made with the mode and group that were asked for,
// taken over from a dead agent, never from a living one, and removed with its owner if it is still ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "gossip/error.h"

#include "runtime/descriptor.h"

namespace gossip::agent::rpc {

// Connections that may wait to be accepted, on sockets of every kind.
inline constexpr int kListenBacklog = 128;

struct SocketFileOptions {
  mode_t mode = 0600;
  std::optional<gid_t> group = std::nullopt;  // absent: the process's
  // For messages: what it is for, and which flag says where it is.
  std::string_view purpose = "RPC";
  std::string_view flag = "--rpc-addr";
};

// As the configuration has them; `group` is a name, a number, or "" for the process's. NotFound, InvalidArgument.
[[nodiscard]] Expected<SocketFileOptions> socket_file_options(mode_t mode,
                                                              const std::string& group);

class SocketFile {
 public:
  // Nobody can connect before mode and group are right. The folder must exist.
  // Errors: AddressInUse (somebody answers there), InvalidArgument (something else has that name),
  // NotFound (no such folder), PermissionDenied, System; all name the path.
  [[nodiscard]] static Expected<SocketFile> listen(const std::string& path,
                                                   SocketFileOptions options);
  SocketFile(SocketFile&& other) noexcept = default;
  SocketFile& operator=(SocketFile&& other) noexcept = delete;
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;
  ~SocketFile();

  // For the one who accepts; the file stays with this object.
  [[nodiscard]] runtime::Descriptor take_descriptor() { return std::move(descriptor_); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] gid_t group() const { return group_; }

 private:
  SocketFile() = default;

  runtime::Descriptor descriptor_;
  std::string path_;  // empty once moved from
  gid_t group_ = 0;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

// The first of rpc::default_socket_paths whose folder this process may write in. A missing /run/gossipd
// (for root) or /tmp/gossipd-$UID is made; the latter must be a folder of ours alone, or it is refused:
// anybody can make names in /tmp.
[[nodiscard]] Expected<std::string> default_socket_path();
// The same of such a list, for a process that is root or not.
[[nodiscard]] Expected<std::string> usable_socket_path(const std::vector<std::string>& paths,
                                                       uid_t uid);

}  // namespace gossip::agent::rpc
