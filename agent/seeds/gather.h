// From what a seed names to addresses: names resolved, lists read, doubles left out, everything within limits. Blocks,
// so it runs beside the loop (lookups.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gossip/error.h"

#include "agent/seeds/seeds.h"
#include "config/seed_spec.h"

namespace gossip::agent::seeds {

// Names resolved for one list or service; further ones do not count.
inline constexpr std::size_t kMaxNames = 64;
// Of a file or a script's output.
inline constexpr std::size_t kMaxListBytes = std::size_t{64} * 1024;

// The addresses in a list: whitespace between them, "#" begins a comment, names are resolved. `default_port` stands
// for a missing one. Errors: InvalidArgument for what is no address, NotFound if nothing is left.
[[nodiscard]] Expected<SeedAnswer> answer_of_list(std::string_view text,
                                                  std::uint16_t default_port);

// Of an address, name, service or file. Errors: NotFound where nobody can be found any more (no such name, no such
// file), InvalidArgument, TooLarge, Unreachable, System for what may be better next time.
[[nodiscard]] Expected<SeedAnswer> answer_of(const config::SeedSpec& spec,
                                             std::uint16_t default_port);

}  // namespace gossip::agent::seeds
