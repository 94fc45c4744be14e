// A Node with short periods on an address of this test run.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "gossip/node.h"

#include "e2e/network.h"

namespace gossip::e2e {

inline Config quick_config(std::string name, int host) {
  Config config;
  config.node_name = std::move(name);
  config.bind_addr = own_ip(host) + ":0";
  config.timing = Timing::local();
  config.timing.probe_interval = std::chrono::milliseconds(200);
  config.timing.probe_timeout = std::chrono::milliseconds(100);
  config.timing.gossip_interval = std::chrono::milliseconds(20);
  config.timing.leave_propagate_delay = std::chrono::milliseconds(100);
  return config;
}

inline Node make_node(Config config, MembershipHandler* handler = nullptr) {
  Expected<Node> node = Node::create(std::move(config), handler);
  REQUIRE(node);
  return std::move(*node);
}

inline std::string place(const Node& node) {
  return node.local_member().address.to_string();
}

inline Member find(const Node& node, const std::string& name) {
  for (Member& member : node.members()) {
    if (member.name == name) return member;
  }
  return {};
}

inline void must(const Expected<void>& result) {
  INFO((result ? std::string() : result.error().message));
  REQUIRE(result.has_value());
}

}  // namespace gossip::e2e
