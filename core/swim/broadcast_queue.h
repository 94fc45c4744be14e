// A transmit-limited broadcast queue (gossip-wire §7.8; memberlist queue.go): fewest transmissions first,
// then longer messages, then newer ones; gone after the retransmit limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
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

  // Messages that fit into `limit` bytes when each costs its length + `overhead`, in queue order; each
  // counts as one more transmission, and leaves the queue at `retransmit_limit`.
  // Appends copies to `out`; returns the bytes used, overheads included.
  std::size_t take(std::size_t overhead, std::size_t limit, std::uint32_t retransmit_limit,
                   std::vector<Bytes>& out, Tickets& done);

  // The newest never transmitted messages leave at once (swim/spread): their cost without counting them.
  // Sheds the most transmitted, shortest, oldest until `count` are left; returns how many went.
  std::size_t prune(std::size_t count, Tickets& done);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }

 private:
  struct Entry {
    std::uint32_t transmits = 0;
    std::uint64_t id = 0;
    std::uint32_t ticket = 0;
    std::string name;
    Bytes message;
  };
  struct Order {
    bool operator()(const Entry& a, const Entry& b) const;
  };

  std::set<Entry, Order> entries_;
  std::uint64_t next_id_ = 0;
};

}  // namespace gossip::swim
