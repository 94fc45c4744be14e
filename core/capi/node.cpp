#include "capi/node.h"

#include <deque>
#include <memory>

#include "capi/config.h"
#include "capi/failure.h"
#include "capi/views.h"

using gossip::capi::failed;
using gossip::capi::guarded;
using gossip::capi::result_of;

struct gossip_members {
  explicit gossip_members(std::vector<gossip::Member> copies) : members(std::move(copies)) {
    for (const gossip::Member& member : members)
      views.emplace_back(member);
  }

  std::vector<gossip::Member> members;
  std::deque<gossip::capi::MemberView> views;
};

gossip_code gossip_node_create(const gossip_config* config, const gossip_handler* handler,
                               gossip_node** node) {
  return guarded([&] {
    auto made = std::make_unique<gossip_node>(handler);
    auto created = gossip::Node::create(config->value, &made->calls);
    if (!created) return failed(created.error());
    made->node.emplace(std::move(*created));
    *node = made.release();
    return GOSSIP_OK;
  });
}

void gossip_node_free(gossip_node* node) {
  delete node;
}

gossip_code gossip_node_start(gossip_node* node) {
  return guarded([&] { return result_of(node->node->start()); });
}

gossip_code gossip_node_start_on(gossip_node* node, struct uv_loop_s* loop) {
  return guarded([&] { return result_of(node->node->start_on(loop)); });
}

gossip_code gossip_node_join(gossip_node* node, const gossip_bytes* addresses, size_t count,
                             size_t* joined) {
  return guarded([&] {
    const auto result = node->node->join(gossip::capi::texts_of(addresses, count));
    if (joined != nullptr) *joined = result ? result->joined : 0;
    return result_of(result);
  });
}

gossip_code gossip_node_leave(gossip_node* node) {
  return guarded([&] { return result_of(node->node->leave()); });
}

gossip_code gossip_node_members(const gossip_node* node, gossip_members** members) {
  return guarded([&] {
    *members = std::make_unique<gossip_members>(node->node->members()).release();
    return GOSSIP_OK;
  });
}

gossip_code gossip_node_local_member(const gossip_node* node, gossip_members** member) {
  return guarded([&] {
    std::vector<gossip::Member> alone;
    alone.push_back(node->node->local_member());
    *member = std::make_unique<gossip_members>(std::move(alone)).release();
    return GOSSIP_OK;
  });
}

size_t gossip_members_count(const gossip_members* members) {
  return members->views.size();
}

const gossip_member* gossip_members_at(const gossip_members* members, size_t index) {
  return index < members->views.size() ? members->views[index].get() : nullptr;
}

void gossip_members_free(gossip_members* members) {
  delete members;
}

gossip_code gossip_node_set_tags(gossip_node* node, const gossip_tag* tags, size_t count) {
  return guarded(
      [&] { return result_of(node->node->set_tags(gossip::capi::tags_of(tags, count))); });
}

gossip_code gossip_node_round_trip(const gossip_node* node, gossip_bytes name, double* seconds) {
  return guarded([&] {
    const std::string other = gossip::capi::text_of(name);
    const auto here = node->node->coordinate(node->node->local_member().name);
    const auto there = node->node->coordinate(other);
    if (!here || !there)
      return failed({gossip::ErrorCode::NotFound, "no coordinate of " + other + " is known"});
    *seconds = std::chrono::duration<double>(gossip::estimated_round_trip(*here, *there)).count();
    return GOSSIP_OK;
  });
}
