// A small HTTP server on the agent's loop, for scrapers and probes: one address, few connections, and nobody of them holds
// up the loop or its memory.
#pragma once

#include <memory>
#include <string>

#include "gossip/error.h"

#include "agent/metrics/http_session.h"
#include "agent/rpc/socket_file.h"
#include "rpc/endpoint.h"
#include "runtime/handle.h"

struct uv_loop_s;

namespace gossip::agent::metrics {

// At one time. Beyond it the one that has been idle longest gives way; if all are busy the new one is closed.
inline constexpr std::size_t kMaxHttpConnections = 32;

class HttpServer {
 public:
  // `handles` and `loop` outlive the server. Errors name the address: AddressInUse, InvalidArgument,
  // PermissionDenied, NotFound, System.
  [[nodiscard]] static Expected<std::unique_ptr<HttpServer>> open(
      uv_loop_s* loop, runtime::HandleCount& handles, const gossip::rpc::Endpoint& endpoint,
      const rpc::SocketFileOptions& options, HttpPages pages);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  HttpServer(HttpServer&&) = delete;
  HttpServer& operator=(HttpServer&&) = delete;
  ~HttpServer();

  // Closes everything; `handles` counts down to none.
  void close();

  // With the real port: "127.0.0.1:9107", "unix:///run/…".
  [[nodiscard]] std::string address() const;
  [[nodiscard]] const HttpCounters& counters() const;

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace gossip::agent::metrics
