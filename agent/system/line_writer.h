// Lines to a terminal, pipe, file or socket that somebody else may read slowly or not at all: a line that
// cannot be written at once is lost and counted, and the agent goes on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gossip::agent {

// With its newline it fits into one write that a pipe takes whole.
inline constexpr std::size_t kMaxLineBytes = 4095;

class LineWriter {
 public:
  // `descriptor` stays the caller's.
  explicit LineWriter(int descriptor) : descriptor_(descriptor) {}

  // Adds the newline; cuts at kMaxLineBytes. After lost lines the next one that can be written is
  // preceded by one that tells how many.
  void write(std::string_view line);

  [[nodiscard]] std::uint64_t lost() const { return lost_in_all_; }

 private:
  [[nodiscard]] bool flush_rest();
  [[nodiscard]] bool try_write(std::string_view line);

  int descriptor_;
  std::string rest_;  // of a line that a socket took in part
  std::uint64_t lost_ = 0;
  std::uint64_t lost_in_all_ = 0;
};

}  // namespace gossip::agent
