// Equal texts (names, encoded tags) stored once per pool and counted. The host hands one pool to all its
// engines, so that many simulated agents share what they all know. One thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace gossip::base {

class TextPool;
struct TextIndex;  // the set of a pool's texts

// A counted reference to a text of a pool, as wide as a pointer. The empty text needs no pool.
class Text {
 public:
  Text() = default;
  Text(const Text& other);
  Text& operator=(const Text& other);
  Text(Text&& other) noexcept;
  Text& operator=(Text&& other) noexcept;
  ~Text();

  // Valid as long as any Text of the same content lives.
  [[nodiscard]] std::string_view view() const {
    return entry_ == nullptr ? std::string_view{} : entry_->view();
  }
  // One pool: equal texts are the same entry.
  friend bool operator==(const Text& a, const Text& b) { return a.entry_ == b.entry_; }

 private:
  friend class TextPool;
  friend struct TextIndex;
  // The characters follow the entry in the same allocation.
  struct Entry {
    TextIndex* index;
    std::uint32_t reference_count;
    std::uint32_t length;

    [[nodiscard]] std::string_view view() const {
      return {reinterpret_cast<const char*>(this + 1), length};
    }
  };
  explicit Text(Entry* entry);
  Entry* entry_ = nullptr;
};

class TextPool {
 public:
  // `hash_seed` keeps strangers from choosing texts that collide; the host draws it, tests need none.
  explicit TextPool(std::uint64_t hash_seed = 0);
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;
  TextPool(TextPool&&) = delete;
  TextPool& operator=(TextPool&&) = delete;
  // Every Text of the pool is gone by then.
  ~TextPool();

  [[nodiscard]] Text intern(std::string_view text);
  [[nodiscard]] std::size_t size() const;  // distinct texts alive

 private:
  std::unique_ptr<TextIndex> index_;
};

}  // namespace gossip::base
