#include "failures/file_calls.h"

#include <atomic>
#include <csignal>
#include <cstddef>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

// The thread of libuv's that writes a replacement counts along.
// NOLINTBEGIN(*-avoid-non-const-global-variables)
std::atomic<std::uint32_t> count{0};
std::atomic<std::uint32_t> last{0};
// NOLINTEND(*-avoid-non-const-global-variables)

bool is_last() {
  return ++count == last;
}

void die() {
  (void)::kill(::getpid(), SIGKILL);
}

void die_if_last() {
  if (is_last()) die();
}

}  // namespace

namespace gossip::failures {

std::uint32_t file_call_count() {
  return count;
}

void die_in_file_call(std::uint32_t number) {
  count = 0;
  last = number;
}

}  // namespace gossip::failures

// NOLINTBEGIN(bugprone-reserved-identifier, cert-*, readability-identifier-naming): the linker's names
extern "C" {
ssize_t __real_write(int file, const void* bytes, std::size_t size);
int __real_fsync(int file);
int __real_fdatasync(int file);
int __real_ftruncate(int file, off_t size);
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);
int __real_fchmod(int file, mode_t mode);

ssize_t __wrap_write(int file, const void* bytes, std::size_t size) {
  // libuv wakes its loop with writes to descriptors that are no files.
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
    return __real_write(file, bytes, size);
  if (is_last()) {
    (void)__real_write(file, bytes, size / 2);
    die();
  }
  return __real_write(file, bytes, size);
}
int __wrap_fsync(int file) {
  die_if_last();
  return __real_fsync(file);
}
int __wrap_fdatasync(int file) {
  die_if_last();
  return __real_fdatasync(file);
}
int __wrap_ftruncate(int file, off_t size) {
  die_if_last();
  return __real_ftruncate(file, size);
}
int __wrap_rename(const char* from, const char* to) {
  die_if_last();
  return __real_rename(from, to);
}
int __wrap_unlink(const char* path) {
  die_if_last();
  return __real_unlink(path);
}
int __wrap_fchmod(int file, mode_t mode) {
  die_if_last();
  return __real_fchmod(file, mode);
}
}
// NOLINTEND(bugprone-reserved-identifier, cert-*, readability-identifier-naming)
