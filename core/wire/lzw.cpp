#include "wire/lzw.h"

#include <algorithm>
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
  // For `plain_bytes` of input: no more codes than that are ever in use.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): so many slots as are needed are cleared
  Encoder(std::size_t plain_bytes, Bytes& out)
      : out_(out), slot_bits_(plain_bytes <= kShortInput ? kShortSlotBits : kSlotBits) {
    clear_slots();
    emit(kClear);
  }

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
    for (; bit_count_ > 0; bit_count_ -= std::min(bit_count_, 8U)) {
      out_.push_back(static_cast<std::uint8_t>(bits_));
      bits_ >>= 8U;
    }
  }

 private:
  enum class Table : std::uint8_t { Kept, Cleared };

  void emit(std::uint32_t code) {
    bits_ |= std::uint64_t{code} << bit_count_;
    bit_count_ += width_;
    if (bit_count_ < 32) return;
    const std::array<std::uint8_t, 4> word = {
        static_cast<std::uint8_t>(bits_), static_cast<std::uint8_t>(bits_ >> 8U),
        static_cast<std::uint8_t>(bits_ >> 16U), static_cast<std::uint8_t>(bits_ >> 24U)};
    out_.insert(out_.end(), word.begin(), word.end());
    bits_ >>= 32U;
    bit_count_ -= 32;
  }

  void clear_slots() { std::fill_n(slots_.begin(), std::size_t{1} << slot_bits_, 0U); }

  // Takes the next number for a table entry. Code 4095 is never given: the table is cleared before.
  Table count_code() {
    ++highest_;
    if (highest_ == 1U << width_) ++width_;
    if (highest_ < kLastCode) return Table::Kept;
    emit(kClear);
    width_ = kMinWidth;
    highest_ = kEnd;
    clear_slots();
    return Table::Cleared;
  }

  // The slot of the string `key` = (code of its front, last byte), or the free one where it would go.
  std::uint32_t& find(std::uint32_t key) {
    std::uint32_t index = (key * kHashFactor) >> (32U - slot_bits_);
    while (slots_[index] != 0 && slots_[index] >> kMaxWidth != key) {
      index = (index + 1) & ((1U << slot_bits_) - 1);
    }
    return slots_[index];
  }

  // Twice as many slots as codes, so that searches end soon. A slot is key << 12 | code, or 0 when free. A packet
  // has fewer codes, and clearing a large table would be most of the work.
  static constexpr std::uint32_t kSlotBits = kMaxWidth + 1;
  static constexpr std::uint32_t kShortSlotBits = kSlotBits - 1;
  static constexpr std::size_t kShortInput = std::size_t{1} << (kShortSlotBits - 1);
  static constexpr std::uint32_t kSlotCount = 1U << kSlotBits;
  static constexpr std::uint32_t kHashFactor = 0x9e3779b1U;  // 2^32 over the golden ratio

  Bytes& out_;
  std::uint32_t slot_bits_;
  std::uint64_t bits_ = 0;
  std::uint32_t bit_count_ = 0;
  std::uint32_t width_ = kMinWidth;
  std::uint32_t highest_ = kEnd;
  std::array<std::uint32_t, kSlotCount>
      slots_;  // NOLINT(*-member-init): cleared as far as it is used
};

// Every entry of the table is a string that stands in the output already: the one before, and the byte that
// followed it. So the table holds places in the output, and strings are copied from there.
class Decoder {
 public:
  Decoder(ByteView compressed, std::size_t max_bytes, Bytes& out)
      : compressed_(compressed),
        max_bytes_(max_bytes),
        start_(out.size()),
        end_(out.size()),
        out_(out) {
    GOSSIP_CHECK(max_bytes <= std::numeric_limits<std::uint32_t>::max());
  }

  Inflated run() {
    const Inflated result = decode_all();
    out_.resize(end_);
    return result;
  }

 private:
  Inflated decode_all() {
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
      make_room(1);
      out_[end_++] = static_cast<std::uint8_t>(code);
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
  [[nodiscard]] std::size_t produced() const { return end_ - start_; }
  [[nodiscard]] bool fits(std::size_t length) const { return length <= max_bytes_ - produced(); }

  // The last byte may be the first one of the copy itself.
  void copy(const Place& source) {
    make_room(source.length);
    const std::size_t from = start_ + source.offset;
    std::memcpy(&out_[end_], &out_[from], source.length - 1);
    out_[end_ + source.length - 1] = out_[from + source.length - 1];
    end_ += source.length;
  }

  // The buffer is ahead of what is produced by at most as much again: growing it string by string takes longer
  // than the strings.
  void make_room(std::size_t length) {
    if (end_ + length <= out_.size()) return;
    out_.resize(
        std::max(end_ + length, end_ + std::min(produced() + kFirstRoom, max_bytes_ - produced())));
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
  static constexpr std::size_t kFirstRoom = 512;

  std::size_t start_;
  std::size_t end_;  // of what is produced; the rest of the buffer is room
  Bytes& out_;
  std::array<Place, kCodeCount> places_;  // set from 258 to below highest_
};

}  // namespace

void lzw_compress(ByteView plain, Bytes& out) {
  Encoder encoder(plain.size(), out);
  if (!plain.empty()) encoder.encode(plain);
  encoder.finish();
}

Inflated lzw_decompress(ByteView compressed, std::size_t max_bytes, Bytes& out) {
  return Decoder(compressed, max_bytes, out).run();
}

}  // namespace gossip::wire
