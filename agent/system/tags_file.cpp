#include "agent/system/tags_file.h"

#include <cerrno>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/files.h"
#include "config/serf_json.h"
#include "runtime/descriptor.h"

namespace gossip::agent {
namespace {

tl::unexpected<Error> cannot_write(const std::string& path) {
  const int error = errno;
  return fail(
      error == EACCES ? ErrorCode::PermissionDenied : ErrorCode::System,
      "cannot write " + path + ": " + std::error_code(error, std::generic_category()).message());
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t taken = ::write(descriptor, bytes.data(), bytes.size());
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(taken));
  }
  return true;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0600;
}

// So that the new name is on the disk as well. A file system that cannot do that is no reason to fail.
void sync_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const runtime::Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open.is_open()) ::fsync(open.get());
}

}  // namespace

Expected<Tags> read_tags_file(const std::string& path) {
  const Expected<std::string> text = config::read_file(path);
  if (!text && text.error().code == ErrorCode::NotFound) return Tags{};
  if (!text) return tl::unexpected<Error>(text.error());
  return config::parse_json_map(*text, path);
}

Expected<void> write_tags_file(const std::string& path, const Tags& tags) {
  std::string temporary = path + ".XXXXXX";
  const runtime::Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) return cannot_write(path);
  const bool written = write_all(file.get(), config::json_map(tags)) &&
                       ::fchmod(file.get(), mode_of(path)) == 0 && ::fsync(file.get()) == 0 &&
                       ::rename(temporary.c_str(), path.c_str()) == 0;
  if (!written) {
    const tl::unexpected<Error> error = cannot_write(path);
    ::unlink(temporary.c_str());
    return error;
  }
  sync_folder(path);
  return {};
}

}  // namespace gossip::agent
