#include "agent/rpc/listener.h"

#include <chrono>
#include <map>
#include <span>
#include <utility>

#include <uv.h>

#include "agent/rpc/connection.h"
#include "agent/rpc/listening_socket.h"
#include "agent/rpc/peer_access.h"
#include "rpc/endpoint.h"
#include "runtime/handle.h"
#include "runtime/sockaddr.h"

namespace gossip::agent::rpc {
namespace {

using runtime::Handle;
using runtime::owner_of;

constexpr std::uint64_t kCloseTimeMs = 1000;
constexpr std::size_t kReadBytes = std::size_t{64} * 1024;
// Beyond the limit of clients, so many more are held until they have been told why they are refused.
constexpr std::size_t kMaxToldClients = 32;

std::string tcp_name(int descriptor) {
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return "unknown";
  const std::optional<Address> address =
      runtime::to_address(reinterpret_cast<const sockaddr*>(&peer));
  return address ? address->to_string() : "unknown";
}

}  // namespace

struct Listener::Parts final : ConnectionOwner {
  // One listening socket and its handle.
  struct Door {
    Parts* parts = nullptr;
    gossip::rpc::Endpoint endpoint;
    std::optional<SocketFile> file;
    StreamHandle stream;
  };

  Parts(uv_loop_s* the_loop, ListenerSettings the_settings, PeerAccess the_access,
        AgentControl& the_agent, LogRing& the_log)
      : loop(the_loop),
        settings(std::move(the_settings)),
        access(std::move(the_access)),
        agent(&the_agent),
        log(&the_log),
        session_settings{settings.auth_key, settings.max_backlog_bytes} {}

  int open_timers();
  int open_door(ListeningSocket socket);
  void client_waits(Door& door);
  std::string identify(const Door& door, const Connection& connection, std::string& refusal) const;
  void admit(const std::string& name, std::string& refusal);
  void begin_close();
  [[nodiscard]] std::vector<Connection*> open_connections() const;
  void sweep_ended();

  void ended(Connection& connection) override;
  std::span<char> read_buffer() override { return {buffer.get(), kReadBytes}; }

  uv_loop_s* loop;
  ListenerSettings settings;
  PeerAccess access;
  AgentControl* agent;
  LogRing* log;
  SessionSettings session_settings;
  SessionCounters session_counters;
  ListenerCounters counters;
  runtime::HandleCount handles;
  std::vector<std::unique_ptr<Door>> doors;
  std::map<Connection*, std::unique_ptr<Connection>> connections;
  std::vector<std::unique_ptr<Connection>> gone;  // closed, destroyed when the stack is empty
  Handle<uv_timer_t> sweep;
  Handle<uv_timer_t> deadline;
  bool closing = false;
  bool full = false;     // said so in the log
  bool overrun = false;  // the same of those beyond kMaxToldClients
  // Not cleared: pages that no read has touched cost nothing.
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): an array's owner
  std::unique_ptr<char[]> buffer = std::make_unique_for_overwrite<char[]>(kReadBytes);
};

int Listener::Parts::open_timers() {
  const auto init = [this](uv_timer_t* timer) { return uv_timer_init(loop, timer); };
  const int code = sweep.open(handles, this, init);
  return code != 0 ? code : deadline.open(handles, this, init);
}

int Listener::Parts::open_door(ListeningSocket socket) {
  auto door = std::make_unique<Door>();
  door->parts = this;
  door->endpoint = std::move(socket.endpoint);
  if (socket.file) door->file.emplace(*std::move(socket.file));
  Door& opened = *door;
  doors.push_back(std::move(door));

  int code =
      opened.stream.open(loop, handles, &opened, opened.file ? Transport::Unix : Transport::Tcp);
  if (code == 0) code = opened.stream.adopt(socket.descriptor.get());
  if (code != 0) return code;
  (void)socket.descriptor.release();
  return uv_listen(opened.stream.get(), SOMAXCONN, [](uv_stream_t* server, int status) {
    Door& waiting = owner_of<Door>(server);
    if (status == 0) waiting.parts->client_waits(waiting);
  });
}

// Who is there; `refusal` is set for those who may not ask.
std::string Listener::Parts::identify(const Door& door, const Connection& connection,
                                      std::string& refusal) const {
  if (!door.file) return tcp_name(connection.descriptor());
  const Expected<PeerIdentity> peer = identify_peer(connection.descriptor());
  if (!peer || !access.allows(*peer, door.file->group())) {
    refusal = gossip::rpc::kPermissionDenied;
  }
  return peer ? peer->to_string() : peer.error().message;
}

// Counts and logs a client; `refusal` is set if there is no room for it.
void Listener::Parts::admit(const std::string& name, std::string& refusal) {
  const bool permitted = refusal.empty();
  if (permitted && connections.size() >= settings.max_clients) {
    refusal = "too many RPC clients, the limit is " + std::to_string(settings.max_clients) +
              " (rpc_max_clients)";
    if (!std::exchange(full, true)) agent->log(LogLevel::Warn, "agent.ipc: Refusing " + refusal);
  }
  if (!refusal.empty()) ++counters.clients_refused;
  if (!permitted) {
    agent->log(LogLevel::Warn, "agent.ipc: Permission denied: " + name +
                                   " (see rpc_uids, rpc_gids and the socket's group)");
  }
  if (!refusal.empty()) return;
  full = overrun = false;
  ++counters.clients_accepted;
  agent->log(LogLevel::Info, "agent.ipc: Accepted client: " + name);
}

