// Finds where MessagePack objects end in a stream of bytes that arrives cut anywhere. It looks at types and
// lengths only, keeps no more than one object's limit, and never goes over a byte twice.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "gossip/bytes.h"

#include "rpc/protocol.h"

namespace gossip::rpc {

class Reader {
 public:
  enum class Status : std::uint8_t {
    Complete,  // `object` holds one
    More,      // not yet: feed bytes
    TooLarge,  // it is, or says it will be, longer than the limit
    TooDeep,   // nested beyond kMaxNesting
    Broken,    // a byte that begins no object (0xc1)
  };
  struct Result {
    Status status = Status::More;
    ByteView object;  // valid until the next call of any member function
  };

  void feed(ByteView bytes);
  // The next object, of at most `max_bytes`. After an error the stream has no next object.
  [[nodiscard]] Result next(std::size_t max_bytes);
  // Fed and not handed out yet.
  [[nodiscard]] std::size_t buffered_bytes() const { return buffer_.size() - begin_; }

 private:
  struct Head {
    std::size_t head_bytes = 1;     // the type byte and its length field
    std::size_t payload_bytes = 0;  // of a scalar
    std::uint64_t child_count = 0;  // of a container
    bool container = false;
  };

  Status step(std::size_t max_bytes);
  [[nodiscard]] Status read_head(Head& head) const;

  Bytes buffer_;
  std::size_t begin_ = 0;                          // of the object that is being looked for
  std::size_t scanned_ = 0;                        // how much of it is understood
  std::array<std::uint64_t, kMaxNesting> open_{};  // objects that each open container still needs
  std::size_t depth_ = 0;
};

}  // namespace gossip::rpc
