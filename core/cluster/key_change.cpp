#include "cluster/key_change.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "wire/cluster_codec.h"

namespace gossip::cluster {
namespace {

constexpr auto kKeyResponse = static_cast<std::uint8_t>(wire::ClusterType::KeyResponse);

void count(std::map<std::string, std::uint32_t>& keys, std::string_view key) {
  if (keys.size() < KeyTally::kMaxKeys || keys.contains(std::string(key))) ++keys[std::string(key)];
}

}  // namespace

std::string_view query_name(KeyAction action) {
  switch (action) {
    case KeyAction::List: return "_serf_list-keys";
    case KeyAction::Install: return "_serf_install-key";
    case KeyAction::Use: return "_serf_use-key";
    case KeyAction::Remove: return "_serf_remove-key";
  }
  return {};
}

void KeyTally::receive(const QueryReply& reply) {
  if (reply.kind != QueryReplyKind::Response) return;
  ++result_.response_count;
  const ByteView payload = reply.payload;
  if (payload.empty() || payload.front() != kKeyResponse) {
    return fail(reply.from, "Invalid key query response type: " +
                                (payload.empty() ? "[]" : std::to_string(payload.front())));
  }
  const std::optional<wire::KeyResponse> answer = wire::decode_key_response(payload.subspan(1));
  if (!answer) return fail(reply.from, "Failed to decode key query response");
  if (!answer->result) return fail(reply.from, answer->message);
  if (!answer->message.empty()) result_.messages[reply.from] = answer->message;
  for (const std::string_view key : answer->keys)
    count(result_.keys, key);
  if (!answer->primary_key.empty()) count(result_.primaries, answer->primary_key);
}

void KeyTally::fail(std::string_view from, std::string_view message) {
  ++result_.error_count;
  result_.messages[std::string(from)] = message;
}

KeyResult KeyTally::finish(const QueryDone& done) && {
  // Who answered though we did not count on it is one more member that was there.
  const std::uint32_t unexpected =
      result_.response_count - std::min(result_.response_count, done.answered);
  result_.node_count = done.asked + unexpected;
  result_.silent = done.silent;
  return std::move(result_);
}

}  // namespace gossip::cluster
