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

void SdNotify::keep(std::string_view line) {
  const std::string_view variable = line.substr(0, line.find('=') + 1);
  std::erase_if(unsent_, [&](const std::string& old) { return old.starts_with(variable); });
  unsent_.emplace_back(line);
}

int SdNotify::say(std::string_view lines) {
  if (!is_heard()) return 0;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    keep(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  if (unsent_.empty()) return 0;
  std::string datagram;
  for (const std::string& line : unsent_)
    datagram += (datagram.empty() ? "" : "\n") + line;
  const auto* address = reinterpret_cast<const sockaddr*>(address_.data());
  const ssize_t sent =
      ::sendto(descriptor_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
               address, static_cast<socklen_t>(address_.size()));
  if (sent < 0) return errno;
  unsent_.clear();
  return 0;
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
