#include "agent/metrics/http_server.h"

#include <array>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <uv.h>

#include "agent/metrics/http_connection.h"
#include "agent/rpc/listening_socket.h"

namespace gossip::agent::metrics {

using runtime::owner_of;

struct HttpServer::Parts final : HttpConnectionOwner {
  Parts(uv_loop_s* the_loop, runtime::HandleCount& the_handles, HttpPages the_pages)
      : loop(the_loop), handles(the_handles), pages(std::move(the_pages)) {}

  [[nodiscard]] int listen(rpc::ListeningSocket socket);
  void client_waits();
  [[nodiscard]] bool make_room();
  void sweep_ended() { gone.clear(); }

  void ended(HttpConnection& connection) override;
  std::span<char> read_buffer() override { return buffer; }

  uv_loop_s* loop;
  runtime::HandleCount& handles;
  HttpPages pages;
  HttpCounters counters;
  gossip::rpc::Endpoint endpoint;
  std::optional<rpc::SocketFile> file;
  StreamHandle door;
  runtime::LoopTimer sweep;
  std::map<HttpConnection*, std::unique_ptr<HttpConnection>> connections;
  std::vector<std::unique_ptr<HttpConnection>> gone;  // closed, destroyed when the stack is empty
  std::array<char, 4096> buffer{};
};

int HttpServer::Parts::listen(rpc::ListeningSocket socket) {
  endpoint = std::move(socket.endpoint);
  if (socket.file) file.emplace(*std::move(socket.file));
  const auto ring = [](void* self) { static_cast<Parts*>(self)->sweep_ended(); };
  int code = sweep.open(loop, handles, ring, this);
  if (code != 0) return code;
  code = door.open(loop, handles, this, file ? Transport::Unix : Transport::Tcp);
  if (code == 0) code = door.adopt(socket.descriptor.get());
  if (code != 0) return code;
  (void)socket.descriptor.release();
  return uv_listen(door.get(), static_cast<int>(kMaxHttpConnections),
                   [](uv_stream_t* server, int status) {
                     if (status == 0) owner_of<Parts>(server).client_waits();
                   });
}

void HttpServer::Parts::client_waits() {
  auto connection =
      std::make_unique<HttpConnection>(static_cast<HttpConnectionOwner&>(*this), pages, counters);
  // A connection that is not started is dropped with its handles, which closes the socket.
  if (connection->accept(door, handles) != 0) return;
  if (!make_room()) {
    ++counters.connections_refused;
    return;
  }
  HttpConnection& started = *connection;
  connections.emplace(&started, std::move(connection));
  started.start();
}

// False if all connections are busy.
bool HttpServer::Parts::make_room() {
  if (connections.size() < kMaxHttpConnections) return true;
  HttpConnection* quietest = nullptr;
  for (const auto& [connection, owned] : connections) {
    if (!connection->is_idle()) continue;
    if (quietest == nullptr || connection->quiet_since() < quietest->quiet_since()) {
      quietest = connection;
    }
  }
  if (quietest == nullptr) return false;
  quietest->close();
  return true;
}

void HttpServer::Parts::ended(HttpConnection& connection) {
  const auto found = connections.find(&connection);
  if (found == connections.end()) return;
  gone.push_back(std::move(found->second));
  connections.erase(found);
  sweep.arm(runtime::loop_now());
}

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpServer::~HttpServer() = default;

Expected<std::unique_ptr<HttpServer>> HttpServer::open(uv_loop_s* loop,
                                                       runtime::HandleCount& handles,
                                                       const gossip::rpc::Endpoint& endpoint,
                                                       const rpc::SocketFileOptions& options,
                                                       HttpPages pages) {
  Expected<rpc::ListeningSocket> socket = rpc::listen_on(endpoint, options);
  if (!socket) return tl::unexpected<Error>(std::move(socket.error()));
  std::unique_ptr<HttpServer> server(
      new HttpServer(std::make_unique<Parts>(loop, handles, std::move(pages))));
  const int code = server->parts_->listen(*std::move(socket));
  if (code == 0) return server;
  server->close();
  return fail(ErrorCode::System, "cannot listen for HTTP on " + gossip::rpc::to_string(endpoint) +
                                     ": " + uv_strerror(code));
}

void HttpServer::close() {
  parts_->door.close();
  parts_->file.reset();
  while (!parts_->connections.empty())
    parts_->connections.begin()->first->close();
  parts_->sweep.close();
}

std::string HttpServer::address() const {
  return gossip::rpc::to_string(parts_->endpoint);
}

const HttpCounters& HttpServer::counters() const {
  return parts_->counters;
}

}  // namespace gossip::agent::metrics
