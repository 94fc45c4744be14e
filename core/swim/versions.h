// The six version bytes of the wire and what they allow (gossip-wire §5.1).
#pragma once

#include <optional>
#include <span>

#include "gossip/bytes.h"
#include "gossip/error.h"
#include "gossip/member.h"

#include "members/table.h"
#include "wire/swim_messages.h"

namespace gossip::swim {

// What a peer's protocol_max unlocks.
inline constexpr std::uint8_t kFirstProtocolWithStreamPing = 3;
inline constexpr std::uint8_t kFirstProtocolWithNack = 4;

// What a node without versions counts as.
inline constexpr Versions kNoVersions{0, 0, 0, 0, 0, 0};

// Fewer than six bytes are none at all, more are cut.
[[nodiscard]] std::optional<Versions> parse_versions(ByteView bytes);
// Valid as long as `versions`.
[[nodiscard]] ByteView bytes_of(const Versions& versions);
// Whether a claim with these bytes may be heard: the first three, where they are, make a range.
[[nodiscard]] bool make_sense(ByteView versions);

// Whether each speaks what the other understands.
[[nodiscard]] bool fit_together(const Versions& a, const Versions& b);

// Whether a push/pull may be merged: if any living node of `rows` understands us and we it, or none lives. Those that do
// not are left out one by one; the error is about the first of them.
[[nodiscard]] Expected<void> check_any_fits(std::span<const wire::NodeState> rows,
                                            const members::Record& us);
// Serf's way: if every node of `rows` and of the table speaks what all living ones understand.
[[nodiscard]] Expected<void> check_compatible(std::span<const wire::NodeState> rows,
                                              const members::Table& table);

}  // namespace gossip::swim
