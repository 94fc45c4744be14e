// What is wrong with a cluster as one agent sees it, judged from facts that others have gathered: one finding, one remedy.
#pragma once

#include <map>
#include <optional>
#include <set>
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
  // Who answered a question of ours: straight, and, of those who did not, by way of others.
  Names acks;
  Names relayed_acks;
  std::map<std::string, Link, std::less<>> links;  // to living members, by name
  RecentLog log;
  std::vector<metrics::Family> families;  // none from a Serf agent
  std::vector<rpc::SeedStatus> seeds;     // likewise
  std::optional<rpc::KeyResponse> keys;   // nothing without encryption
};

struct Finding {
  std::string_view
      kind;  // "failed", "udp", "one-way", "tcp", "mtu", "self", "suspicion", "input", "keys", "seeds", "name"
  std::string member;  // whom it is about, "" for nobody alone
  std::string what;
  std::string remedy;
};

// The graver kinds first, members in their order. Texts are as the cluster has them: escape them.
[[nodiscard]] std::vector<Finding> find_trouble(const Facts& facts);

}  // namespace gossip::cli
