// What is wrong with a cluster as one agent sees it, judged from facts that others have gathered: one finding, one remedy.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/member.h"

#include "cli/links.h"
#include "cli/recent_log.h"
#include "metrics/family.h"
#include "rpc/protocol.h"

namespace gossip::cli {

using Names = std::set<std::string, std::less<>>;

struct Facts {
  std::string self;
  std::vector<Member> members;
  // Who answered a question of ours: straight, and, of those who did not, by way of others. Nothing if the agent
  // refused to ask.
  std::optional<Names> acks;
  Names relayed_acks;
  std::string query_error;                         // why it refused one of both questions
  std::map<std::string, Link, std::less<>> links;  // to living members, by name
  RecentLog log;
  std::vector<metrics::Family> families;  // none from a Serf agent
  double messages_shed = 0;               // while the agent was examined
  std::vector<rpc::SeedStatus> seeds;     // likewise
  std::optional<rpc::KeyResponse> keys;   // nothing without encryption
  std::string keys_error;                 // what is wrong with this list
};

struct Finding {
  // "failed", "self", "snapshot", "query", "udp", "one-way", "tcp", "mtu", "suspicion", "input", "keys" or
  // "seeds"
  std::string_view kind;
  std::string member;  // whom it is about, "" for nobody alone
  std::string what;
  std::string remedy;  // a sentence of its own, without its full stop
};

// The value of a family's first sample, 0 if there is none.
[[nodiscard]] double figure(std::span<const metrics::Family> families, std::string_view name);

// The graver kinds first, members in their order. Texts are as the cluster has them: escape them.
[[nodiscard]] std::vector<Finding> find_trouble(const Facts& facts);

}  // namespace gossip::cli
