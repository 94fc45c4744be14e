#include "agent/metrics/http_server.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>
#include <sys/un.h>

#include <doctest/doctest.h>
#include <uv.h>

#include "agent/metrics/http_connection.h"
#include "runtime/descriptor.h"
#include "unit/temporary_folder.h"

namespace gossip::agent::metrics {
namespace {

// A server on a loop that turns one round at a time, and counts the pages it makes.
struct Served {
  Served() {
    REQUIRE(uv_loop_init(&loop) == 0);
    auto opened = HttpServer::open(&loop, handles, gossip::rpc::UnixEndpoint{path}, {},
                                   [this](const HttpRequest&) {
                                     ++pages;
                                     return HttpResponse{HttpStatus::Ok, "text/plain", "page\n"};
                                   });
    REQUIRE(opened);
    server = *std::move(opened);
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;
  Served(Served&&) = delete;
  Served& operator=(Served&&) = delete;
  ~Served() {
    server->close();
    uv_run(&loop, UV_RUN_DEFAULT);
    server.reset();
    CHECK(uv_loop_close(&loop) == 0);
  }

  [[nodiscard]] runtime::Descriptor connect() const {
    runtime::Descriptor client(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(&address.sun_path[0], sizeof(address.sun_path) - 1);
    REQUIRE(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) ==
            0);
    return client;
  }
  // How many pages were made in one round.
  int turn() {
    const int before = pages;
    uv_run(&loop, UV_RUN_NOWAIT);
    return pages - before;
  }

  TemporaryFolder folder;
  std::string path = folder.path_of("http.sock");
  uv_loop_t loop{};
  runtime::HandleCount handles;
  int pages = 0;
  std::unique_ptr<HttpServer> server;
};

TEST_CASE("a client that asks for many pages at once gets one in a round of the loop") {
  Served agent;
  const runtime::Descriptor client = agent.connect();
  constexpr int kRequests = 400;  // several reads' worth
  std::string requests;
  for (int i = 0; i < kRequests; ++i)
    requests += "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
  REQUIRE(::send(client.get(), requests.data(), requests.size(), 0) ==
          static_cast<ssize_t>(requests.size()));
  int most = 0;
  std::string said;
  for (int round = 0; round < 3 * kRequests; ++round) {
    most = std::max(most, agent.turn());
    std::array<char, 4096> bytes{};
    const ssize_t count = ::recv(client.get(), bytes.data(), bytes.size(), 0);
    if (count > 0) said.append(bytes.data(), static_cast<std::size_t>(count));
  }
  CHECK(most == 1);
  CHECK(agent.pages == kRequests);
  CHECK(static_cast<int>(std::count(said.begin(), said.end(), 'H')) == kRequests);
  // And nothing turns the loop once it is quiet.
  CHECK(uv_backend_timeout(&agent.loop) != 0);
}

constexpr std::string_view kRequest = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";

void ask(const runtime::Descriptor& client) {
  REQUIRE(::send(client.get(), kRequest.data(), kRequest.size(), 0) ==
          static_cast<ssize_t>(kRequest.size()));
}

// Whether the server has hung up; what it said before is taken.
bool is_closed(const runtime::Descriptor& client) {
  std::array<char, 4096> bytes{};
  for (;;) {
    const ssize_t count = ::recv(client.get(), bytes.data(), bytes.size(), 0);
    if (count <= 0) return count == 0;
  }
}

TEST_CASE("where all connections are taken, the one that has been quiet longest gives way") {
  Served agent;
  std::vector<runtime::Descriptor> clients;
  for (std::size_t i = 0; i < kMaxHttpConnections; ++i) {
    clients.push_back(agent.connect());
    ask(clients.back());
    while (agent.pages <= static_cast<int>(i))
      agent.turn();
  }
  agent.turn();
  ask(clients[0]);  // so the second is the quietest
  while (agent.pages <= static_cast<int>(kMaxHttpConnections))
    agent.turn();
  agent.turn();
  const runtime::Descriptor late = agent.connect();
  ask(late);
  while (agent.pages <= static_cast<int>(kMaxHttpConnections) + 1)
    agent.turn();
  for (std::size_t i = 0; i < clients.size(); ++i) {
    CAPTURE(i);
    CHECK(is_closed(clients[i]) == (i == 1));
  }
  CHECK_FALSE(is_closed(late));
  CHECK(agent.server->counters().connections_refused == 0);
  CHECK(agent.server->counters().connections_timed_out == 0);
}

TEST_CASE("where all are busy, the one that comes too late is closed") {
  Served agent;
  std::vector<runtime::Descriptor> clients;
  for (std::size_t i = 0; i < kMaxHttpConnections; ++i) {
    clients.push_back(agent.connect());
    agent.turn();
  }
  const runtime::Descriptor late = agent.connect();
  while (agent.server->counters().connections_refused == 0)
    agent.turn();
  agent.turn();
  CHECK(is_closed(late));
  for (const runtime::Descriptor& client : clients)
    CHECK_FALSE(is_closed(client));
}

TEST_CASE("between two requests a client has far longer than for asking the first") {
  // The time is asked for, not passed.
  using std::chrono::milliseconds;
  constexpr auto kPatience = std::chrono::duration_cast<milliseconds>(HttpConnection::kPatience);
  constexpr auto kIdleTime = std::chrono::duration_cast<milliseconds>(HttpConnection::kIdleTime);
  Served agent;
  const runtime::Descriptor client = agent.connect();
  agent.turn();
  const milliseconds first(uv_backend_timeout(&agent.loop));
  CHECK(first < kIdleTime);
  CHECK(first >= milliseconds(0));
  ask(client);
  while (agent.pages == 0)
    agent.turn();
  agent.turn();
  const milliseconds next(uv_backend_timeout(&agent.loop));
  CHECK(next > kPatience);
  CHECK(next < kIdleTime + kPatience);
}

}  // namespace
}  // namespace gossip::agent::metrics
