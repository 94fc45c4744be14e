#include "swim/broadcast_queue.h"

#include <iterator>
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
  if (!name.empty()) {
    if (auto old = by_name_.find(name); old != by_name_.end()) remove(old->second, done);
  }
  auto added = entries_.insert(Entry{.transmits = 0,
                                     .id = ++last_id_,
                                     .serial = ++last_serial_,
                                     .ticket = ticket,
                                     .name = std::string(name),
                                     .message = std::move(message)});
  if (!name.empty()) by_name_.emplace(added.first->name, added.first);
}

std::size_t BroadcastQueue::take(const Budget& budget, std::vector<Bytes>& out, Tickets& done) {
  constexpr std::uint64_t kNewest = std::numeric_limits<std::uint64_t>::max();
  if (entries_.empty()) return 0;
  std::size_t used = 0;
  std::size_t taken_count = 0;
  std::uint32_t tier = entries_.begin()->transmits;
  std::vector<Entries::node_type> taken;  // put back at the end: nothing goes twice in one packet
  while (budget.bytes > used + budget.overhead && taken_count < budget.messages) {
    auto next =
        entries_.lower_bound(Rank{tier, budget.bytes - used - budget.overhead, kNewest, kNewest});
    if (next == entries_.end() || next->transmits >= budget.below_transmits) break;
    if (next->transmits != tier) {
      tier = next->transmits;
      continue;
    }
    out.push_back(next->message);
    used += next->message.size() + budget.overhead;
    ++taken_count;
    if (next->transmits + 1 >= budget.retransmit_limit) {
      remove(next, done);
      continue;
    }
    Entries::node_type node = extract(next);
    ++node.value().transmits;
    taken.push_back(std::move(node));
  }
  for (Entries::node_type& node : taken)
    put_back(std::move(node));
  return used;
}

std::size_t BroadcastQueue::prune(std::size_t count, Tickets& done) {
  std::size_t shed = 0;
  while (entries_.size() > count) {
    remove(std::prev(entries_.end()), done);
    ++shed;
  }
  return shed;
}

std::size_t BroadcastQueue::size() const {
  return entries_.size();
}

void BroadcastQueue::remove(Entries::iterator entry, Tickets& done) {
  if (entry->ticket != 0) done.push_back(entry->ticket);
  if (!entry->name.empty()) by_name_.erase(entry->name);
  (void)extract(entry);
}

BroadcastQueue::Entries::node_type BroadcastQueue::extract(Entries::iterator entry) {
  Entries::node_type node = entries_.extract(entry);
  if (entries_.empty()) last_id_ = 0;
  return node;
}

void BroadcastQueue::put_back(Entries::node_type node) {
  auto back = entries_.insert(std::move(node));
  if (!back.position->name.empty()) by_name_.find(back.position->name)->second = back.position;
}

}  // namespace gossip::swim
