// A transmit-limited broadcast queue (gossip-wire §7.8; memberlist queue.go): fewest transmissions first,
// then longer messages, then newer ones; gone after the retransmit limit. An eager wave takes like a tick.
// What has waited longest gives way when there are too many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/bytes.h"

namespace gossip::swim {

class BroadcastQueue {
 public:
  // A message that has left the queue for good: sent often enough, displaced or shed.
  using Tickets = std::vector<std::uint32_t>;

  // A named message displaces the queued one of the same name; an empty name displaces nothing. Tickets of
  // what ends by this call are appended to `done` (those that are not 0), here and below.
  void insert(std::string_view name, Bytes message, std::uint32_t ticket, Tickets& done);
  // Without a message in its place, for one that can never be sent.
  void displace(std::string_view name, Tickets& done);

  static constexpr std::size_t kAnyNumber = SIZE_MAX;
  static constexpr std::uint32_t kAnyTransmits = UINT32_MAX;
  struct Budget {
    std::size_t overhead = 2;            // what a message costs beside its length
    std::size_t bytes = 0;               // for all of them together, overheads included
    std::size_t messages = kAnyNumber;   // at most so many
    std::uint32_t retransmit_limit = 1;  // a message leaves the queue at this transmission
    // Messages that went so often already stay: an eager wave must not use up the ticks' copies.
    std::uint32_t below_transmits = kAnyTransmits;
  };

  // What fits into the budget, in queue order; each counts as one more transmission.
  // Appends copies to `out`; returns the bytes used, overheads included.
  std::size_t take(const Budget& budget, std::vector<Bytes>& out, Tickets& done);

  // Sheds those that were inserted first until `count` are left; returns how many went. (Upstream sheds the most
  // transmitted, then the shortest: in a full queue of untransmitted ones each short newcomer would go at once.)
  std::size_t prune(std::size_t count, Tickets& done);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  // Of all messages together.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  // What the order looks at. Upstream counts its ids from 1 again whenever the queue runs empty, also in
  // the middle of a take; `serial` tells apart what it then confuses.
  struct Rank {
    std::uint32_t transmits = 0;
    std::size_t length = 0;
    std::uint64_t id = 0;
    std::uint64_t serial = 0;
  };
  struct Entry {
    std::uint32_t transmits = 0;
    std::uint64_t id = 0;
    std::uint64_t serial = 0;
    std::uint32_t ticket = 0;
    std::string name;
    Bytes message;

    [[nodiscard]] Rank rank() const { return {transmits, message.size(), id, serial}; }
  };
  using Entries = std::list<Entry>;  // in the order of their insertion
  using Place = Entries::iterator;
  struct Order {
    using is_transparent = void;
    bool operator()(const Rank& a, const Rank& b) const;
    bool operator()(Place a, Place b) const { return (*this)(a->rank(), b->rank()); }
    bool operator()(Place a, const Rank& b) const { return (*this)(a->rank(), b); }
    bool operator()(const Rank& a, Place b) const { return (*this)(a, b->rank()); }
  };
  using Ranked = std::set<Place, Order>;

  void remove(Place entry, Tickets& done);
  [[nodiscard]] Ranked::node_type extract(Ranked::iterator ranked);

  Entries entries_;
  Ranked ranked_;  // without those that a take has just counted, until it is over
  // Keys are the entries' own names. Ordered, because a hash could be attacked with names that collide.
  std::map<std::string_view, Place> by_name_;
  std::size_t bytes_ = 0;
  std::uint64_t last_id_ = 0;
  std::uint64_t last_serial_ = 0;
};

}  // namespace gossip::swim
