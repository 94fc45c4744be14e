#include "runtime/files.h"

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

namespace gossip::runtime {
namespace {

constexpr mode_t kOwnerOnly = 0600;

tl::unexpected<Error> system_error(const std::string& path, int error) {
  const ErrorCode code = error == ENOENT                     ? ErrorCode::NotFound
                         : error == EACCES || error == EPERM ? ErrorCode::PermissionDenied
                                                             : ErrorCode::System;
  return fail(code, path + ": " + std::error_code(error, std::generic_category()).message());
}

std::string replacement_of(const std::string& path) {
  return path + ".new";
}

// How many bytes got through; errno tells why not all.
std::size_t write_some(int descriptor, std::string_view text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t taken = ::write(descriptor, text.data() + written, text.size() - written);
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) return written;
    written += static_cast<std::size_t>(taken);
  }
  return written;
}

Expected<std::string> read_whole(const Descriptor& file, const std::string& path,
                                 std::size_t max_bytes) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (S_ISDIR(status.st_mode)) return system_error(path, EISDIR);
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::System, path + ": is no regular file");
  std::string text;
  std::array<char, 16384> block{};
  while (true) {
    const ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(path, errno);
    if (count == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(count));
    if (text.size() > max_bytes) {
      return fail(ErrorCode::TooLarge,
                  path + ": longer than " + std::to_string(max_bytes) + " bytes");
    }
  }
}

}  // namespace

Expected<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  // A pipe without a writer must not hold up the start.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return system_error(path, errno);
  return read_whole(file, path, max_bytes);
}

Expected<AppendedFile> open_to_append(const std::string& path, std::size_t max_bytes) {
  Descriptor file(::open(
      path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, kOwnerOnly));
  if (!file.is_open()) return system_error(path, errno);
  Expected<std::string> text = read_whole(file, path, max_bytes);
  if (!text) return tl::unexpected<Error>(std::move(text.error()));
  if (!text->empty() && text->back() != '\n') {
    // Else what comes next would stand on that line. To end it here would make a line of what is none.
    const std::size_t end = text->rfind('\n') + 1;
    if (::ftruncate(file.get(), static_cast<off_t>(end)) != 0) return system_error(path, errno);
  }
  return AppendedFile{std::move(file), std::move(*text)};
}

Expected<void> append_to(const Descriptor& file, const std::string& path, std::string_view text) {
  const std::size_t written = write_some(file.get(), text);
  if (written == text.size()) return {};
  const int error = errno;
  struct stat status {};
  if (written > 0 && ::fstat(file.get(), &status) == 0) {
    // A failure leaves part of a line, which the rewrite that follows mends.
    [[maybe_unused]] const int ignored =
        ::ftruncate(file.get(), status.st_size - static_cast<off_t>(written));
  }
  return system_error(path, error);
}

Expected<void> sync_file(const Descriptor& file, const std::string& path) {
  if (::fdatasync(file.get()) != 0) return system_error(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (status.st_nlink == 0) return fail(ErrorCode::System, path + ": somebody has removed it");
  return {};
}

Expected<Descriptor> write_replacement(const std::string& path, std::string_view text) {
  const std::string beside = replacement_of(path);
  ::unlink(beside.c_str());  // what a crash has left
  Descriptor file(
      ::open(beside.c_str(), O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, kOwnerOnly));
  if (!file.is_open()) return system_error(beside, errno);
  struct stat old {};
  if (::stat(path.c_str(), &old) == 0) {
    // Only root can give a file away; for others it is their own.
    [[maybe_unused]] const int ignored = ::fchown(file.get(), old.st_uid, old.st_gid);
    [[maybe_unused]] const int kept = ::fchmod(file.get(), old.st_mode & 0777U);
  }
  if (write_some(file.get(), text) == text.size() && ::fsync(file.get()) == 0) return file;
  const int error = errno;
  ::unlink(beside.c_str());
  return system_error(path, error);
}

Expected<void> put_in_place(const std::string& path) {
  if (::rename(replacement_of(path).c_str(), path.c_str()) == 0) return {};
  const int error = errno;
  discard_replacement(path);
  return system_error(path, error);
}

void discard_replacement(const std::string& path) {
  ::unlink(replacement_of(path).c_str());
}

void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open.is_open()) ::fsync(open.get());
}

std::string resolved_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real == nullptr ? path : std::string(real.get());
}

}  // namespace gossip::runtime
