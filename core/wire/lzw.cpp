#include "wire/lzw.h"

#include <array>
#include <cstring>
#include <limits>

#include "base/check.h"

namespace gossip::wire {

namespace {

constexpr std::uint32_t kClear = 256;
constexpr std::uint32_t kEnd = 257;
constexpr std::uint32_t kMinWidth = 9;
constexpr std::uint32_t kMaxWidth = 12;
constexpr std::uint32_t kCodeCount = 1U << kMaxWidth;
constexpr std::uint32_t kLastCode = kCodeCount - 1;

class Encoder {
 public:
  explicit Encoder(Bytes& out) : out_(out) { emit(kClear); }

  void encode(ByteView plain) {
    std::uint32_t code = plain.front();
    for (const std::uint8_t byte : plain.subspan(1)) {
      const std::uint32_t key = (code << 8U) | byte;
      std::uint32_t& slot = find(key);
      if (slot != 0) {
        code = slot & kLastCode;
        continue;
      }
      emit(code);
      if (count_code() == Table::Kept) slot = (key << kMaxWidth) | highest_;
      code = byte;
    }
    emit(code);
    (void)count_code();
  }

  void finish() {
    emit(kEnd);
    if (bit_count_ > 0) out_.push_back(static_cast<std::uint8_t>(bits_));
  }

 private:
  enum class Table : std::uint8_t { Kept, Cleared };

  void emit(std::uint32_t code) {
    bits_ |= code << bit_count_;
    bit_count_ += width_;
    while (bit_count_ >= 8) {
      out_.push_back(static_cast<std::uint8_t>(bits_));
      bits_ >>= 8U;
      bit_count_ -= 8;
    }
  }

  // Takes the next number for a table entry. Code 4095 is never given: the table is cleared before.
  Table count_code() {
    ++highest_;
    if (highest_ == 1U << width_) ++width_;
    if (highest_ < kLastCode) return Table::Kept;
    emit(kClear);
    width_ = kMinWidth;
    highest_ = kEnd;
    slots_.fill(0);
    return Table::Cleared;
  }

  // The slot of the string `key` = (code of its front, last byte), or the free one where it would go.
  std::uint32_t& find(std::uint32_t key) {
    std::uint32_t index = (key * kHashFactor) >> (32U - kSlotBits);
    while (slots_[index] != 0 && slots_[index] >> kMaxWidth != key) {
      index = (index + 1) & (kSlotCount - 1);
    }
    return slots_[index];
  }

  // Twice as many slots as codes, so that searches end soon. A slot is key << 12 | code, or 0 when free.
  static constexpr std::uint32_t kSlotBits = kMaxWidth + 1;
  static constexpr std::uint32_t kSlotCount = 1U << kSlotBits;
  static constexpr std::uint32_t kHashFactor = 0x9e3779b1U;  // 2^32 over the golden ratio

  Bytes& out_;
  std::uint32_t bits_ = 0;
  std::uint32_t bit_count_ = 0;
  std::uint32_t width_ = kMinWidth;
  std::uint32_t highest_ = kEnd;
  std::array<std::uint32_t, kSlotCount> slots_{};
};

// Every entry of the table is a string that stands in the output already: the one before, and the byte that
// followed it. So the table holds places in the output, and strings are copied from there.
class Decoder {
 public:
  Decoder(ByteView compressed, std::size_t max_bytes, Bytes& out)
      : compressed_(compressed), max_bytes_(max_bytes), start_(out.size()), out_(out) {
    GOSSIP_CHECK(max_bytes <= std::numeric_limits<std::uint32_t>::max());
  }

  Inflated run() {
    std::uint32_t code = 0;
    while (next(code)) {
      if (code == kEnd) return Inflated::Done;
      if (code == kClear) {
        clear();
        continue;
      }
      const Inflated result = decode(code);
      if (result != Inflated::Done) return result;
    }
    return Inflated::Damaged;
  }

 private:
  // A part of what this decoder has produced.
  struct Place {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;  // 0: none
  };

  bool next(std::uint32_t& code) {
    while (bit_count_ < width_) {
      if (position_ == compressed_.size()) return false;
      bits_ |= static_cast<std::uint32_t>(compressed_[position_++]) << bit_count_;
      bit_count_ += 8;
    }
    code = bits_ & ((1U << width_) - 1);
    bits_ >>= width_;
    bit_count_ -= width_;
    return true;
  }

  void clear() {
    width_ = kMinWidth;
    highest_ = kEnd;
    last_ = {};
    full_ = false;
  }

  Inflated decode(std::uint32_t code) {
    Place string{static_cast<std::uint32_t>(produced()), 1};
    // The string before and one byte more, which for a code that is only being made is its own first byte.
    const Place newest{last_.offset, last_.length + 1};
    if (code < kClear) {
      if (!fits(1)) return Inflated::TooLarge;
      out_.push_back(static_cast<std::uint8_t>(code));
    } else if (is_known(code) || (code == highest_ && last_.length > 0)) {
      const Place source = is_known(code) ? places_[code] : newest;
      if (!fits(source.length)) return Inflated::TooLarge;
      copy(source);
      string.length = source.length;
    } else {
      return Inflated::Damaged;
    }
    if (last_.length > 0) places_[highest_] = newest;
    last_ = string;
    count_code();
    return Inflated::Done;
  }

  // Once the table is full, its last code is known as well: upstream's decoder takes it, though no encoder
  // of this kind ever gives it.
  [[nodiscard]] bool is_known(std::uint32_t code) const { return code < highest_ || full_; }
  [[nodiscard]] std::size_t produced() const { return out_.size() - start_; }
  [[nodiscard]] bool fits(std::size_t length) const { return length <= max_bytes_ - produced(); }

  // The last byte may be the first one of the copy itself.
  void copy(const Place& source) {
    const std::size_t to = out_.size();
    const std::size_t from = start_ + source.offset;
    out_.resize(to + source.length);
    std::memcpy(&out_[to], &out_[from], source.length - 1);
    out_.back() = out_[from + source.length - 1];
  }

  // A full table stays as it is until a clear code comes.
  void count_code() {
    ++highest_;
    if (highest_ < 1U << width_) return;
    if (width_ < kMaxWidth) {
      ++width_;
    } else {
      highest_ = kLastCode;
      last_ = {};
      full_ = true;
    }
  }

  ByteView compressed_;
  std::size_t position_ = 0;
  std::uint32_t bits_ = 0;
  std::uint32_t bit_count_ = 0;
  std::uint32_t width_ = kMinWidth;
  std::uint32_t highest_ = kEnd;  // the number that the next entry gets
  bool full_ = false;
  Place last_;
  std::size_t max_bytes_;
  std::size_t start_;
  Bytes& out_;
  std::array<Place, kCodeCount> places_;  // set from 258 to below highest_
};

}  // namespace

void lzw_compress(ByteView plain, Bytes& out) {
  Encoder encoder(out);
  if (!plain.empty()) encoder.encode(plain);
  encoder.finish();
}

Inflated lzw_decompress(ByteView compressed, std::size_t max_bytes, Bytes& out) {
  return Decoder(compressed, max_bytes, out).run();
}

}  // namespace gossip::wire
