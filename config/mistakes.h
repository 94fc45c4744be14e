// What is wrong with a configuration, all of it: who mends one mistake should not meet the next at the next start.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/error.h"

namespace gossip::config {

class Mistakes {
 public:
  // Of more than these only the number is kept: a file may be none of ours altogether.
  static constexpr std::size_t kMostTold = 20;

  void add(Error mistake);
  // So many that come after those that are told.
  void add_untold(std::size_t count);
  // The error of `result`, where it is one.
  void add_from(const Expected<void>& result);

  [[nodiscard]] bool empty() const { return count_ == 0; }
  // Whether of further ones only the number will be told, so that nothing need be found out about them.
  [[nodiscard]] bool is_full() const { return told_.size() == kMostTold; }
  [[nodiscard]] std::size_t count() const { return count_; }
  // Whether one that is told is of what came from `origin` (origin_of): what follows from it need not be told, too.
  [[nodiscard]] bool blames(std::string_view origin) const;
  // By where they are to be mended: in the order of `files`, and in each of its lines; what stands in none of them
  // keeps its order, variables and flags, which win over files, last.
  void sort(std::span<const std::string> files);
  // In the order in which they were found, or sorted since; at most kMostTold.
  [[nodiscard]] std::span<const Error> told() const { return told_; }
  // A line each, the last of which says how many more there are.
  [[nodiscard]] std::vector<std::string> lines() const;
  // At least one as one error: the lines with `separator` between them, under the code of the first.
  [[nodiscard]] Error joined(std::string_view separator) const;

 private:
  std::vector<Error> told_;
  std::size_t count_ = 0;
};

}  // namespace gossip::config
