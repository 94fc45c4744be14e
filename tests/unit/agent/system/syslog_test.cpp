#include "agent/system/syslog.h"

#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "unit/temporary_folder.h"

namespace gossip::agent {
namespace {

// A syslog daemon's socket.
class Daemon {
 public:
  explicit Daemon(const std::string& path)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.c_str(), path.size());
    ::unlink(path.c_str());
    REQUIRE(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
  }
  // "" if nothing waits.
  [[nodiscard]] std::string receive() const {
    std::array<char, 8192> block;
    const ssize_t n = ::recv(socket_.get(), block.data(), block.size(), 0);
    return n > 0 ? std::string(block.data(), static_cast<std::size_t>(n)) : "";
  }
  [[nodiscard]] std::string receive_text() const {
    const std::string datagram = receive();
    const std::size_t at = datagram.find("]: ");
    return at == std::string::npos ? datagram : datagram.substr(at + 3);
  }

 private:
  runtime::Descriptor socket_;
};

Syslog opened(const std::string& path) {
  Expected<Syslog> log = Syslog::open({config::SyslogFacility{16}, "gossipd", path});
  REQUIRE(log.has_value());
  return std::move(*log);
}

TEST_CASE("a syslog datagram is Serf's, without the newline") {
  std::tm time{};
  time.tm_year = 126;
  time.tm_mon = 10;
  time.tm_mday = 3;
  time.tm_hour = 20;
  time.tm_min = 37;
  time.tm_sec = 7;
  const std::string pid = std::to_string(::getpid());
  const Syslog::Settings settings{config::SyslogFacility{3}, "serf", ""};
  const std::string rest = "Nov  3 20:37:07 serf[" + pid + "]: agent: Serf agent starting";
  const auto line = [&](LogLevel level) {
    return syslog_datagram(settings, level, time, "agent: Serf agent starting");
  };
  CHECK(line(LogLevel::Info) == "<29>" + rest);  // as captured: tests/data/golden/agent/more.json
  CHECK(line(LogLevel::Trace) == "<31>" + rest);
  CHECK(line(LogLevel::Debug) == "<30>" + rest);
  CHECK(line(LogLevel::Warn) == "<28>" + rest);
  CHECK(line(LogLevel::Error) == "<27>" + rest);
}

TEST_CASE("without a syslog daemon the agent is told so at its start") {
  const TemporaryFolder folder;
  const Expected<Syslog> log = Syslog::open({{}, "gossipd", folder.path_of("log")});
  REQUIRE_FALSE(log.has_value());
  CHECK(log.error().message ==
        "cannot log to syslog: " + folder.path_of("log") + ": No such file or directory");
}

TEST_CASE("a syslog daemon that was restarted is found again") {
  const TemporaryFolder folder;
  std::optional<Daemon> daemon(std::in_place, folder.path_of("log"));
  Syslog log = opened(folder.path_of("log"));
  log.write(LogLevel::Info, "agent: one");
  CHECK(daemon->receive_text() == "agent: one");
  daemon.reset();
  log.write(LogLevel::Info, "agent: two");
  CHECK(log.lost() == 1);
  const Daemon next(folder.path_of("log"));
  log.write(LogLevel::Info, "agent: three");
  CHECK(next.receive_text() == "agent: 1 lines lost: syslog did not take them");
  CHECK(next.receive_text() == "agent: three");
  CHECK(log.lost() == 1);
}

TEST_CASE("a syslog daemon that does not read costs lines, not time") {
  const TemporaryFolder folder;
  const Daemon daemon(folder.path_of("log"));
  Syslog log = opened(folder.path_of("log"));
  while (log.lost() < 3)
    log.write(LogLevel::Info, "agent: x");
  while (daemon.receive_text() == "agent: x") {
  }
  log.write(LogLevel::Info, "agent: y");
  CHECK(daemon.receive_text() == "agent: 3 lines lost: syslog did not take them");
  CHECK(daemon.receive_text() == "agent: y");
}

}  // namespace
}  // namespace gossip::agent
