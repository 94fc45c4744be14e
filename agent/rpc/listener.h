// The RPC server on libuv: opens the agent's Unix sockets and TCP addresses, takes clients up to a limit, and
// hands events to their streams. What a client may ask is the session's; what it gets, the agent's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "gossip/error.h"
#include "gossip/event.h"

#include "agent/rpc/agent_control.h"
#include "agent/rpc/log_ring.h"

struct uv_loop_s;

namespace gossip::agent::rpc {

struct ListenerSettings {
  // "unix:///path", "/path" or "host:port" (a name or an IP address; "[v6]:port"). Empty: no RPC at all.
  std::vector<std::string> addresses;
  std::string auth_key;                     // empty: no authentication
  mode_t socket_mode = 0600;                // of Unix sockets
  std::string socket_group;                 // name or number; empty: the process's
  std::vector<std::string> allowed_users;   // rpc_uids: names or numbers, beside root and our own
  std::vector<std::string> allowed_groups;  // rpc_gids; empty: the socket's group
  std::size_t max_clients = 256;
  std::size_t max_backlog_bytes =
      std::size_t{1024} * 1024;  // of one client, beyond it records are dropped
};

// Since the start.
struct ListenerCounters {
  std::uint64_t clients_accepted = 0;
  std::uint64_t clients_refused = 0;  // too many, or not permitted
  std::uint64_t requests = 0;
  std::uint64_t broken_streams = 0;   // clients closed for bytes that are no request
  std::uint64_t records_dropped = 0;  // stream and monitor records that a slow client did not get
  std::size_t clients = 0;            // now
};

class Listener {
 public:
  // Opens every address or none. `agent`, `log` and `loop` outlive the listener.
  // Errors name the address: AddressInUse (a living agent has it), InvalidArgument, PermissionDenied,
  // System.
  [[nodiscard]] static Expected<std::unique_ptr<Listener>> open(uv_loop_s* loop,
                                                                ListenerSettings settings,
                                                                AgentControl& agent, LogRing& log);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  Listener(Listener&&) = delete;
  Listener& operator=(Listener&&) = delete;
  // Needs `close` to have completed.
  ~Listener();

  // To every stream that asked for such events: `published` at once to those that want each as it comes
  // (StreamRequest::coalesce is false), `published_coalesced` what a coalescing window has made of events to
  // all others. A query goes to both kinds, by `published` alone. True if some stream wanted it and got it.
  bool published(const Event& event);
  bool published_coalesced(const Event& event);

  // Takes no more clients, sends what is unsent (at most a second long), closes all connections and
  // removes the socket files. `closed` is called once the loop has let go of every handle.
  void close(std::function<void()> closed);

  // What is listened on, with real ports where 0 was asked: "unix:///run/…", "127.0.0.1:7373".
  [[nodiscard]] std::vector<std::string> addresses() const;
  [[nodiscard]] ListenerCounters counters() const;

 private:
  struct Parts;
  explicit Listener(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace gossip::agent::rpc
