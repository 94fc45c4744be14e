// A fuzzer's bytes as the words of a command line: a zero byte ends each, as in /proc/PID/cmdline.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/bytes.h"

namespace gossip::fuzz {

inline std::vector<std::string> words_of(ByteView input) {
  std::vector<std::string> words;
  for (std::string_view rest = as_text(input); !rest.empty();) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    words.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return words;
}

}  // namespace gossip::fuzz
