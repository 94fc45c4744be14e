#include "members/table.h"

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
    const Slot& slot = slots_[index];
    if (slot.hash == hash && slot.record.name.view() == name) return index;
  }
}

std::optional<Index> Table::insert(std::string_view name) {
  if (size_ >= max_members_) return std::nullopt;
  if ((size_ + 1) * 2 > buckets_.size()) grow();
  Index index = 0;
  if (free_.empty()) {
    index = static_cast<Index>(slots_.size());
    slots_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  Slot& slot = slots_[index];
  slot.record.name = intern(name);
  slot.hash = hash_of(name);
  slot.used = true;
  put(index);
  ++size_;
  return index;
}

void Table::erase(Index index) {
  GOSSIP_CHECK(holds(index));
  // What stands behind the gap moves up, unless it would then stand before its home.
  std::size_t gap = bucket_of(index);
  for (std::size_t at = (gap + 1) & mask(); buckets_[at] != kEmpty; at = (at + 1) & mask()) {
    const std::size_t wanted = slots_[buckets_[at]].hash & mask();
    if (((at - wanted) & mask()) < ((at - gap) & mask())) continue;
    buckets_[gap] = buckets_[at];
    gap = at;
  }
  buckets_[gap] = kEmpty;
  slots_[index] = Slot{};
  free_.push_back(index);
  --size_;
}

std::size_t Table::size() const {
  return size_;
}

Index Table::end_index() const {
  return static_cast<Index>(slots_.size());
}

std::uint32_t Table::hash_of(std::string_view name) const {
  return static_cast<std::uint32_t>(base::sip_hash(hash_seed_, name));
}

std::size_t Table::bucket_of(Index index) const {
  std::size_t at = slots_[index].hash & mask();
  while (buckets_[at] != index)
    at = (at + 1) & mask();
  return at;
}

void Table::put(Index index) {
  std::size_t at = slots_[index].hash & mask();
  while (buckets_[at] != kEmpty)
    at = (at + 1) & mask();
  buckets_[at] = index;
}

void Table::grow() {
  std::size_t count = buckets_.empty() ? kFirstBuckets : buckets_.size() * 2;
  buckets_.assign(count, kEmpty);
  for (Index index = 0; index < slots_.size(); ++index) {
    if (slots_[index].used) put(index);
  }
}

}  // namespace gossip::members
