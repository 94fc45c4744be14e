// What a node remembers from one run to the next, in the text of Serf's snapshot file (gossip-wire §10): who
// was there, and how far the clocks had come. Reads such a text, makes the lines that each event adds to it, and
// says when it is worth writing anew. When to write, and what to do with what is remembered, is engine's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "gossip/address.h"
#include "gossip/config.h"
#include "gossip/event.h"
#include "gossip/lamport_time.h"

#include "cluster/lamport.h"

namespace gossip::cluster {

// What of a text could not be used. None of it is an error: the rest counts.
struct SnapshotFlaws {
  std::size_t unknown_lines = 0;  // also those with NUL bytes and the like
  std::size_t bad_lines = 0;      // no address, no number, or a clock beyond belief
  std::size_t over_limit = 0;     // names beyond the limit
  bool is_torn = false;           // the last line has no end; it does not count
  std::string example;            // the first flawed line: printable, cut

  [[nodiscard]] bool any() const { return unknown_lines + bad_lines + over_limit > 0 || is_torn; }
};

// Of members that failed we go on to know the address, in a comment that Serf skips.
enum class Remembered : std::uint8_t { Alive, Failed };

class Snapshot {
 public:
  struct Peer {
    Address address;
    Remembered as = Remembered::Alive;
  };
  using Peers = std::map<std::string, Peer, std::less<>>;

  // At most `max_peers` names are remembered; further ones are left out.
  explicit Snapshot(std::size_t max_peers) : max_peers_(max_peers) {}

  struct Reading {
    SnapshotFlaws flaws;
    bool leave_ignored = false;  // there was a `leave`, and `rejoin` says that it does not count
  };
  // Begins with a file of that text; any bytes are a text. Takes one pass and memory for the names in it.
  Reading read(std::string_view text, RejoinAfterLeave rejoin);

  [[nodiscard]] const Peers& peers() const { return peers_; }
  [[nodiscard]] const Clocks& clocks() const { return clocks_; }

  // Events before any coalescing. What changes nothing writes nothing. Names that a line cannot hold (control
  // bytes, none at all) are left out: that member is not remembered.
  void note(const Event& event);
  void forget(std::string_view name);
  // The newest times seen; a clock that is no further writes nothing.
  void note_member_time(LamportTime time);
  void note_event_time(LamportTime time);
  void note_query_time(LamportTime time);
  // From here on only clocks are noted, as Serf does.
  void note_leave();

  // The lines noted since the last call, to be appended to the file.
  [[nodiscard]] std::string take_lines();
  // Whether the file has grown so far beyond what it says that it should be written anew.
  [[nodiscard]] bool wants_rewrite() const;
  // The whole file as short as it can be; the lines noted so far are in it and need no append.
  [[nodiscard]] std::string rewrite();

 private:
  // False at the limit.
  bool remember(std::string_view name, const Peer& peer);
  void read_line(std::string_view line, RejoinAfterLeave rejoin, Reading& reading);
  [[nodiscard]] bool read_alive(std::string_view body, Remembered as, SnapshotFlaws& flaws);
  void note_alive(const Member& member);
  void note_failed(const Member& member);
  void note_clock(std::string_view label, LamportTime& last, LamportTime time);

  std::size_t max_peers_;
  Peers peers_;
  Clocks clocks_;
  bool left_ = false;
  std::string lines_;
  std::size_t file_bytes_ = 0;
  std::size_t rewritten_bytes_ = 0;  // what the file had when it was last written anew
};

}  // namespace gossip::cluster
