// Where the members of a cluster are, by the network coordinates that an agent knows, and how long a round trip
// between them is likely to take.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "gossip/coordinate.h"
#include "gossip/error.h"
#include "gossip/member.h"
#include "gossip/time.h"

#include "cli/connection.h"

namespace gossip::cli {

// By name; who is not in it has no coordinate.
using Places = std::map<std::string, Coordinate, std::less<>>;

// Of one that must have it. NotFound: no member is called so; Refused: the agent has no coordinate of it.
Expected<Coordinate> find_place(const std::string& name, Connection& agent);

Expected<Places> find_places(std::span<const Member> members, Connection& agent);

// The agent's own name.
Expected<std::string> own_name(Connection& agent);

// 0 of a member with itself; nothing if one of them has no coordinate.
[[nodiscard]] std::optional<Duration> round_trip(const std::string& a, const std::string& b,
                                                 const Places& places);

// "0.619": milliseconds with three decimals.
[[nodiscard]] std::string format_milliseconds(Duration duration);

}  // namespace gossip::cli
