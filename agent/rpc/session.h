// One client's conversation: requests in order, answers in order, streams in between. It knows the
// protocol's rules and nothing of sockets; its peer carries bytes and says how many are still unsent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gossip/bytes.h"
#include "gossip/event.h"

#include "agent/rpc/agent_control.h"
#include "agent/rpc/commands.h"
#include "agent/rpc/event_filter.h"
#include "agent/rpc/log_ring.h"
#include "agent/rpc/questions.h"
#include "rpc/protocol.h"
#include "rpc/reader.h"

namespace gossip::agent::rpc {

// Before a client has shown that it may ask, it gets no more of our memory than this for a body.
inline constexpr std::size_t kMaxStrangerBodyBytes = std::size_t{16} * 1024;
inline constexpr std::size_t kMaxStreams = 64;  // of one connection
inline constexpr std::size_t kMaxQueries = 64;  // that run, of one connection

struct SessionSettings {
  std::string auth_key;  // empty: everybody may ask
  std::size_t max_backlog_bytes =
      std::size_t{1024} * 1024;  // unsent, beyond it records are dropped; one may be larger
};

// Since the start, of all sessions of one listener.
struct SessionCounters {
  std::uint64_t requests = 0;
  std::uint64_t broken_streams = 0;  // closed for bytes that are no request
  std::uint64_t records_dropped =
      0;  // of streams, monitors and queries, which a slow client did not get
};

// Whose end of a connection closes first. A client that finds an answer and our end in one look may take it for a
// broken connection, as Serf's Go client does.
enum class HangUp : std::uint8_t { Ours, ClientFirst };

// The connection as its session sees it.
class SessionPeer {
 public:
  SessionPeer() = default;
  SessionPeer(const SessionPeer&) = delete;
  SessionPeer& operator=(const SessionPeer&) = delete;
  SessionPeer(SessionPeer&&) = delete;
  SessionPeer& operator=(SessionPeer&&) = delete;
  virtual ~SessionPeer() = default;

  virtual void send(ByteView bytes) = 0;
  [[nodiscard]] virtual std::size_t unsent_bytes() const = 0;
  // Nothing more will be sent: close once everything has left. The session is told nothing any more.
  virtual void finish(HangUp first) = 0;
  // wants_input() may have changed.
  virtual void input_wanted() = 0;
};

// What sessions share; all of it outlives them.
struct SessionWorld {
  AgentControl& agent;
  LogRing& log;
  const SessionSettings& settings;
  SessionCounters& counters;
};

class Session final : private LogRing::Listener {
 public:
  // `name` is the client in log lines. `refusal`, if not empty, is the answer to the first request, and
  // the end.
  Session(SessionWorld world, SessionPeer& peer, std::string name, std::string refusal = {});
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  Session(Session&&) = delete;
  Session& operator=(Session&&) = delete;
  ~Session() override;

  // Bytes as they came. Without wants_input() they are kept, so stop reading.
  void receive(ByteView bytes);
  // The client sends nothing more; what it sent before is still answered (rpc.md §3.4).
  void end_of_input();
  // Some of the unsent bytes have left.
  void drained();
  // An event at once, for streams that asked for that (Coalesce false), and a query for every stream; or what
  // a coalescing window has made of events, for the other streams. True if some stream got it whose client may answer.
  bool published(const Event& event);
  bool published_coalesced(const Event& event);

  // False while a slow command runs or too much is unsent.
  [[nodiscard]] bool wants_input() const;
  // Has shaken hands, and given the key if there is one.
  [[nodiscard]] bool is_admitted() const { return handshaken_ && authenticated_; }

 private:
  struct Pending {  // a request whose body is awaited
    gossip::rpc::Command command;
    std::uint64_t seq;
    bool dropped;  // answered with Authentication required whatever the body says
  };
  enum class Feed : std::uint8_t { AtOnce, Coalesced };
  enum class Answers : std::uint8_t { Perhaps, Never };
  struct Stream {
    EventFilter filter;
    Feed feed{};
    Answers answers{};  // queries
  };
  struct Monitor {
    std::uint64_t seq;
    LogLevel level;
  };

  void logged(const LogRecord& record) override;
  void pass_on(const LogRecord& record);
  bool pass_on(const Event& event, Feed feed);
  bool send_event(std::uint64_t seq, const Event& event);

  void work();
  [[nodiscard]] bool take_next();
  void take_header(ByteView object);
  void take_body(ByteView object);
  void run(std::uint64_t seq, const gossip::rpc::Request& request);

  void add_counters(gossip::rpc::StatsResponse& stats) const;
  [[nodiscard]] std::string handshake(const gossip::rpc::HandshakeRequest& request);
  [[nodiscard]] std::string authenticate(const gossip::rpc::AuthRequest& request);
  [[nodiscard]] std::string open_stream(std::uint64_t seq,
                                        const gossip::rpc::StreamRequest& request);
  void open_monitor(std::uint64_t seq, const gossip::rpc::MonitorRequest& request);
  void stop(std::uint64_t seq);
  void join(std::uint64_t seq, const gossip::rpc::JoinRequest& request);
  void leave(std::uint64_t seq);
  void reload(std::uint64_t seq);
  void change_key(std::uint64_t seq, const gossip::rpc::KeyRequest& request);
  void change_keys(std::uint64_t seq, const KeyCommand& command);
  void end_slow_command(std::uint64_t seq, const Reply& reply);
  void ask(std::uint64_t seq, const gossip::rpc::QueryRequest& request);
  void replied(std::uint64_t seq, const QueryReply& reply);
  void query_over(std::uint64_t seq, const QueryDone& done);
  [[nodiscard]] std::string respond(const gossip::rpc::RespondRequest& request);

  void answer(std::uint64_t seq, std::string_view error,
              const gossip::rpc::ResponseBody& body = gossip::rpc::NoBody{});
  bool send_record(std::uint64_t seq, const gossip::rpc::Record& record);
  void report_drops();
  void caught_up();
  void finish(HangUp first = HangUp::Ours);

  SessionWorld world_;
  SessionPeer* peer_;
  std::string name_;
  std::string refusal_;
  gossip::rpc::Reader reader_;
  std::optional<Pending> pending_;
  std::map<std::uint64_t, Stream> streams_;
  std::optional<Monitor> monitor_;
  Questions questions_;
  std::uint64_t dropped_ = 0;  // in this episode of slowness
  std::size_t queries_ = 0;    // that run
  bool slow_ = false;          // the log says so
  bool handshaken_ = false;
  bool authenticated_ = false;
  bool busy_ = false;  // a slow command runs
  bool working_ = false;
  bool input_ended_ = false;
  bool finished_ = false;
  // Slow commands hold it weakly, and so learn that their client is gone.
  std::shared_ptr<Session*> alive_;
};

}  // namespace gossip::agent::rpc
