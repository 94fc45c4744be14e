#include "agent/system/syslog.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace gossip::agent {
namespace {

// Serf's agent says notice for INFO and info for DEBUG (its syslog.go, levelPriority).
int severity_of(LogLevel level) {
  switch (level) {
    case LogLevel::Trace: return 7;
    case LogLevel::Debug: return 6;
    case LogLevel::Info: return 5;
    case LogLevel::Warn: return 4;
    case LogLevel::Error: return 3;
  }
  return 5;
}

}  // namespace

std::string syslog_datagram(const Syslog::Settings& settings, LogLevel level, const std::tm& time,
                            std::string_view text) {
  std::array<char, 32> stamp{};
  const std::size_t length = std::strftime(stamp.data(), stamp.size(), "%b %e %H:%M:%S", &time);
  const int priority = static_cast<int>(settings.facility) * 8 + severity_of(level);
  std::string out = "<" + std::to_string(priority) + ">";
  out.append(stamp.data(), length);
  out += " " + settings.tag + "[" + std::to_string(::getpid()) + "]: ";
  out += text;
  return out;
}

Expected<Syslog> Syslog::open(Settings settings) {
  Syslog log(std::move(settings));
  const int error = log.connect();
  if (error == 0) return log;
  return fail(error == ENOENT ? ErrorCode::NotFound : ErrorCode::System,
              "cannot log to syslog: " + log.settings_.socket + ": " +
                  std::error_code(error, std::generic_category()).message());
}

int Syslog::connect() {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (settings_.socket.size() >= sizeof name.sun_path) return ENAMETOOLONG;
  std::memcpy(name.sun_path, settings_.socket.data(), settings_.socket.size());
  runtime::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open() ||
      ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
    return errno;
  }
  socket_ = std::move(socket);
  return 0;
}

bool Syslog::try_write(LogLevel level, std::string_view text) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  const std::string datagram = syslog_datagram(settings_, level, local, text);
  const auto send = [&] {
    return ::send(socket_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL) >= 0;
  };
  if (send()) return true;
  if (errno == EAGAIN || errno == ENOBUFS || errno == EMSGSIZE) return false;
  return connect() == 0 && send();
}

void Syslog::write(LogLevel level, std::string_view text) {
  if (lost_ > 0 && try_write(LogLevel::Warn, "agent: " + std::to_string(lost_) +
                                                 " lines lost: syslog did not take them")) {
    lost_ = 0;
  }
  if (lost_ == 0 && try_write(level, text)) return;
  ++lost_;
  ++lost_in_all_;
}

}  // namespace gossip::agent
