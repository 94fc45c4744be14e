#include "agent/system/sd_notify.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace gossip::agent {
namespace {

// The program has one thread when it asks, before the loop runs.
// NOLINTBEGIN(concurrency-mt-unsafe)
std::string take(const char* name) {
  const char* text = std::getenv(name);
  std::string taken = text == nullptr ? "" : text;
  unsetenv(name);
  return taken;
}
// NOLINTEND(concurrency-mt-unsafe)

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

// "/path", or "@name" for an abstract one.
std::string socket_address(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(static_cast<char*>(address.sun_path), name.data(), name.size());
  if (name.front() == '@') address.sun_path[0] = '\0';
  const std::size_t end = name.front() == '@' ? 0 : 1;  // a path ends in a zero byte
  return {reinterpret_cast<const char*>(&address),
          offsetof(sockaddr_un, sun_path) + name.size() + end};
}

}  // namespace

SdNotify::Variables SdNotify::take_variables() {
  return {take("NOTIFY_SOCKET"), take("WATCHDOG_USEC"), take("WATCHDOG_PID")};
}

Expected<SdNotify> SdNotify::open(const Variables& variables) {
  const std::string& name = variables.socket;
  SdNotify notify;
  if (name.empty()) return notify;
  const bool named = name.front() == '/' || name.front() == '@';
  if (!named || name.size() < 2 || name.size() >= sizeof(sockaddr_un::sun_path)) {
    return fail(ErrorCode::InvalidArgument,
                "NOTIFY_SOCKET: \"" + name + "\" is not the name of a Unix socket");
  }
  notify.descriptor_ = runtime::Descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!notify.is_heard()) {
    return fail(ErrorCode::System, "NOTIFY_SOCKET: " + std::generic_category().message(errno));
  }
  notify.address_ = socket_address(name);
  notify.watchdog_ = watchdog_interval(variables.watchdog_usec, variables.watchdog_pid, ::getpid());
  return notify;
}

bool SdNotify::say(std::string_view lines) {
  if (!is_heard()) return true;
  if (!unsent_.empty() && !lines.empty()) unsent_ += '\n';
  if (unsent_.size() + lines.size() <= kMaxUnsent) unsent_ += lines;
  if (unsent_.empty()) return true;
  const auto* address = reinterpret_cast<const sockaddr*>(address_.data());
  const ssize_t sent =
      ::sendto(descriptor_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
               address, static_cast<socklen_t>(address_.size()));
  if (sent < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOBUFS)) return false;
  // A manager that is gone, or being replaced, is none of our worries.
  unsent_.clear();
  return true;
}

std::optional<Duration> watchdog_interval(std::string_view usec, std::string_view pid,
                                          std::int64_t own_pid) {
  const std::optional<std::int64_t> interval = whole_number(usec);
  constexpr std::int64_t kMost = std::int64_t{1'000'000} * 60 * 60 * 24 * 365;
  if (!interval || *interval <= 0 || *interval > kMost) return std::nullopt;
  if (!pid.empty() && whole_number(pid) != own_pid) return std::nullopt;
  return std::chrono::microseconds(*interval);
}

}  // namespace gossip::agent
