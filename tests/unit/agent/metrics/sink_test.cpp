#include "agent/metrics/sink.h"

#include <cstdint>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <doctest/doctest.h>
#include <uv.h>

#include "runtime/descriptor.h"

namespace gossip::agent::metrics {
namespace {

// A statsite on a loop that the test turns: the kernel takes the connection, and nobody ever reads from it.
struct Deaf {
  Deaf() {
    REQUIRE(uv_loop_init(&loop) == 0);
    const int small = 4096;
    ::setsockopt(server.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    REQUIRE(::bind(server.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(server.get(), 1) == 0);
    REQUIRE(::getsockname(server.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    where = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  Deaf(const Deaf&) = delete;
  Deaf& operator=(const Deaf&) = delete;
  Deaf(Deaf&&) = delete;
  Deaf& operator=(Deaf&&) = delete;
  ~Deaf() {
    uv_run(&loop, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&loop) == 0);
  }

  [[nodiscard]] std::string last_line() const {
    return ring.lines().empty() ? "" : ring.lines().back().text;
  }
  [[nodiscard]] bool says(const std::string& why) const {
    return last_line().find("metrics do not reach statsite at " + where + ": " + why + ";") !=
           std::string::npos;
  }

  runtime::Descriptor server{::socket(AF_INET, SOCK_STREAM, 0)};
  std::string where;
  uv_loop_t loop{};
  runtime::HandleCount handles;
  LineWriter output{-1};
  rpc::LogRing ring;
  Logging log{output, LogLevel::Error, ring};
};

TEST_CASE("a sink that takes no connection is away after some reports") {
  Deaf statsite;
  Sink sink(&statsite.loop, statsite.handles, statsite.log, SinkKind::Statsite, statsite.where);
  const std::vector<std::string> lines{"a:1|c"};
  sink.try_to_reach();  // its answer is not heard before the loop turns
  for (int report = 1; report <= kMaxReportsWaited; ++report) {
    CHECK(statsite.last_line().empty());
    sink.send(lines);
  }
  CHECK(statsite.says("it does not answer"));
  CHECK(sink.counters().lines_lost == kMaxReportsWaited);
  sink.close();
}

TEST_CASE("a sink that does not read is away once its backlog has been full for some reports") {
  Deaf statsite;
  Sink sink(&statsite.loop, statsite.handles, statsite.log, SinkKind::Statsite, statsite.where);
  const std::vector<std::string> lines{std::string(kMaxSinkBacklogBytes, 'x')};
  sink.try_to_reach();
  uv_run(&statsite.loop, UV_RUN_ONCE);
  // What the kernel takes is some megabytes at most.
  for (int report = 0; report < 1000 && statsite.last_line().empty(); ++report) {
    sink.send(lines);
    uv_run(&statsite.loop, UV_RUN_NOWAIT);
  }
  CHECK(statsite.says("it does not read"));
  CHECK(sink.counters().lines_sent > 0);
  CHECK(sink.counters().lines_lost >= kMaxReportsWaited);
  // The report that found it so was the last: nothing more is kept.
  const std::uint64_t sent = sink.counters().lines_sent;
  sink.send(lines);
  CHECK(sink.counters().lines_sent == sent);
  sink.close();
}

TEST_CASE("a report that is no look-up begins none") {
  Deaf statsite;
  Sink sink(&statsite.loop, statsite.handles, statsite.log, SinkKind::Statsite,
            "name.invalid:8125");
  sink.send(std::vector<std::string>{"a:1|c"});
  CHECK(sink.counters().lines_lost == 1);
  CHECK(uv_loop_alive(&statsite.loop) == 0);
  sink.close();
}

}  // namespace
}  // namespace gossip::agent::metrics
