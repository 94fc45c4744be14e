// The node behind gossip_node, with the calls that it makes.
#pragma once

#include <optional>

#include "gossip/node.h"

#include "capi/handler.h"

struct gossip_node {
  explicit gossip_node(const gossip_handler* handler) : calls(handler) {}

  gossip::capi::Calls calls;  // outlives `node`, which knows where it is
  std::optional<gossip::Node> node;
};
