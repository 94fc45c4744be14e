// What a peer says, as it may stand in a line of text: cut, and nothing in it but printable ASCII.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gossip::base {

inline constexpr std::size_t kMaxShownBytes = 128;

// Other bytes as \xNN, a quote or backslash behind a backslash, "..." for what is beyond kMaxShownBytes.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace gossip::base
