// TCP between hosts, as bytes: connections that open, hang, carry their bytes in pieces and late, are closed, reset
// or cut anywhere. A lost segment costs time, a lost connection shows when somebody writes to it or gives up.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "gossip/effects.h"

#include "base/rng.h"
#include "sim/agenda.h"
#include "sim/directory.h"
#include "sim/links.h"

namespace gossip::sim {

// Chances that a new connection goes wrong; it does so at a byte drawn up to kMaxFaultyBytes.
struct StreamFaults {
  double hang = 0;   // never opens, or falls silent
  double reset = 0;  // both sides hear of a reset
  double cut = 0;    // the reader hears of an end as if all had been said
  bool in_pieces = false;
};

class Streams {
 public:
  Streams(Agenda& agenda, Links& links, const Directory& directory, base::Rng rng);

  void set_faults(const StreamFaults& faults) { faults_ = faults; }

  // What a process does. `give_up_at` is the world's time.
  void open(HostId host, const OpenStream& stream, TimePoint give_up_at);
  void write(HostId host, const WriteStream& stream);
  void close(HostId host, StreamId id);
  // The process that hears of a connection has named it; false if it is over already.
  bool accepted(ConnectionId connection, StreamId id);
  // The name of an end that is open and not closed by its process; after `ended` it has none.
  [[nodiscard]] std::optional<StreamId> name(ConnectionId connection, Side side) const;
  void ended(ConnectionId connection, Side side);
  // A process is gone; its kernel resets what it had, unless it has gone as well.
  void drop_all(HostId host, bool kernel_lives);

  // A happening of ours has come.
  void handle(Happening& happening);

 private:
  struct Piece {
    Bytes bytes;  // none: the end
  };
  struct End {
    HostId host = kNobody;
    std::uint32_t run = 0;
    StreamId id = 0;
    bool is_named = false;  // by its process, which has not closed it
    bool is_over = false;   // hears nothing more
    std::deque<Piece> out;
    bool waits = false;      // for the next attempt
    Duration patience{};     // until then
    TimePoint last_arrival;  // of what it has sent
  };
  enum class Wrong : std::uint8_t { Nothing, Hang, Reset, Cut };
  struct Connection {
    std::array<End, 2> ends;
    Address to;
    Duration patience{};  // of the first packet
    bool is_accepted = false;
    Wrong wrong = Wrong::Nothing;
    std::size_t wrong_after = 0;  // bytes, of both directions
    std::size_t carried = 0;
  };

  [[nodiscard]] Connection* find(ConnectionId id);
  [[nodiscard]] static End& end_of(Connection& connection, Side side) {
    return connection.ends[static_cast<std::size_t>(side)];
  }
  void draw_faults(Connection& connection);
  void try_syn(ConnectionId id);
  void syn_arrives(ConnectionId id);
  void open_timed_out(ConnectionId id);
  void push(ConnectionId id, Connection& connection, Side side);
  void segment_arrives(ConnectionId id, Side side, Bytes bytes);
  void reset_arrives(ConnectionId id, Side side);
  // The kernel of `side` tells the other one that there is no such connection here.
  void send_reset(ConnectionId id, Connection& connection, Side side);
  void end_with(ConnectionId id, Connection& connection, Side side, StreamEnd why);
  void forget_name(End& end);
  void erase_if_over(ConnectionId id);
  void schedule(Duration after, Happening::What what, ConnectionId id, Side side);

  Agenda& agenda_;
  Links& links_;
  const Directory& directory_;
  base::Rng rng_;
  StreamFaults faults_;
  std::unordered_map<ConnectionId, Connection> connections_;
  std::map<std::pair<HostId, StreamId>, std::pair<ConnectionId, Side>> named_;
  ConnectionId last_id_ = 0;
};

}  // namespace gossip::sim
