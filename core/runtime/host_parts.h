// Inside of Host: one turn is inputs → engine → effects → carried out. Effects that commands cause while
// others are being carried out wait for their turn, so nothing ever re-enters.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <uv.h>

#include "gossip/effects.h"
#include "gossip/engine.h"

#include "base/text_pool.h"
#include "runtime/handle.h"
#include "runtime/host.h"
#include "runtime/kernel_nonces.h"
#include "runtime/loop_timer.h"
#include "runtime/resolver.h"
#include "runtime/socket_receiver.h"
#include "runtime/sockets.h"
#include "runtime/stored_file.h"
#include "runtime/tcp.h"
#include "runtime/udp.h"

namespace gossip::runtime {

struct Host::Parts final : SocketReceiver {
  // What a join was asked for and could not be resolved, until the engine's own result is there.
  struct PendingJoin {
    JoinDone done;
    std::vector<JoinFailure> unresolved;
  };

  Parts(uv_loop_t* loop_in, Config config, BoundAddress address_in, BoundSockets sockets,
        HostListener& listener_in);

  // host_files.cpp: what must survive the process. Opens the snapshot and reads it; before `start`.
  [[nodiscard]] Expected<void> open_files();
  void save(const Save& save);
  void saved(SavedFile file, const Expected<void>& result);
  void close_files();

  // SocketReceiver: inputs, noted in `effects`.
  void packet_received(const Address& from, ByteView datagram) override;
  void packet_refused(const Address& to) override;
  [[nodiscard]] std::optional<StreamId> stream_accepted(const Address& from) override;
  void stream_opened(StreamId id) override;
  void stream_received(StreamId id, ByteView bytes) override;
  void stream_ended(StreamId id, StreamEnd why) override;
  void warned(std::string text) override;
  void socket_lost(std::string why) override;
  // Carries out everything noted. The last thing in a callback.
  void flush() override;

  void start();
  void close(std::function<void()> closed_in);
  void join(Resolved resolved, Replay replay, JoinDone done);

  // For commands, which may come from inside a listener call: their effects are carried out from the loop.
  void flush_soon();
  [[nodiscard]] Expected<void> check_running() const;

  void ring();
  void shut_down();
  void arm();
  void carry_out(Effects& list);
  void carry_out(Effect& effect);
  void send_collected();
  void finish(Finish& finished);
  void finish_query(const QueryDone& done);
  void stop(const Error& why);
  [[nodiscard]] bool is_silent() const { return phase != Phase::Running; }

  enum class Phase : std::uint8_t {
    Created,
    Running,
    Stopped,  // by the engine or a lost socket
    Closing,  // the next ring of the timer closes the handles
    Closed
  };

  uv_loop_t* loop;
  BoundAddress address;
  std::string snapshot_path;
  std::string keyring_path;
  HostListener& listener;
  KernelNonces nonces;
  base::TextPool texts;
  Engine engine;
  HandleCount handles;  // outlives every handle below

  LoopTimer timer;
  Udp udp;
  Tcp tcp;
  std::optional<Resolver> resolver;
  std::optional<StoredFile> snapshot;
  std::optional<StoredFile> keyring;
  std::string last_run;  // the snapshot's text, until the engine has it

  Phase phase = Phase::Created;
  bool carrying = false;                       // inside `flush`
  bool soon = false;                           // `flush_soon` was called
  Effects effects;                             // noted, to be carried out next
  Effects running;                             // being carried out
  std::vector<OutgoingPacket> packets;         // of `running`, to be sent in one go
  std::vector<std::function<void()>> results;  // of commands that ended without the engine
  std::optional<std::string> lost_socket;
  std::unordered_map<OpId, PendingJoin> joins;
  std::unordered_map<OpId, LeaveDone> leaves;
  std::unordered_map<OpId, KeysDone> key_changes;
  std::unordered_map<QueryToken, QueryCallbacks> queries;
  std::function<void()> closed;
};

}  // namespace gossip::runtime
