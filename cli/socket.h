// One connected stream socket with a time limit on every wait; Ctrl-C ends a wait too. Blocking from the
// caller's view: the program has nothing else to do.
#pragma once

#include <utility>

#include "gossip/bytes.h"
#include "gossip/error.h"

#include "cli/waiting.h"
#include "rpc/endpoint.h"

namespace gossip::cli {

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
  // Looks a name up and tries its addresses in turn; `tell` is called each second meanwhile (waiting.h). Unreachable: nobody
  // answers; PermissionDenied: the socket's file may not be opened, and by whom it may; TimedOut: the deadline, or Ctrl-C.
  static Expected<Socket> connect(const rpc::Endpoint& endpoint, Deadline deadline, Tell tell);

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
