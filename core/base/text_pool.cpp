#include "base/text_pool.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory_resource>
#include <new>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/sip_hash.h"

namespace gossip::base {

// Searched by their text: linear probing, a power of two places, at most three quarters full.
struct TextIndex {
  using Entry = Text::Entry;

  explicit TextIndex(std::uint64_t hash_seed) : seed(hash_seed) {}

  std::uint64_t seed;
  std::vector<Entry*> places = std::vector<Entry*>(kFirstPlaces);
  std::size_t count = 0;
  // Texts live long: among a burst's short-lived blocks each would keep a page of the heap from being given back.
  std::pmr::unsynchronized_pool_resource memory{
      {.max_blocks_per_chunk = 1024, .largest_required_pool_block = 256}};

  static constexpr std::size_t kFirstPlaces = 16;

  [[nodiscard]] std::size_t home(std::string_view text) const {
    return static_cast<std::size_t>(sip_hash(seed, text)) & mask();
  }
  [[nodiscard]] std::size_t mask() const { return places.size() - 1; }

  // Where `text` stands, or the free place where it would.
  [[nodiscard]] std::size_t find(std::string_view text) const {
    std::size_t at = home(text);
    while (places[at] != nullptr && places[at]->view() != text)
      at = (at + 1) & mask();
    return at;
  }

  Entry* add(std::string_view text, std::size_t at) {
    GOSSIP_CHECK(text.size() <= std::numeric_limits<std::uint32_t>::max());
    if ((count + 1) * 4 > places.size() * 3) {
      grow();
      at = find(text);
    }
    void* room = memory.allocate(sizeof(Entry) + text.size(), alignof(Entry));
    auto* entry = new (room) Entry{this, 0, static_cast<std::uint32_t>(text.size())};
    std::memcpy(entry + 1, text.data(), text.size());
    places[at] = entry;
    ++count;
    return entry;
  }

  // What stands behind the gap moves up, unless it would then stand before its home.
  void remove(Entry* entry) {
    std::size_t gap = find(entry->view());
    for (std::size_t at = (gap + 1) & mask(); places[at] != nullptr; at = (at + 1) & mask()) {
      const std::size_t wanted = home(places[at]->view());
      if (((at - wanted) & mask()) < ((at - gap) & mask())) continue;
      places[gap] = places[at];
      gap = at;
    }
    places[gap] = nullptr;
    --count;
    memory.deallocate(entry, sizeof(Entry) + entry->length, alignof(Entry));
  }

  void grow() {
    const std::vector<Entry*> before =
        std::exchange(places, std::vector<Entry*>(places.size() * 2));
    for (Entry* entry : before) {
      if (entry != nullptr) places[find(entry->view())] = entry;
    }
  }
};

Text::Text(Entry* entry) : entry_(entry) {
  if (entry_ != nullptr) ++entry_->reference_count;
}

Text::Text(const Text& other) : Text(other.entry_) {}

Text& Text::operator=(const Text& other) {
  Text copy(other);
  std::swap(entry_, copy.entry_);
  return *this;
}

Text::Text(Text&& other) noexcept : entry_(std::exchange(other.entry_, nullptr)) {}

Text& Text::operator=(Text&& other) noexcept {
  Text taken(std::move(other));
  std::swap(entry_, taken.entry_);
  return *this;
}

Text::~Text() {
  if (entry_ != nullptr && --entry_->reference_count == 0) entry_->index->remove(entry_);
}

TextPool::TextPool(std::uint64_t hash_seed) : index_(std::make_unique<TextIndex>(hash_seed)) {}

TextPool::~TextPool() {
  GOSSIP_CHECK(index_->count == 0);
}

Text TextPool::intern(std::string_view text) {
  if (text.empty()) return {};
  const std::size_t at = index_->find(text);
  Text::Entry* const known = index_->places[at];
  return Text(known != nullptr ? known : index_->add(text, at));
}

std::size_t TextPool::size() const {
  return index_->count;
}

}  // namespace gossip::base
