#include "config/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dirent.h>

#include "base/nearest.h"
#include "config/serf_json.h"
#include "config/toml.h"

namespace gossip::config {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

tl::unexpected<Error> system_error(const std::string& path, int error) {
  const ErrorCode code = error == ENOENT   ? ErrorCode::NotFound
                         : error == EACCES ? ErrorCode::PermissionDenied
                                           : ErrorCode::System;
  return fail(code, path + ": " + std::error_code(error, std::generic_category()).message());
}

// Of a pipe: whether its writer says something in time. Files are always ready.
bool wait_for_more(int descriptor) {
  constexpr int kPatienceMs = 5000;
  pollfd ready{descriptor, POLLIN, 0};
  return ::poll(&ready, 1, kPatienceMs) == 1;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::vector<gid_t> own_groups() {
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  groups.push_back(::getegid());
  return groups;
}

}  // namespace

Expected<std::string> read_file(const std::string& path) {
  // A pipe without a writer must not hold up the start, nor a reload.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return system_error(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (S_ISDIR(status.st_mode)) return system_error(path, EISDIR);
  return read_descriptor(file.get(), path);
}

Expected<std::string> read_descriptor(int descriptor, const std::string& name) {
  std::string text;
  std::array<char, 16384> block{};
  while (true) {
    // Before the read: a descriptor that we were given may be one that blocks.
    if (!wait_for_more(descriptor)) return system_error(name, ETIMEDOUT);
    const ssize_t count = ::read(descriptor, block.data(), block.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return system_error(name, errno);
    if (count == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(count));
    if (text.size() > kMaxFileBytes) {
      return fail(ErrorCode::TooLarge,
                  name + ": longer than " + std::to_string(kMaxFileBytes) + " bytes");
    }
  }
}

Expected<std::string> read_first_line(const std::string& path) {
  Expected<std::string> text = read_file(path);
  return text ? first_line(std::move(*text), path) : text;
}

Expected<std::string> first_line(std::string text, const std::string& name) {
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  if (text.empty()) return fail(ErrorCode::InvalidArgument, name + ": the first line is empty");
  return text;
}

bool is_open_to_others(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  return is_open_to_others(status.st_mode, status.st_gid, ::geteuid(), own_groups());
}

// 0640 with a group of ours is how a file of root's is lent to the agent's user. Root, who may check a configuration
// for that user, is in no such group, and cannot tell which one is the agent's.
bool is_open_to_others(mode_t mode, gid_t group, uid_t user, std::span<const gid_t> groups) {
  if ((mode & S_IROTH) != 0) return true;
  if ((mode & S_IRGRP) == 0 || user == 0) return false;
  return std::find(groups.begin(), groups.end(), group) == groups.end();
}

Expected<std::vector<std::string>> list_folder(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
  if (open == nullptr) return system_error(folder, errno);
  std::vector<std::string> paths;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): this stream is ours alone
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (!ends_with(name, ".json") && !ends_with(name, ".toml")) continue;
    std::string path = folder + (ends_with(folder, "/") ? "" : "/") + std::string(name);
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) continue;
    paths.push_back(std::move(path));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Expected<void> apply_file(Settings& settings, const std::string& path, Mistakes& mistakes) {
  const Expected<std::string> text = read_file(path);
  if (!text) return tl::unexpected<Error>(text.error());
  settings.files.push_back(path);
  const auto apply = ends_with(path, ".toml") ? apply_toml : apply_serf_json;
  apply(settings, *text, path, mistakes);
  return {};
}

void apply_value(Settings& settings, const Option& option, const FileValue& said,
                 const std::string& origin, Mistakes& mistakes) {
  // Where nothing is taken one warning is enough.
  if (std::holds_alternative<Unsupported>(option.target) && !said.wrong.empty()) {
    return mistakes.add_from(
        apply(settings, option, Other{said.wrong.first().front().description}, origin));
  }
  const Expected<void> taken = apply(settings, option, said.value, origin, said.element_origins);
  // Where no list or table may stand at all, its parts do not matter.
  if (!taken) return mistakes.add(taken.error());
  for (const Other& wrong : said.wrong.first())
    mistakes.add_from(apply(settings, option, wrong, origin));
  mistakes.add_untold(said.wrong.more_count());
}

void add_unknown_key(const std::string& origin, std::string_view key, Mistakes& mistakes) {
  if (mistakes.is_full()) return mistakes.add_untold(1);
  if (is_section(key)) {
    return mistakes.add(
        {ErrorCode::InvalidArgument, origin + ": " + std::string(key) + ": expected a table"});
  }
  std::string message = origin + ": unknown key \"" + std::string(key) + "\"";
  std::vector<std::string_view> keys;
  for (const Option& option : options()) {
    if (!option.key.empty()) keys.push_back(option.key);
  }
  // A flag's name is a likely slip: iface, retry-join.
  const Option* const option = find_flag(key);
  const std::string_view meant =
      option != nullptr && !option->key.empty() ? option->key : base::nearest(key, keys);
  if (!meant.empty()) message += ", did you mean \"" + std::string(meant) + "\"?";
  mistakes.add({ErrorCode::InvalidArgument, std::move(message)});
}

}  // namespace gossip::config
