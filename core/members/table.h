// All members that this agent knows, by name and by index. Iteration is in index order, so that equal
// inputs give equal walks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
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
    return slots_[index].record;
  }
  [[nodiscard]] const Record& at(Index index) const {
    GOSSIP_CHECK(holds(index));
    return slots_[index].record;
  }
  // Nothing when the table is full. The name is not in the table yet.
  [[nodiscard]] std::optional<Index> insert(std::string_view name);
  // Neither half needs it any more.
  void erase(Index index);

  [[nodiscard]] std::size_t size() const;
  // Every index below it is a record or free.
  [[nodiscard]] Index end_index() const;
  [[nodiscard]] bool holds(Index index) const {
    return index < slots_.size() && slots_[index].used;
  }

  [[nodiscard]] base::Text intern(std::string_view text) { return texts_->intern(text); }

 private:
  struct Slot {
    Record record;
    std::uint32_t hash = 0;  // of the name: others' texts need not be looked at
    bool used = false;
  };
  static constexpr Index kEmpty = 0xFFFFFFFF;  // a bucket without a record

  [[nodiscard]] std::uint32_t hash_of(std::string_view name) const;
  [[nodiscard]] std::size_t mask() const { return buckets_.size() - 1; }
  [[nodiscard]] std::size_t bucket_of(Index index) const;
  void put(Index index);
  void grow();

  base::TextPool* texts_;
  std::uint32_t max_members_;
  std::uint64_t hash_seed_;
  std::deque<Slot> slots_;  // grows without a copy, and without room for as many again
  std::vector<Index> free_;
  std::vector<Index> buckets_;  // linear probing over slots_; a power of two, at most half full
  std::size_t size_ = 0;
};

}  // namespace gossip::members
