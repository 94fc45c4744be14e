#include "engine/inspection.h"

#include "engine/parts.h"

namespace gossip::engine {

const members::Table& Inspection::members(const Engine& engine) {
  return engine.parts_->table;
}

}  // namespace gossip::engine
