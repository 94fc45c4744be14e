// Commands of the Serf layer: keys, coordinates.
#include "engine/parts.h"

namespace gossip {

namespace {

constexpr const char* kNotYet = "not supported by this version of gossipd";

}  // namespace

Expected<OpId> Engine::change_keys(TimePoint /*now*/, const KeyCommand& /*command*/,
                                   Effects& /*out*/) {
  return fail(ErrorCode::WrongState, kNotYet);
}

std::optional<Coordinate> Engine::coordinate(std::string_view /*name*/) const {
  return std::nullopt;
}

}  // namespace gossip
