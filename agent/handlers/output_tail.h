// The last bytes of what a script writes; how much there was before them is only counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gossip::agent {

class OutputTail {
 public:
  explicit OutputTail(std::size_t limit) : limit_(limit) {}

  void append(std::string_view bytes);

  // At most the limit; valid until the next append.
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::uint64_t total_bytes() const { return total_; }
  [[nodiscard]] bool is_whole() const { return total_ <= limit_; }

 private:
  std::size_t limit_;
  std::string kept_;  // up to twice the limit, so that appending stays cheap
  std::uint64_t total_ = 0;
};

}  // namespace gossip::agent
