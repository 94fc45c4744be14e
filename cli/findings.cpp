#include "cli/findings.h"

#include <algorithm>
#include <utility>

#include "cli/show_member.h"

namespace gossip::cli {
namespace {

using Findings = std::vector<Finding>;

// A full packet of gossip with its CRC and its UDP and IP headers (docs/wire.md 2.4).
constexpr int kPacketMtuV4 = 1405 + 8 + 20;
constexpr int kPacketMtuV6 = 1405 + 8 + 40;
// One ping may be lost anywhere.
constexpr std::uint32_t kManyPings = 2;

std::string shown(const Member& member) {
  return member.name + " (" + format_address(member) + ")";
}

std::string times(std::uint32_t count) {
  return count == 1 ? "once" : std::to_string(count) + " times";
}

void find_self(const Facts& facts, Findings& out) {
  const double health = figure(facts.families, "gossipd_health_score");
  if (health > 0) {
    out.push_back({"self", facts.self,
                   "this agent's health score is " + std::to_string(static_cast<int>(health)) +
                       ": it hears others badly, and its suspicions are worth less",
                   "look at this host's load and network before you look at theirs"});
  }
  if (facts.messages_shed > 0) {
    out.push_back({"self", facts.self,
                   "messages are given up: a queue is full, or no packet has room for them",
                   "send fewer or smaller events, or raise max_queue_depth"});
  }
}

void find_refusal(const Facts& facts, Findings& out) {
  if (facts.query_error.empty()) return;
  out.push_back({"query", "",
                 "not all members could be asked for a sign of life: " + facts.query_error,
                 "compare query_size_limit and the load of this agent, and ask again"});
}

void find_failed(const Member& member, Findings& out) {
  if (member.status != MemberStatus::Failed) return;
  out.push_back({"failed", member.name, shown(member) + " has failed",
                 "start it, or forget it with 'gossipctl force-leave'"});
}

void find_links(const Member& member, const Facts& facts, Findings& out) {
  const bool straight = !facts.acks || facts.acks->contains(member.name);
  if (!straight && facts.relayed_acks.contains(member.name)) {
    out.push_back({"one-way", member.name,
                   shown(member) + " answers through others only: its UDP does not come here",
                   "let UDP from it to this agent's address and port through"});
  } else if (!straight) {
    out.push_back({"udp", member.name, shown(member) + " is shown as alive and does not answer",
                   "see whether its process or host hangs, or has just gone; if not, let UDP "
                   "through both ways "
                   "between it and the others"});
  }
  const auto link = facts.links.find(member.name);
  if (link == facts.links.end()) return;
  if (!link->second.tcp_error.empty()) {
    out.push_back({"tcp", member.name,
                   "no TCP connection to " + shown(member) + ": " + link->second.tcp_error,
                   "let TCP to its port through; joins and full exchanges need it"});
  }
  const int needed = member.address.ip.shortest().bytes().size() == 4 ? kPacketMtuV4 : kPacketMtuV6;
  if (link->second.mtu && *link->second.mtu < needed) {
    out.push_back({"mtu", member.name,
                   "packets to " + shown(member) + " may have " +
                       std::to_string(*link->second.mtu) + " bytes, gossip needs " +
                       std::to_string(needed),
                   "raise the MTU of the tunnel or interface on the way"});
  }
}

void find_doubts(const Member& member, const Facts& facts, Findings& out) {
  const auto found = facts.log.members.find(member.name);
  if (found == facts.log.members.end()) return;
  const Doubts& doubts = found->second;
  if (doubts.only_stream > 0) {
    out.push_back({"udp", member.name,
                   "probes of " + shown(member) + " were answered over TCP alone " +
                       times(doubts.only_stream) + " lately",
                   "let UDP to its port through"});
  } else if (doubts.suspected > 0) {
    out.push_back(
        {"suspicion", member.name,
         shown(member) + " was suspected " + times(doubts.suspected) + " lately and is alive",
         "look at its host's load, and for lost packets between here and there"});
  } else if (doubts.pings_lost >= kManyPings) {
    out.push_back({"one-way", member.name,
                   shown(member) + " did not answer direct pings " + times(doubts.pings_lost) +
                       " lately, others reached it",
                   "let UDP through both ways between here and there"});
  }
  if (doubts.suspects_us > 0) {
    out.push_back({"one-way", member.name,
                   shown(member) + " suspected this agent " + times(doubts.suspects_us) + " lately",
                   "let UDP from it to this agent's address and port through"});
  }
}

void find_input(const Facts& facts, Findings& out) {
  for (const auto& [line, count] : facts.log.dropped) {
    const bool key = line.find("decrypted") != std::string::npos ||
                     line.find("not encrypted") != std::string::npos;
    const bool label = line.find("label") != std::string::npos;
    out.push_back({"input", "", "input was dropped from " + line,
                   key     ? "give it this cluster's key (gossipctl keys --list), or keep it away"
                   : label ? "compare the setting 'label' of both configurations"
                           : "compare the versions of both"});
  }
}

void find_keys(const Facts& facts, Findings& out) {
  if (!facts.keys_error.empty()) {
    out.push_back({"keys", "", "the list of keys is not whole: " + facts.keys_error,
                   "'gossipctl keys --list' shows who gave which error or no answer"});
  }
  if (!facts.keys) return;
  const rpc::KeyResponse& keys = *facts.keys;
  for (const auto& [key, count] : keys.keys.value_or(std::map<std::string, std::int64_t>{})) {
    if (count >= keys.response_count) continue;
    out.push_back({"keys", "",
                   "a key is on " + std::to_string(count) + " of " +
                       std::to_string(keys.response_count) + " members",
                   "'gossipctl keys --list' shows which; install it everywhere or remove it"});
  }
  for (const std::string& name : keys.silent) {
    if (facts.acks && !facts.acks->contains(name)) continue;  // it answers nothing, which is told
    out.push_back({"keys", name, name + " did not tell which keys it has",
                   "look at its log, and ask again with 'gossipctl keys --list'"});
  }
  if (keys.primaries.size() > 1) {
    out.push_back({"keys", "",
                   std::to_string(keys.primaries.size()) + " keys are primary on some members each",
                   "'gossipctl keys rotate' makes it one"});
  }
}

void find_seeds(const Facts& facts, Findings& out) {
  for (const rpc::SeedStatus& seed : facts.seeds) {
    const bool is_fine = seed.state == "only us" || (seed.state != "missing" && seed.error.empty());
    if (is_fine) continue;
    out.push_back(
        {"seeds", "",
         "the seed " + seed.seed + " is not met" + (seed.error.empty() ? "" : ": " + seed.error),
         "'gossipctl info --seeds' shows what it was tried with"});
  }
}

}  // namespace

double figure(std::span<const metrics::Family> families, std::string_view name) {
  for (const metrics::Family& family : families) {
    if (family.name == name && !family.samples.empty()) return family.samples.front().value;
  }
  return 0;
}

std::vector<Finding> find_trouble(const Facts& facts) {
  Findings found;
  find_self(facts, found);
  find_refusal(facts, found);
  for (const Member& member : facts.members)
    find_failed(member, found);
  for (const Member& member : facts.members) {
    if (member.status != MemberStatus::Alive || member.name == facts.self) continue;
    find_links(member, facts, found);
    find_doubts(member, facts, found);
  }
  find_input(facts, found);
  find_keys(facts, found);
  find_seeds(facts, found);
  return found;
}

}  // namespace gossip::cli
