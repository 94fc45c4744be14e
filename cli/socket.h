// One connected stream socket with a time limit on every wait; Ctrl-C ends a wait too. Blocking from the
// caller's view: the program has nothing else to do.
#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "gossip/bytes.h"
#include "gossip/error.h"

#include "rpc/endpoint.h"

namespace gossip::cli {

// When to give up; nothing: never.
using Deadline = std::optional<std::chrono::steady_clock::time_point>;

// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

class Socket {
 public:
  // Tries every address of a name in turn. Unreachable: nobody answers; PermissionDenied: the socket's file
  // may not be opened, and by whom it may.
  static Expected<Socket> connect(const rpc::Endpoint& endpoint, Deadline deadline);

  // System: the other side is gone. TimedOut: the deadline, or Ctrl-C (then interrupted() is true).
  Expected<void> send(ByteView bytes, Deadline deadline);
  // At least one byte, appended to `out`; errors as above.
  Expected<void> receive(Bytes& out, Deadline deadline);
  [[nodiscard]] bool interrupted() const { return interrupted_; }
  // Can be read once Ctrl-C was pressed.
  [[nodiscard]] int interrupts() const { return interrupts_.get(); }

 private:
  Socket(Descriptor socket, Descriptor interrupts)
      : socket_(std::move(socket)), interrupts_(std::move(interrupts)) {}
  Expected<void> wait(short events, Deadline deadline);

  Descriptor socket_;
  Descriptor
      interrupts_;  // a signalfd: SIGINT is blocked from the first connect to the end of the program
  bool interrupted_ = false;
};

}  // namespace gossip::cli
