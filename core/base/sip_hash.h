// SipHash-1-3 (Aumasson, Bernstein: SipHash, a fast short-input PRF), for tables of texts that strangers choose:
// without the seed nobody can choose texts that fall into one bucket.
#pragma once

#include <cstdint>
#include <string_view>

namespace gossip::base {

[[nodiscard]] std::uint64_t sip_hash(std::uint64_t seed, std::string_view text);

}  // namespace gossip::base
