#include "members/table.h"

#include <algorithm>

#include "base/sip_hash.h"

namespace gossip::members {
namespace {

constexpr std::size_t kFirstBuckets = 16;

}  // namespace

Table::Table(base::TextPool& texts, std::uint32_t max_members, std::uint64_t hash_seed)
    : texts_(&texts), max_members_(max_members), hash_seed_(hash_seed) {}

std::optional<Index> Table::find(std::string_view name) const {
  if (buckets_.empty()) return std::nullopt;
  const std::uint32_t hash = hash_of(name);
  for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
    const Index index = buckets_[at];
    if (index == kEmpty) return std::nullopt;
    const Slot& found = slot(index);
    if (found.hash == hash && found.record.name.view() == name) return index;
  }
}

std::optional<Index> Table::insert(std::string_view name) {
  if (size_ >= max_members_) return std::nullopt;
  if ((size_ + 1) * 2 > buckets_.size()) grow();
  Index index = 0;
  if (free_.empty()) {
    if (end_ == blocks_.size() * kBlockSlots) blocks_.push_back(std::make_unique<Block>());
    index = end_++;
  } else {
    index = free_.back();
    free_.pop_back();
  }
  Slot& added = slot(index);
  added.record.name = intern(name);
  added.hash = hash_of(name);
  added.used = true;
  put(index);
  ++size_;
  return index;
}

void Table::make_room(std::size_t records) {
  const std::size_t wanted = std::min<std::size_t>(records, max_members_);
  while (blocks_.size() * kBlockSlots < wanted)
    blocks_.push_back(std::make_unique<Block>());
}

void Table::erase(Index index) {
  GOSSIP_CHECK(holds(index));
  // What stands behind the gap moves up, unless it would then stand before its home.
  std::size_t gap = bucket_of(index);
  for (std::size_t at = (gap + 1) & mask(); buckets_[at] != kEmpty; at = (at + 1) & mask()) {
    const std::size_t wanted = slot(buckets_[at]).hash & mask();
    if (((at - wanted) & mask()) < ((at - gap) & mask())) continue;
    buckets_[gap] = buckets_[at];
    gap = at;
  }
  buckets_[gap] = kEmpty;
  slot(index) = Slot{};
  free_.push_back(index);
  --size_;
}

std::size_t Table::size() const {
  return size_;
}

std::uint32_t Table::hash_of(std::string_view name) const {
  return static_cast<std::uint32_t>(base::sip_hash(hash_seed_, name));
}

std::size_t Table::bucket_of(Index index) const {
  std::size_t at = slot(index).hash & mask();
  while (buckets_[at] != index)
    at = (at + 1) & mask();
  return at;
}

void Table::put(Index index) {
  std::size_t at = slot(index).hash & mask();
  while (buckets_[at] != kEmpty)
    at = (at + 1) & mask();
  buckets_[at] = index;
}

void Table::grow() {
  std::size_t count = buckets_.empty() ? kFirstBuckets : buckets_.size() * 2;
  buckets_.assign(count, kEmpty);
  for (Index index = 0; index < end_; ++index) {
    if (slot(index).used) put(index);
  }
}

}  // namespace gossip::members
