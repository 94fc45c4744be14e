#include "budgets/system_calls.h"

#include <csignal>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gossip::budgets {
namespace {

SystemCalls& counted() {
  static SystemCalls calls;
  return calls;
}

}  // namespace

const SystemCalls& system_calls() {
  return counted();
}

}  // namespace gossip::budgets

using gossip::budgets::counted;

// NOLINTBEGIN(bugprone-reserved-identifier, cert-*, readability-identifier-naming): the linker's names
extern "C" {
int __real_epoll_wait(int queue, epoll_event* events, int most, int limit);
int __real_epoll_pwait(int queue, epoll_event* events, int most, int limit, const sigset_t* mask);
int __real_epoll_ctl(int queue, int what, int file, epoll_event* event);
int __real_recvmmsg(int file, mmsghdr* messages, unsigned count, int flags, timespec* limit);
ssize_t __real_recvmsg(int file, msghdr* message, int flags);
ssize_t __real_read(int file, void* bytes, std::size_t size);
int __real_sendmmsg(int file, mmsghdr* messages, unsigned count, int flags);
ssize_t __real_sendmsg(int file, const msghdr* message, int flags);
ssize_t __real_write(int file, const void* bytes, std::size_t size);

int __wrap_epoll_wait(int queue, epoll_event* events, int most, int limit) {
  ++counted().waits;
  return __real_epoll_wait(queue, events, most, limit);
}
int __wrap_epoll_pwait(int queue, epoll_event* events, int most, int limit, const sigset_t* mask) {
  ++counted().waits;
  return __real_epoll_pwait(queue, events, most, limit, mask);
}
int __wrap_epoll_ctl(int queue, int what, int file, epoll_event* event) {
  ++counted().watches;
  return __real_epoll_ctl(queue, what, file, event);
}
int __wrap_recvmmsg(int file, mmsghdr* messages, unsigned count, int flags, timespec* limit) {
  ++counted().reads;
  return __real_recvmmsg(file, messages, count, flags, limit);
}
ssize_t __wrap_recvmsg(int file, msghdr* message, int flags) {
  ++counted().reads;
  return __real_recvmsg(file, message, flags);
}
ssize_t __wrap_read(int file, void* bytes, std::size_t size) {
  ++counted().reads;
  return __real_read(file, bytes, size);
}
int __wrap_sendmmsg(int file, mmsghdr* messages, unsigned count, int flags) {
  ++counted().writes;
  return __real_sendmmsg(file, messages, count, flags);
}
ssize_t __wrap_sendmsg(int file, const msghdr* message, int flags) {
  ++counted().writes;
  return __real_sendmsg(file, message, flags);
}
ssize_t __wrap_write(int file, const void* bytes, std::size_t size) {
  ++counted().writes;
  return __real_write(file, bytes, size);
}
}
// NOLINTEND(bugprone-reserved-identifier, cert-*, readability-identifier-naming)
