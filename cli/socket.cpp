#include "cli/socket.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/agent_address.h"
#include "cli/lookup.h"

namespace gossip::cli {
namespace {

constexpr std::size_t kReadBytes = 65536;

std::string describe(int error) {
  return std::generic_category().message(error);
}

Expected<Descriptor> watch_interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) {
    return fail(ErrorCode::System, "cannot watch for Ctrl-C: " + describe(errno));
  }
  return Descriptor(fd);
}

// 0, or an errno. ETIMEDOUT is also the deadline's, EINTR Ctrl-C's.
int connect_one(int fd, const sockaddr* address, socklen_t length, const Waiting& waiting) {
  if (::connect(fd, address, length) == 0) {
    return 0;
  }
  // A Unix socket whose backlog is full says EAGAIN, and poll cannot wait for room: that is nobody who answers.
  if (errno != EINPROGRESS) {
    return errno;
  }
  if (const int error = wait_until_ready(fd, POLLOUT, waiting, "connecting"); error != 0) {
    return error;
  }
  int error = 0;
  socklen_t error_length = sizeof(error);
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_length);
  return error;
}

// Who may open the socket, for one who may not.
Error not_allowed(const std::string& path) {
  std::string message = "not allowed to open " + rpc::to_string(rpc::UnixEndpoint{path});
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    message += ": its folder is closed to this user; use sudo, or the user that runs gossipd";
  } else if ((status.st_mode & S_IWGRP) != 0) {
    const group* const owner = getgrgid(status.st_gid);  // NOLINT(concurrency-mt-unsafe): only here
    const std::string name = owner != nullptr ? owner->gr_name : std::to_string(status.st_gid);
    message += ": it is open to group '" + name + "'; have this user added to it, or use sudo";
  } else {
    message +=
        ": only its owner may; use sudo, or let a group in with gossipd's settings "
        "rpc_group and rpc_mode = \"0660\"";
  }
  return {ErrorCode::PermissionDenied, message};
}

Expected<Descriptor> new_socket(int family) {
  const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    return fail(ErrorCode::System, "cannot make a socket: " + describe(errno));
  }
  return Descriptor(fd);
}

Expected<Descriptor> connect_unix(const rpc::UnixEndpoint& target, const Waiting& waiting) {
  Expected<Descriptor> made = new_socket(AF_UNIX);
  if (!made) {
    return made;
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, target.path.data(),
              target.path.size());  // parse_endpoint checked the length
  const int error = connect_one(made->get(), reinterpret_cast<const sockaddr*>(&address),
                                sizeof(address), waiting);
  if (error == EACCES || error == EPERM) {
    return tl::unexpected(not_allowed(target.path));
  }
  if (error == EINTR) {
    return fail(ErrorCode::TimedOut, "interrupted");
  }
  if (error != 0) {
    return tl::unexpected(
        no_agent_at(rpc::to_string(target), error == ENOENT ? "" : describe(error)));
  }
  return made;
}

Expected<Descriptor> connect_tcp(const rpc::TcpEndpoint& target, const Waiting& waiting) {
  const Expected<AddressList> addresses = look_up(target, waiting);
  if (!addresses) {
    return tl::unexpected(addresses.error());
  }
  int error = EHOSTUNREACH;
  for (const addrinfo* address = addresses->get(); address != nullptr; address = address->ai_next) {
    Expected<Descriptor> made = new_socket(address->ai_family);
    if (!made) {
      return made;
    }
    error = connect_one(made->get(), address->ai_addr, address->ai_addrlen, waiting);
    if (error == 0) {
      return made;
    }
    if (error == EINTR) {
      return fail(ErrorCode::TimedOut, "interrupted");
    }
  }
  return tl::unexpected(no_agent_at(rpc::to_string(target), describe(error)));
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Expected<Socket> Socket::connect(const rpc::Endpoint& endpoint, Deadline deadline, Tell tell) {
  Expected<Descriptor> interrupts = watch_interrupts();
  if (!interrupts) {
    return tl::unexpected(interrupts.error());
  }
  const Waiting waiting{deadline, interrupts->get(), std::move(tell)};
  const rpc::TcpEndpoint* const tcp = std::get_if<rpc::TcpEndpoint>(&endpoint);
  Expected<Descriptor> connected =
      tcp != nullptr ? connect_tcp(*tcp, waiting)
                     : connect_unix(std::get<rpc::UnixEndpoint>(endpoint), waiting);
  if (!connected) {
    return tl::unexpected(connected.error());
  }
  return Socket(std::move(*connected), std::move(*interrupts));
}

Expected<void> Socket::wait(short events, Deadline deadline) {
  const int error = wait_until_ready(socket_.get(), events, {deadline, interrupts_.get()}, "");
  if (error == EINTR) {
    interrupted_ = true;
    return fail(ErrorCode::TimedOut, "interrupted");
  }
  if (error == ETIMEDOUT) {
    return fail(ErrorCode::TimedOut, "the agent did not answer in time (--timeout)");
  }
  if (error != 0) {
    return fail(ErrorCode::System, "cannot wait for the agent: " + describe(error));
  }
  return {};
}

Expected<void> Socket::send(ByteView bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (Expected<void> waited = wait(POLLOUT, deadline); !waited) {
        return waited;
      }
    } else if (errno != EINTR) {
      return fail(ErrorCode::System, "the connection to the agent broke: " + describe(errno));
    }
  }
  return {};
}

Expected<void> Socket::receive(Bytes& out, Deadline deadline) {
  for (;;) {
    if (Expected<void> waited = wait(POLLIN, deadline); !waited) {
      return waited;
    }
    const std::size_t before = out.size();
    out.resize(before + kReadBytes);
    const ssize_t received = recv(socket_.get(), out.data() + before, kReadBytes, 0);
    const int error = errno;
    out.resize(before + static_cast<std::size_t>(std::max<ssize_t>(received, 0)));
    if (received > 0) {
      return {};
    }
    if (received == 0) {
      return fail(ErrorCode::System, "the agent closed the connection");
    }
    if (error != EAGAIN && error != EINTR) {
      return fail(ErrorCode::System, "the connection to the agent broke: " + describe(error));
    }
  }
}

}  // namespace gossip::cli
