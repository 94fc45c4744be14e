#include "agent/rpc/socket_file.h"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/rpc/peer_access.h"
#include "rpc/endpoint.h"

namespace gossip::agent::rpc {
namespace {

using runtime::Descriptor;

// How often, ten milliseconds apart, another starting agent is waited for.
constexpr int kMaxLockAttempts = 100;

tl::unexpected<Error> system_failure(std::string_view what, const std::string& path) {
  const int code = errno;
  ErrorCode kind = ErrorCode::System;
  if (code == EACCES || code == EPERM || code == EROFS) kind = ErrorCode::PermissionDenied;
  if (code == ENOENT || code == ENOTDIR) kind = ErrorCode::NotFound;
  if (code == EADDRINUSE) kind = ErrorCode::AddressInUse;
  return fail(kind, std::string(what) + " " + path + ": " + std::generic_category().message(code));
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Two agents that start at once must not both find the old socket dead and remove each other's new one.
// The lock ends with the descriptor; where it cannot be had the start goes on without.
Descriptor lock_folder(const std::string& folder) {
  Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int attempt = 0; lock.is_open() && attempt < kMaxLockAttempts; ++attempt) {
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return lock;
}

sockaddr_un socket_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

Expected<Descriptor> new_socket(const std::string& path) {
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return system_failure("cannot make a socket for", path);
  return socket;
}

// Removes what a dead agent has left behind.
Expected<void> clear_stale(const std::string& path, const SocketFileOptions& options) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return {};
    return system_failure("cannot look at the socket", path);
  }
  if (!S_ISSOCK(found.st_mode)) {
    return fail(ErrorCode::InvalidArgument,
                "cannot listen on " + path + ": a file that is no socket has this name");
  }
  Expected<Descriptor> probe = new_socket(path);
  if (!probe) return tl::unexpected(probe.error());
  const sockaddr_un address = socket_address(path);
  if (::connect(probe->get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno == EAGAIN) {
    return fail(ErrorCode::AddressInUse, "another agent is listening on " + path +
                                             "; give this one its own " +
                                             std::string(options.flag));
  }
  if (errno != ECONNREFUSED) return system_failure("cannot tell who listens on", path);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    return system_failure("cannot remove the stale " + std::string(options.purpose) + " socket",
                          path);
  }
  return {};
}

// A folder that nobody else can put things into.
Expected<void> private_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return system_failure("cannot make the folder", folder);
  }
  struct stat found {};
  if (::lstat(folder.c_str(), &found) != 0) return system_failure("cannot look at", folder);
  if (!S_ISDIR(found.st_mode) || found.st_uid != ::geteuid() || (found.st_mode & 0077U) != 0) {
    return fail(ErrorCode::PermissionDenied,
                folder + " is not a folder of ours alone (mode 0700); remove it or set --rpc-addr");
  }
  return {};
}

}  // namespace

Expected<SocketFileOptions> socket_file_options(mode_t mode, const std::string& group) {
  SocketFileOptions options{.mode = mode};
  if (group.empty()) return options;
  const Expected<gid_t> found = find_group(group);
  if (!found) return fail(found.error().code, "rpc_group: " + found.error().message);
  options.group = *found;
  return options;
}

Expected<SocketFile> SocketFile::listen(const std::string& path, SocketFileOptions options) {
  if (path.size() > gossip::rpc::kMaxSocketPathBytes) {
    return fail(ErrorCode::InvalidArgument, "the socket path " + path + " is too long");
  }
  const Descriptor lock = lock_folder(folder_of(path));
  if (Expected<void> cleared = clear_stale(path, options); !cleared)
    return tl::unexpected(cleared.error());
  Expected<Descriptor> socket = new_socket(path);
  if (!socket) return tl::unexpected(socket.error());

  const sockaddr_un address = socket_address(path);
  if (::bind(socket->get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return system_failure("cannot make the " + std::string(options.purpose) + " socket", path);
  }
  // From here on the file is removed again if anything fails. Until listen, every connect is refused.
  SocketFile file;
  file.path_ = path;
  struct stat made {};
  if (::lstat(path.c_str(), &made) != 0) return system_failure("cannot look at", path);
  file.device_ = made.st_dev;
  file.inode_ = made.st_ino;
  file.group_ = options.group.value_or(made.st_gid);
  if (options.group && ::lchown(path.c_str(), static_cast<uid_t>(-1), *options.group) != 0) {
    return system_failure(
        "cannot give its group to the " + std::string(options.purpose) + " socket", path);
  }
  if (::chmod(path.c_str(), options.mode) != 0) {
    return system_failure("cannot set the mode of the " + std::string(options.purpose) + " socket",
                          path);
  }
  if (::listen(socket->get(), kListenBacklog) != 0) return system_failure("cannot listen on", path);
  file.descriptor_ = *std::move(socket);
  return file;
}

SocketFile::~SocketFile() {
  if (path_.empty()) return;
  struct stat found {};
  const bool ours =
      ::lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_;
  if (ours) ::unlink(path_.c_str());
}

Expected<std::string> default_socket_path() {
  // The environment is read while there is one thread only.
  const char* runtime_dir = std::getenv("XDG_RUNTIME_DIR");  // NOLINT(concurrency-mt-unsafe)
  const uid_t uid = ::geteuid();
  return usable_socket_path(
      gossip::rpc::default_socket_paths(uid, runtime_dir == nullptr ? "" : runtime_dir), uid);
}

Expected<std::string> usable_socket_path(const std::vector<std::string>& paths, uid_t uid) {
  for (std::size_t i = 0; i + 1 < paths.size(); ++i) {
    const std::string folder = folder_of(paths[i]);
    if (i == 0 && uid == 0) ::mkdir(folder.c_str(), 0755);
    if (::access(folder.c_str(), W_OK | X_OK) == 0) return paths[i];
  }
  if (Expected<void> made = private_folder(folder_of(paths.back())); !made) {
    return tl::unexpected(made.error());
  }
  return paths.back();
}

}  // namespace gossip::agent::rpc