void Listener::Parts::client_waits(Door& door) {
  const SessionWorld world{*agent, *log, session_settings, session_counters};
  auto connection = std::make_unique<Connection>(*this, world);
  // A connection that is not started is dropped with its handles, which closes the socket.
  if (connection->accept(door.stream, handles) != 0) return;
  if (connections.size() >= settings.max_clients + kMaxToldClients) {
    ++counters.clients_refused;
    if (!std::exchange(overrun, true)) {
      agent->log(LogLevel::Warn, "agent.ipc: Closing further RPC clients without an answer: " +
                                     std::to_string(connections.size()) + " are open");
    }
    return;
  }
  std::string refusal;
  std::string name = identify(door, *connection, refusal);
  admit(name, refusal);
  Connection& started = *connection;
  connections.emplace(&started, std::move(connection));
  started.start(std::move(name), std::move(refusal));
}

void Listener::Parts::ended(Connection& connection) {
  const auto found = connections.find(&connection);
  if (found == connections.end()) return;
  gone.push_back(std::move(found->second));
  connections.erase(found);
  uv_timer_start(
      sweep.get(), [](uv_timer_t* timer) { owner_of<Parts>(timer).sweep_ended(); }, 0, 0);
}

void Listener::Parts::sweep_ended() {
  gone.clear();
  if (!closing || !connections.empty()) return;
  sweep.close();
  deadline.close();
}

// Sending may end a connection, which then leaves the map: who goes over all of them, goes over a copy.
std::vector<Connection*> Listener::Parts::open_connections() const {
  std::vector<Connection*> open;
  open.reserve(connections.size());
  for (const auto& [connection, owned] : connections)
    open.push_back(connection);
  return open;
}

void Listener::Parts::begin_close() {
  closing = true;
  for (const std::unique_ptr<Door>& door : doors) {
    door->stream.close();
    door->file.reset();
  }
  for (Connection* connection : open_connections())
    connection->shut_down();
  if (!sweep.is_open() || !deadline.is_open()) return;
  uv_timer_start(
      sweep.get(), [](uv_timer_t* timer) { owner_of<Parts>(timer).sweep_ended(); }, 0, 0);
  uv_timer_start(
      deadline.get(),
      [](uv_timer_t* timer) {
        auto& self = owner_of<Parts>(timer);
        while (!self.connections.empty())
          self.connections.begin()->first->close();
      },
      kCloseTimeMs, 0);
}

Listener::Listener(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Listener::~Listener() = default;

Expected<std::unique_ptr<Listener>> Listener::open(uv_loop_s* loop, ListenerSettings settings,
                                                   AgentControl& agent, LogRing& log) {
  const Expected<SocketFileOptions> options =
      socket_file_options(settings.socket_mode, settings.socket_group);
  if (!options) return tl::unexpected(options.error());
  Expected<PeerAccess> access = PeerAccess::create(settings.allowed_users, settings.allowed_groups);
  if (!access) return tl::unexpected(access.error());

  std::vector<ListeningSocket> sockets;
  for (const std::string& text : settings.addresses) {
    const Expected<gossip::rpc::Endpoint> endpoint = gossip::rpc::parse_endpoint(text);
    if (!endpoint) return tl::unexpected(endpoint.error());
    Expected<ListeningSocket> socket = listen_on(*endpoint, *options);
    if (!socket) return tl::unexpected(socket.error());
    sockets.push_back(*std::move(socket));
  }

  std::unique_ptr<Listener> listener(new Listener(
      std::make_unique<Parts>(loop, std::move(settings), *std::move(access), agent, log)));
  int code = listener->parts_->open_timers();
  for (ListeningSocket& socket : sockets) {
    if (code == 0) code = listener->parts_->open_door(std::move(socket));
  }
  if (code == 0) return listener;
  // The loop still holds handles: it lets go of them, and then the rest may go.
  Listener* const failed = listener.release();
  failed->close([failed] { delete failed; });  // NOLINT: owned by nobody else
  return fail(ErrorCode::System, std::string("cannot listen for RPC: ") + uv_strerror(code));
}

bool Listener::published(const Event& event) {
  bool sent = false;
  for (Connection* connection : parts_->open_connections())
    sent |= connection->published(event);
  return sent;
}

bool Listener::published_coalesced(const Event& event) {
  bool sent = false;
  for (Connection* connection : parts_->open_connections())
    sent |= connection->published_coalesced(event);
  return sent;
}

void Listener::close(std::function<void()> closed) {
  parts_->begin_close();
  parts_->handles.when_none_left(std::move(closed));
}

std::vector<std::string> Listener::addresses() const {
  std::vector<std::string> texts;
  for (const std::unique_ptr<Parts::Door>& door : parts_->doors) {
    texts.push_back(gossip::rpc::to_string(door->endpoint));
  }
  return texts;
}

ListenerCounters Listener::counters() const {
  ListenerCounters counters = parts_->counters;
  counters.requests = parts_->session_counters.requests;
  counters.broken_streams = parts_->session_counters.broken_streams;
  counters.records_dropped = parts_->session_counters.records_dropped;
  counters.clients = parts_->connections.size();
  return counters;
}

}  // namespace gossip::agent::rpc
