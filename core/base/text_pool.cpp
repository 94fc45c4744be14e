#include "base/text_pool.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <unordered_set>
#include <utility>

#include "base/check.h"
#include "base/sip_hash.h"

namespace gossip::base {

// The characters follow the entry in the same allocation.
struct Text::Entry {
  TextPool::Index* index;
  std::uint32_t reference_count;
  std::uint32_t length;

  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(this + 1), length};
  }
};

// The set of entries, searched by their text.
struct TextPool::Index {
  using Entry = Text::Entry;

  struct Hash {
    using is_transparent = void;
    std::uint64_t seed = 0;
    std::size_t operator()(std::string_view text) const {
      return static_cast<std::size_t>(sip_hash(seed, text));
    }
    std::size_t operator()(const Entry* entry) const { return (*this)(entry->view()); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Entry* a, const Entry* b) const { return a == b; }
    bool operator()(const Entry* a, std::string_view b) const { return a->view() == b; }
    bool operator()(std::string_view a, const Entry* b) const { return a == b->view(); }
  };

  explicit Index(std::uint64_t hash_seed) : entries(0, Hash{hash_seed}) {}

  std::unordered_set<Entry*, Hash, Equal> entries;

  Entry* add(std::string_view text) {
    GOSSIP_CHECK(text.size() <= std::numeric_limits<std::uint32_t>::max());
    void* memory = ::operator new(sizeof(Entry) + text.size());
    auto* entry = new (memory) Entry{this, 0, static_cast<std::uint32_t>(text.size())};
    std::memcpy(entry + 1, text.data(), text.size());
    entries.insert(entry);
    return entry;
  }

  void remove(Entry* entry) {
    entries.erase(entry);
    ::operator delete(entry);
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

std::string_view Text::view() const {
  return entry_ == nullptr ? std::string_view{} : entry_->view();
}

TextPool::TextPool(std::uint64_t hash_seed) : index_(std::make_unique<Index>(hash_seed)) {}

TextPool::~TextPool() {
  GOSSIP_CHECK(index_->entries.empty());
}

Text TextPool::intern(std::string_view text) {
  if (text.empty()) return {};
  const auto known = index_->entries.find(text);
  return Text(known != index_->entries.end() ? *known : index_->add(text));
}

std::size_t TextPool::size() const {
  return index_->entries.size();
}

}  // namespace gossip::base
