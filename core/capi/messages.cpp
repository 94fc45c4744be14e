// Events, queries and keys: what a C program sends, and what comes back.
#include <algorithm>
#include <cstring>

#include "capi/failure.h"
#include "capi/node.h"
#include "capi/views.h"

using gossip::capi::guarded;
using gossip::capi::result_of;

namespace gossip::capi {
namespace {

static_assert(static_cast<int>(KeyAction::List) == GOSSIP_KEYS_LIST);
static_assert(static_cast<int>(KeyAction::Remove) == GOSSIP_KEYS_REMOVE);

QueryParams params_of(const gossip_query_params& given) {
  QueryParams params;
  params.name = text_of(given.name);
  const ByteView payload = bytes_of(given.payload);
  params.payload.assign(payload.begin(), payload.end());
  params.nodes = texts_of(given.nodes, given.node_count);
  params.tags = tags_of(given.tags, given.tag_count);
  params.acks = given.want_acks != 0 ? Acks::Wanted : Acks::None;
  params.relay_factor = given.relay_factor;
  // Longer than any query lives, and far from the end of 64 bits.
  constexpr std::uint64_t kMost =
      std::chrono::floor<std::chrono::milliseconds>(kLongestPeriod).count();
  params.timeout = std::chrono::milliseconds(std::min(given.timeout_ms, kMost));
  params.wait = given.wait_full_time != 0 ? QueryWait::FullTime : QueryWait::UntilComplete;
  return params;
}

Node::QueryReplied tell(gossip_query_replied replied, void* context) {
  if (replied == nullptr) return nullptr;
  return [replied, context](const QueryReply& reply) {
    const gossip_query_reply seen{.query = reply.query,
                                  .is_ack = reply.kind == QueryReplyKind::Ack ? 1 : 0,
                                  .from = view(reply.from),
                                  .payload = view(reply.payload)};
    replied(context, &seen);
  };
}

Node::QueryOver tell(gossip_query_over over, void* context) {
  return [over, context](const QueryDone& done) {
    if (over == nullptr) return;
    const auto silent = views_of(done.silent);
    const gossip_query_done seen{.query = done.query,
                                 .timed_out = done.end == QueryEnd::TimedOut ? 1 : 0,
                                 .asked = done.asked,
                                 .answered = done.answered,
                                 .declined = done.declined,
                                 .silent = silent.data(),
                                 .silent_count = silent.size()};
    over(context, &seen);
  };
}

std::vector<gossip_key_count> counts_of(const KeyResult& result) {
  std::vector<gossip_key_count> counts;
  for (const auto& [key, members] : result.keys) {
    const auto primary = result.primaries.find(key);
    counts.push_back({view(key), members, primary == result.primaries.end() ? 0 : primary->second});
  }
  return counts;
}

Node::KeysChanged tell(gossip_keys_changed done, void* context) {
  return [done, context](const KeyResult& result) {
    if (done == nullptr) return;
    const auto messages = views_of(result.messages);
    const auto counts = counts_of(result);
    const auto silent = views_of(result.silent);
    const gossip_key_result seen{.node_count = result.node_count,
                                 .response_count = result.response_count,
                                 .error_count = result.error_count,
                                 .messages = messages.data(),
                                 .message_count = messages.size(),
                                 .keys = counts.data(),
                                 .key_count = counts.size(),
                                 .silent = silent.data(),
                                 .silent_count = silent.size()};
    done(context, &seen);
  };
}

gossip_code ask(gossip_node& node, const gossip_query_params* params, gossip_query_replied replied,
                gossip_query_over done, void* context, std::uint64_t* token) {
  gossip_query_params known{};
  std::memcpy(&known, params, std::min(params->size, sizeof known));
  const auto asked =
      node.node->query(params_of(known), tell(replied, context), tell(done, context));
  if (asked && token != nullptr) *token = *asked;
  return result_of(asked);
}

gossip_code change_keys(gossip_node& node, gossip_key_action action, gossip_bytes key,
                        gossip_keys_changed done, void* context) {
  if (action < GOSSIP_KEYS_LIST || action > GOSSIP_KEYS_REMOVE)
    return failed({ErrorCode::InvalidArgument, "no such key action: " + std::to_string(action)});
  KeyCommand command;
  command.action = static_cast<KeyAction>(action);
  if (command.action != KeyAction::List) {
    const ByteView raw = bytes_of(key);
    command.key.assign(raw.begin(), raw.end());
  }
  return result_of(node.node->change_keys(std::move(command), tell(done, context)));
}

}  // namespace
}  // namespace gossip::capi

gossip_code gossip_node_send_event(gossip_node* node, gossip_bytes name, gossip_bytes payload,
                                   int coalesce) {
  return guarded([&] {
    return result_of(
        node->node->send_event(gossip::capi::text_of(name), gossip::capi::bytes_of(payload),
                               coalesce != 0 ? gossip::Coalesce::Yes : gossip::Coalesce::No));
  });
}

gossip_code gossip_node_query(gossip_node* node, const gossip_query_params* params,
                              gossip_query_replied replied, gossip_query_over done, void* context,
                              uint64_t* token) {
  return guarded([&] { return gossip::capi::ask(*node, params, replied, done, context, token); });
}

gossip_code gossip_node_respond(gossip_node* node, uint64_t query, gossip_bytes payload) {
  return guarded(
      [&] { return result_of(node->node->respond(query, gossip::capi::bytes_of(payload))); });
}

gossip_code gossip_node_decline(gossip_node* node, uint64_t query) {
  return guarded([&] { return result_of(node->node->decline(query)); });
}

gossip_code gossip_node_change_keys(gossip_node* node, gossip_key_action action, gossip_bytes key,
                                    gossip_keys_changed done, void* context) {
  return guarded([&] { return gossip::capi::change_keys(*node, action, key, done, context); });
}
