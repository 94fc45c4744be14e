// All members that this agent knows, by name and by index. Iteration is in index order, so that equal
// inputs give equal walks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/text_pool.h"
#include "members/record.h"

namespace gossip::members {

class Table {
 public:
  // At most `max_members` records; `hash_seed` keeps strangers from choosing names that collide.
  Table(base::TextPool& texts, std::uint32_t max_members, std::uint64_t hash_seed);

  [[nodiscard]] std::optional<Index> find(std::string_view name) const;
  // Of a record that is there. The reference holds as long as the record.
  [[nodiscard]] Record& at(Index index) {
    GOSSIP_CHECK(holds(index));
    return slot(index).record;
  }
  [[nodiscard]] const Record& at(Index index) const {
    GOSSIP_CHECK(holds(index));
    return slot(index).record;
  }
  // Nothing when the table is full. The name is not in the table yet.
  [[nodiscard]] std::optional<Index> insert(std::string_view name);
  // For so many records, in all: they stand together then, and not among what else a burst allocates.
  void make_room(std::size_t records);
  // Neither half needs it any more.
  void erase(Index index);

  [[nodiscard]] std::size_t size() const;
  // Every index below it is a record or free.
  [[nodiscard]] Index end_index() const { return end_; }
  [[nodiscard]] bool holds(Index index) const { return index < end_ && slot(index).used; }

  [[nodiscard]] base::Text intern(std::string_view text) { return texts_->intern(text); }

 private:
  struct Slot {
    Record record;
    std::uint32_t hash = 0;  // of the name: others' texts need not be looked at
    bool used = false;
  };
  // Blocks of six kilobytes: the table grows without a copy, and what lives long does not lie among what comes and goes.
  static constexpr Index kBlockSlots = 64;
  using Block = std::array<Slot, kBlockSlots>;
  static constexpr Index kEmpty = 0xFFFFFFFF;  // a bucket without a record

  [[nodiscard]] Slot& slot(Index index) {
    return (*blocks_[index / kBlockSlots])[index % kBlockSlots];
  }
  [[nodiscard]] const Slot& slot(Index index) const {
    return (*blocks_[index / kBlockSlots])[index % kBlockSlots];
  }
  [[nodiscard]] std::uint32_t hash_of(std::string_view name) const;
  [[nodiscard]] std::size_t mask() const { return buckets_.size() - 1; }
  [[nodiscard]] std::size_t bucket_of(Index index) const;
  void put(Index index);
  void grow();

  base::TextPool* texts_;
  std::uint32_t max_members_;
  std::uint64_t hash_seed_;
  std::vector<std::unique_ptr<Block>> blocks_;
  Index end_ = 0;
  std::vector<Index> free_;
  std::vector<Index> buckets_;  // linear probing over the slots; a power of two, at most half full
  std::size_t size_ = 0;
};

}  // namespace gossip::members
