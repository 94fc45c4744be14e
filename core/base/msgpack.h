// MessagePack as Go's codec speaks it (gossip-wire §1, rpc §2.2): a bounds-checked cursor to read it, and a
// writer with the two flavours of strings. Neither allocates for a length that was only announced, and
// neither recurses; what a map means is left to the codecs.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include "gossip/bytes.h"

namespace gossip::base::msgpack {

// The byte that is nil.
inline constexpr std::uint8_t kNil = 0xc0;

// What a reader puts up with before it calls the input bad.
struct Limits {
  std::size_t max_raw_bytes =
      std::size_t{20} * 1024 * 1024;  // announced length of one string or ext
  // Objects that all skip() calls of one reader step over, so that a prefix parsed again costs little.
  std::size_t max_skipped_objects = std::numeric_limits<std::size_t>::max();
};

inline constexpr std::size_t kMaxSkippedDepth =
    16;  // containers within containers under one skip()

// Reads objects one after the other. The first one that cannot be read ends it: `status` says why, every
// later call does nothing, and the values asked for keep their zero. Views it gives point into `input`.
class Reader {
 public:
  // More: the input ends inside an object and everything up to there was sound.
  enum class Status : std::uint8_t { Good, More, Bad };

  explicit Reader(ByteView input, Limits limits = {}) : input_(input), limits_(limits) {}

  [[nodiscard]] Status status() const { return status_; }
  [[nodiscard]] bool good() const { return status_ == Status::Good; }
  // Bytes read so far; while good, behind the last complete object or container head.
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] ByteView rest() const { return input_.subspan(offset_); }

  // One value each. Nil gives zero or nothing; any integer form does if its value fits; a bool may be 0
  // or 1, a double any number; text and bytes may be old raw, str or bin. Bad on another kind.
  template <std::integral T>
  requires(!std::same_as<T, bool>) void read(T& value) {
    if constexpr (std::unsigned_integral<T>) {
      value = static_cast<T>(read_unsigned(std::numeric_limits<T>::max()));
    } else {
      value =
          static_cast<T>(read_signed(std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
    }
  }
  void read(bool& value);
  void read(double& value);
  void read(std::string_view& text);
  void read(ByteView& bytes);

  // The head of a map or list: entries that follow, 0 for nil. As announced: loop while good(), reserve nothing.
  [[nodiscard]] std::size_t read_map();
  [[nodiscard]] std::size_t read_list();

  // Steps over a nil if one is next; false, and nothing read, if not.
  [[nodiscard]] bool take_nil();
  // Steps over one object of any kind, ext included.
  void skip();
  // For the caller's own reasons, such as a value out of its range.
  void fail() { stop(Status::Bad); }

 private:
  enum class Kind : std::uint8_t { Nil, Bool, Unsigned, Negative, Double, Raw, List, Map, Ext };
  // The first bytes of an object. `number`: the value's bits, a length in bytes, or a count of entries.
  struct Head {
    Kind kind = Kind::Nil;
    std::uint64_t number = 0;
  };

  [[nodiscard]] Head next();
  [[nodiscard]] Head next_number(std::uint8_t tag);
  [[nodiscard]] Head next_sized(std::uint8_t tag);
  [[nodiscard]] std::uint64_t take_big_endian(std::size_t width);
  [[nodiscard]] ByteView take_bytes(std::uint64_t count);
  [[nodiscard]] std::uint64_t read_unsigned(std::uint64_t max);
  [[nodiscard]] std::int64_t read_signed(std::int64_t min, std::int64_t max);
  [[nodiscard]] std::size_t read_container(Kind kind);
  [[nodiscard]] std::uint64_t skip_scalar_or_head();
  void stop(Status status);

  ByteView input_;
  Limits limits_;
  std::size_t offset_ = 0;
  std::size_t skipped_ = 0;
  Status status_ = Status::Good;
};

// How strings go out: the pre-2013 raw family for both kinds, which gossip needs, or str8 and bin.
enum class Flavour : std::uint8_t { Gossip, Rpc };

// Appends objects to `out`, integers in their shortest unsigned form where not negative, as go-msgpack 0.5.5.
class Writer {
 public:
  Writer(Bytes& out, Flavour flavour) : out_(&out), flavour_(flavour) {}

  template <std::integral T>
  void write(T value) {
    if constexpr (std::same_as<T, bool>) {
      write_bool(value);
    } else if constexpr (std::unsigned_integral<T>) {
      write_unsigned(value);
    } else {
      write_signed(value);
    }
  }
  void write(double value);
  void write(std::string_view text);
  void write(ByteView bytes);
  void write_nil();
  void write_bytes_or_nil(ByteView bytes);  // nil if empty

  // The head of a container; its entries are to follow.
  void write_map(std::size_t count);
  void write_list(std::size_t count);

  // An entry of a map.
  template <typename T>
  void field(std::string_view key, const T& value) {
    write(key);
    write(value);
  }

 private:
  void write_bool(bool value);
  void write_unsigned(std::uint64_t value);
  void write_signed(std::int64_t value);
  void put(std::uint8_t tag, std::uint64_t number, std::size_t width);
  void put_count(std::uint8_t fix_tag, std::uint8_t tag16, std::size_t count);
  void put_bytes(ByteView bytes);

  Bytes* out_;
  Flavour flavour_;
};

}  // namespace gossip::base::msgpack
