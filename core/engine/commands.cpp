// Commands of the Serf layer: coordinates.
#include "engine/parts.h"

namespace gossip {

std::optional<Coordinate> Engine::coordinate(std::string_view /*name*/) const {
  return std::nullopt;
}

}  // namespace gossip
