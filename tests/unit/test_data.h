// The files of tests/data: what the real Serf said and wrote.
#pragma once

#include <string>
#include <string_view>

namespace gossip {

// "vectors/lzw.json" → its whole path.
[[nodiscard]] std::string test_data(std::string_view path);

}  // namespace gossip
