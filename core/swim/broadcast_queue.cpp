#include "swim/broadcast_queue.h"

#include <limits>
#include <utility>

namespace gossip::swim {

bool BroadcastQueue::Order::operator()(const Rank& a, const Rank& b) const {
  if (a.transmits != b.transmits) return a.transmits < b.transmits;
  if (a.length != b.length) return a.length > b.length;
  if (a.id != b.id) return a.id > b.id;
  return a.serial > b.serial;
}

void BroadcastQueue::insert(std::string_view name, Bytes message, std::uint32_t ticket,
                            Tickets& done) {
  displace(name, done);
  bytes_ += message.size();
  const auto added = entries_.insert(entries_.end(), Entry{.transmits = 0,
                                                           .id = ++last_id_,
                                                           .serial = ++last_serial_,
                                                           .ticket = ticket,
                                                           .name = std::string(name),
                                                           .message = std::move(message)});
  ranked_.insert(added);
  if (!name.empty()) by_name_.emplace(added->name, added);
}

void BroadcastQueue::displace(std::string_view name, Tickets& done) {
  if (name.empty()) return;
  if (const auto old = by_name_.find(name); old != by_name_.end()) remove(old->second, done);
}

std::size_t BroadcastQueue::take(const Budget& budget, std::vector<Bytes>& out, Tickets& done) {
  constexpr std::uint64_t kNewest = std::numeric_limits<std::uint64_t>::max();
  if (entries_.empty()) return 0;
  std::size_t used = 0;
  std::size_t taken_count = 0;
  std::uint32_t tier = (*ranked_.begin())->transmits;
  std::vector<Ranked::node_type> taken;  // put back at the end: nothing goes twice in one packet
  while (budget.bytes > used + budget.overhead && taken_count < budget.messages) {
    const auto next =
        ranked_.lower_bound(Rank{tier, budget.bytes - used - budget.overhead, kNewest, kNewest});
    if (next == ranked_.end() || (*next)->transmits >= budget.below_transmits) break;
    const auto entry = *next;
    if (entry->transmits != tier) {
      tier = entry->transmits;
      continue;
    }
    out.push_back(entry->message);
    used += entry->message.size() + budget.overhead;
    ++taken_count;
    if (entry->transmits + 1 >= budget.retransmit_limit) {
      remove(entry, done);
      continue;
    }
    taken.push_back(extract(next));
    ++entry->transmits;
  }
  for (Ranked::node_type& node : taken)
    ranked_.insert(std::move(node));
  return used;
}

std::size_t BroadcastQueue::prune(std::size_t count, Tickets& done) {
  std::size_t shed = 0;
  while (entries_.size() > count) {
    remove(entries_.begin(), done);
    ++shed;
  }
  return shed;
}

std::size_t BroadcastQueue::size() const {
  return entries_.size();
}

void BroadcastQueue::remove(Place entry, Tickets& done) {
  if (entry->ticket != 0) done.push_back(entry->ticket);
  if (!entry->name.empty()) by_name_.erase(entry->name);
  bytes_ -= entry->message.size();
  (void)extract(ranked_.find(entry));
  entries_.erase(entry);
}

BroadcastQueue::Ranked::node_type BroadcastQueue::extract(Ranked::iterator ranked) {
  Ranked::node_type node = ranked_.extract(ranked);
  if (ranked_.empty()) last_id_ = 0;
  return node;
}

}  // namespace gossip::swim
