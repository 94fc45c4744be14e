// The word that was probably meant.
#pragma once

#include <span>
#include <string_view>

namespace gossip::base {

// The candidate that the fewest changed, added, dropped or swapped letters turn `word` into; "" when none is near.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       std::span<const std::string_view> candidates);

}  // namespace gossip::base
